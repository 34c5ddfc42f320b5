import type { DeskControl } from '../composables/deskControl.ts';
import type { ReplayControl } from '../composables/useReplayControl.ts';
import { bindings } from './bindings.ts';
import type { ActionId, KeyGroup } from './bindings.ts';

/** What keys need besides desk control. */
export interface KeyContext {
  control: DeskControl;
  replay: ReplayControl;
  toggleLanguage(): void;
  nextLight(): void;
  toggleDialog(dialog: 'help' | 'diagnostics' | 'numbers' | 'alarms'): void;
  dialogOpen(): boolean;
  closeDialog(): boolean;
  toggleFullScreen(): void;
  toggleTracks(): void;
  toggleReach(): void;
  /** The first one that nobody has seen to. */
  acknowledgeAlarm(): void;
  muteAlarms(): void;
  /** The leader of the town who takes the chair at a key; null where the town names none. */
  firstChair(): string | null;
}

const runs: Record<ActionId, (context: KeyContext) => void> = {
  next: ({ control }) => control.move(1),
  previous: ({ control }) => control.move(-1),
  openFirst: ({ control }) => control.openFirst(),
  dispatch1: ({ control }) => void control.dispatchCandidate(0),
  dispatch2: ({ control }) => void control.dispatchCandidate(1),
  dispatch3: ({ control }) => void control.dispatchCandidate(2),
  joint: ({ control }) => void control.decisions.dispatchJoint(),
  accept: ({ control }) => void control.accept(),
  tier: ({ control }) => void control.nextTier(),
  chair: ({ control, firstChair }) => void control.decisions.chair(control.incident.value?.chair ? null : firstChair()),
  answer: ({ control }) => void control.decisions.answerAll(),
  recall: ({ control }) => void control.recallLast(),
  close: ({ control }) => void control.askClose(),
  call: ({ control }) => control.call('audio'),
  video: ({ control }) => control.call('video'),
  hangUp: ({ control }) => control.hangUp(),
  mute: ({ control }) => control.toggleMute(),
  camera: ({ control }) => void control.toggleCamera(),
  unit: ({ control }) => control.toggleUnit(),
  nextUnit: ({ control }) => control.moveUnit(1),
  previousUnit: ({ control }) => control.moveUnit(-1),
  track: ({ control }) => void control.toggleTrack(),
  tracks: (context) => context.toggleTracks(),
  reach: (context) => context.toggleReach(),
  home: ({ control }) => control.goHome(),
  fullScreen: (context) => context.toggleFullScreen(),
  light: (context) => context.nextLight(),
  language: (context) => context.toggleLanguage(),
  escape: (context) => void (context.closeDialog() || context.control.back()),
  timeline: ({ replay }) => replay.toggleTimeline(),
  playPause: ({ replay }) => replay.toggle(),
  slower: ({ replay }) => replay.slower(),
  faster: ({ replay }) => replay.faster(),
  bookmark: ({ replay }) => replay.note(),
  clip: ({ replay }) => replay.cutClip(),
  liveNow: ({ replay }) => replay.live(),
  mode: ({ control }) => {
    control.askingMode.value = !control.askingMode.value;
  },
  dismiss: ({ control }) => control.dismissNotices(),
  acknowledgeAlarm: (context) => context.acknowledgeAlarm(),
  muteAlarms: (context) => context.muteAlarms(),
  alarms: (context) => context.toggleDialog('alarms'),
  numbers: (context) => context.toggleDialog('numbers'),
  diagnostics: (context) => context.toggleDialog('diagnostics'),
  help: (context) => context.toggleDialog('help'),
};

export interface WallAction {
  id: ActionId;
  group: KeyGroup;
  keys: readonly string[];
  /** i18n key of what it does. */
  title: string;
  run(context: KeyContext): void;
}

/** Every action of the wall: the one list behind the keyboard and the `?` page. */
export const actions: readonly WallAction[] = bindings.map((b) => ({ ...b, title: `key.${b.id}`, run: runs[b.id] }));
