import { shallowRef, type ShallowRef } from 'vue';
import type { Camera, Unit } from '../../protocol/messages/index.ts';
import type { MediaContext } from './mediaContext.ts';
import { countFault, mediaCounters } from './mediaCounters.ts';
import { toMediaFault, type MediaFault } from './mediaFault.ts';
import { findPlayer } from './players/index.ts';
import type { Attached, LiveStream, Player, PlayerStats, VideoSize } from './players/player.ts';

/** What a tile shows. `frozen`: it was live, and no frame came for `FROZEN_MS`. */
export type LiveState =
  | { kind: 'noCamera' }
  | { kind: 'offline' }
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'frozen' }
  | { kind: 'fault'; fault: MediaFault };

const FROZEN_MS = 3000;
const LOOK_MS = 500;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

export interface LiveView {
  readonly state: Readonly<ShallowRef<LiveState>>;
  /** Null while nothing is attached. */
  readonly stats: Readonly<PlayerStats> | null;
  /** Shows another camera, or the same one after a change; nothing happens when its stream is the same. */
  show(camera: Camera | null, unit: Unit | null, size: VideoSize): void;
  dispose(): void;
}

export interface LiveViewOptions {
  context: MediaContext;
  players?: readonly Player[];
  /** Steady milliseconds. */
  steadyMs?: () => number;
  /** True while nobody can see the page: then frames stop on purpose. */
  hidden?: () => boolean;
}

/** Keeps one video element on one camera: attaches, watches for frames, tries again with growing patience, and lets go of everything. */
export function createLiveView(video: HTMLVideoElement, options: LiveViewOptions): LiveView {
  const steadyMs = options.steadyMs ?? (() => performance.now());
  const hidden = options.hidden ?? (() => document.hidden);
  const state = shallowRef<LiveState>({ kind: 'noCamera' });
  let shown = '';
  let abort: AbortController | null = null;
  let attached: Attached | null = null;
  let looking: ReturnType<typeof setInterval> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let seenAtMs = 0;

  const set = (next: LiveState) => {
    if (next.kind !== state.value.kind || next.kind === 'fault') state.value = next;
  };
  const detach = () => {
    clearInterval(looking);
    clearTimeout(retry);
    looking = retry = undefined;
    if (attached) mediaCounters.detached++;
    attached = null;
    abort?.abort();
    abort = null;
  };
  const look = () => {
    const last = attached?.stats.lastFrameAtMs ?? null;
    if (last === null) return;
    // A hidden page, or a tile scrolled away, gets no frames on purpose: time is counted from when it is seen again.
    if (hidden()) seenAtMs = steadyMs();
    const frozen = steadyMs() - Math.max(last, seenAtMs) > FROZEN_MS;
    if (!frozen) failures = 0;
    set({ kind: frozen ? 'frozen' : 'live' });
  };
  const fail = (fault: MediaFault, stream: LiveStream) => {
    detach();
    if (fault.code === 'aborted') return;
    // A missing player was counted where it was looked for.
    if (fault.code !== 'noPlayer') countFault(fault, stream.camera.id);
    set({ kind: 'fault', fault });
    if (fault.code === 'noPlayer' || fault.code === 'unsupported') return;
    retry = setTimeout(() => void attach(stream), Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++));
  };
  const attach = async (stream: LiveStream) => {
    detach();
    const mine = (abort = new AbortController());
    if (state.value.kind !== 'fault') set({ kind: 'connecting' });
    try {
      const next = await findPlayer(stream.protocol, options.players).attach(video, stream, options.context, mine.signal);
      if (abort !== mine) return;
      attached = next;
      mediaCounters.attached++;
      seenAtMs = steadyMs();
      looking = setInterval(look, LOOK_MS);
      look();
      const fault = await next.ended;
      if (abort === mine && fault) fail(fault, stream);
    } catch (thrown) {
      if (abort === mine) fail(toMediaFault(thrown), stream);
    }
  };
  return {
    state,
    get stats() {
      return attached?.stats ?? null;
    },
    show(camera, unit, size) {
      const key = camera ? JSON.stringify([camera.id, camera.online, camera.stream.protocol, camera.stream.url, size, unit?.id]) : '';
      if (key === shown) return;
      shown = key;
      failures = 0;
      detach();
      if (!camera) return set({ kind: 'noCamera' });
      if (!camera.online) return set({ kind: 'offline' });
      set({ kind: 'connecting' });
      void attach({ ...camera.stream, camera, unit, size });
    },
    dispose() {
      detach();
      shown = '';
    },
  };
}
