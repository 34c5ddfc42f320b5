import type { Welcome } from '../protocol/frames/server.ts';
import type { LocalText } from '../protocol/primitives.ts';
import { guardClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { createDesk } from './desk/createDesk.ts';
import type { DeskRules } from './desk/incidentBook.ts';
import type { Desk } from './desk/createDesk.ts';
import type { AlarmFile } from './scene/alarmFile.ts';
import type { Router } from './desk/deskContext.ts';
import { createFeedServer } from './feed/createFeedServer.ts';
import { defaultFeedSettings } from './feed/feedSettings.ts';
import type { FeedSettings } from './feed/feedSettings.ts';
import { createAdmission } from './http/admission.ts';
import { createClipExport } from './http/exportClip.ts';
import { createTrackExport } from './http/exportTracks.ts';
import { createIntakeDoors } from './http/intakeDoors.ts';
import { newToken, openDoor } from './http/openDoor.ts';
import type { DoorOptions, Gateway } from './http/openDoor.ts';
import { createSourceHub } from './hub/createSourceHub.ts';
import { retireAbandoned } from './hub/retireAbandoned.ts';
import type { SourceHub } from './hub/createSourceHub.ts';
import type { SourcesFile } from './hub/sourcesFile.ts';
import { createMemoryJournal } from './journal/createMemoryJournal.ts';
import type { Journal } from './journal/journal.ts';
import { createLivePositions } from './journal/livePositions.ts';
import type { Reach } from './reach/createReach.ts';
import type { Intake, OpenSource } from './sources/source.ts';
import { recordSpan } from './replay/recordSpan.ts';
import { createTrackStore } from './tracks/createTrackStore.ts';
import type { TrackStore } from './tracks/trackStore.ts';
import { createVitals } from './vitals/createVitals.ts';
import type { VitalsRegistry } from './vitals/createVitals.ts';
import { createFaultBook } from './vitals/faultBook.ts';
import type { HealthLimits } from './vitals/judgeHealth.ts';
import { watchIntake } from './vitals/watchIntake.ts';

export interface ServeOptions extends Pick<DoorOptions, 'town' | 'host' | 'port' | 'rendererDirectory'> {
  scene: Welcome['scene'];
  clock: Clock;
  router: Router;
  start: { mode: 'routine' | 'urgent'; leader: LocalText; simulated: boolean };
  /** How the town judges and merges what comes in; the desk knows what it does without. */
  rules?: DeskRules;
  /** Which conditions are alarms; null raises none. */
  alarms?: AlarmFile | null;
  /** Opens what supplies events in this process; null where nothing does. */
  openSource(intake: Intake, signal: AbortSignal): OpenSource | null;
  /** What supplies events from outside, besides. */
  sources?: SourcesFile | null;
  /** Null makes a random one. */
  token: string | null;
  allowOrigins: readonly string[];
  journal?: Journal;
  /** What is served is a recording: nothing in it can be changed. */
  recorded?: boolean;
  /** Closed with the gateway. In memory when it is left out. */
  tracks?: TrackStore;
  /** Who can be where in time; closed with the gateway. Nobody is told where it is left out. */
  reach?: Reach | null;
  feed?: Partial<FeedSettings>;
  healthLimits?: Partial<HealthLimits>;
  onFault?(error: unknown): void;
}

/** With its inside, for tests of this process. */
export interface TownGateway extends Gateway {
  readonly desk: Desk;
  readonly journal: Journal;
  readonly vitals: VitalsRegistry;
}

/** How often the journal is told how far the clock has come, and how far ahead: real ms. A restart goes on at most that much later. */
const TIME_PERIOD_MS = 2000;
const TIME_AHEAD_MS = 2 * TIME_PERIOD_MS;

const logFault = (error: unknown): void => console.error('wanglou gateway:', error);

/** One town with its journal, desk, source and feed behind one port. @throws the error of `listen` when the port is taken. */
export async function serveTown(options: ServeOptions): Promise<TownGateway> {
  const { town } = options;
  const faults = createFaultBook(options.onFault ?? logFault);
  const onFault = faults.note;
  const clock = guardClock(options.clock, onFault);
  const token = options.token ?? newToken();
  const journal = options.journal ?? createMemoryJournal();
  const tracks = options.tracks ?? createTrackStore({ directory: null });
  const positions = createLivePositions((unitId) => journal.latest('unit.updated', unitId) !== undefined, tracks.add);
  const vitals = createVitals({ clock, ...(options.healthLimits ? { limits: options.healthLimits } : {}) });
  vitals.hand('journal', () => {
    const stats = journal.stats();
    return { ...stats, epoch: journal.epoch, warnings: [...stats.warnings, ...tracks.stats().warnings] };
  });
  vitals.hand('tracks', () => {
    const { fixes, sizeBytes, oldestAtMs } = tracks.stats();
    return { fixes, sizeBytes, oldestAtMs };
  });
  vitals.hand('positions', () => positions);
  vitals.hand('faults', faults.told);
  const admission = createAdmission({ token, host: options.host, allowOrigins: options.allowOrigins });
  const intakeDoors = createIntakeDoors();
  const stop = new AbortController();
  const desk = createDesk({
    journal,
    clock,
    town,
    router: options.router,
    positions,
    start: options.start,
    recorded: options.recorded ?? false,
    ...(options.rules ? { rules: options.rules } : {}),
    alarms: options.alarms ?? null,
    onFault,
  });
  const feed = createFeedServer({
    journal,
    desk,
    tracks,
    clock,
    admission,
    positions,
    settings: { ...defaultFeedSettings, ...options.feed },
    scene: options.scene,
    router: options.router,
    skills: town.skills ?? [],
    reach: options.reach ?? null,
    vitals,
    onFault,
  });

  const logExport = (deskId: string, detail: Readonly<Record<string, unknown>>): void =>
    journal.logAccess({ atMs: Math.round(clock.nowMs()), deskId, action: 'export', detail });
  const exportTracks = createTrackExport({ tracks, nowMs: () => clock.nowMs(), log: logExport });
  const exportClip = createClipExport({ journal, tracks, scene: options.scene, span: () => recordSpan(journal, clock), log: logExport });

  // Walls have seen every moment up to now: no restart may begin before it.
  const keepTime = (): void => journal.keepTime(clock.nowMs() + TIME_AHEAD_MS * clock.rate);
  const timeTimer = setInterval(keepTime, TIME_PERIOD_MS);

  let source: OpenSource | null = null;
  let watched: ReturnType<typeof watchIntake> | null = null;
  let hub: SourceHub | null = null;
  const closeParts = async (): Promise<void> => {
    stop.abort();
    source?.dispose();
    await hub?.dispose();
    desk.dispose();
    await feed.close();
    await options.reach?.dispose();
    clearInterval(timeTimer);
    journal.keepTime(clock.nowMs());
    await tracks.dispose();
    await journal.dispose();
    vitals.dispose();
    watched?.dispose();
  };
  try {
    // The source fills the books before the door opens: the first wall gets a whole picture.
    const scene = (watched = watchIntake(desk.intake, 'scene', options.scene.id));
    source = options.openSource(scene.intake, stop.signal);
    if (options.sources) {
      const { intake } = desk;
      hub = createSourceHub({
        file: options.sources,
        town,
        intake,
        journal,
        latestFix: positions.latest,
        doors: intakeDoors,
        fixesFlushed: tracks.flushed,
        onFault,
      });
    }
    if (!options.recorded) retireAbandoned(journal, desk.intake, options.sources?.entries ?? []);
    vitals.hand('sources', () => [...(source ? [scene.health()] : []), ...(hub?.health() ?? [])]);
    desk.connect({
      order(order) {
        if (!hub?.order(order)) source?.order(order);
      },
      dispose() {},
    });
    keepTime();
    // A wall that sees the first picture may rely on it.
    await journal.flushed();
    hub?.start();
    const door = await openDoor({
      ...options,
      onFault,
      token,
      admission,
      feed,
      vitals,
      intakeDoors,
      exportFile: (url, response, headOnly) => (url.pathname === '/export/clip' ? exportClip : exportTracks)(url, response, headOnly),
      health: () => ({
        scene: options.scene.id,
        epoch: journal.epoch,
        headSeq: journal.headSeq,
        oldestSeq: journal.oldestSeq,
        serverTimeMs: Math.round(clock.nowMs()),
        desk: { ...desk.counters, refusedHandles: desk.fleet.refusedHandles },
        fixes: { accepted: positions.accepted, refused: positions.refused, tracked: tracks.stats().fixes },
      }),
      onClose: closeParts,
    });
    return { ...door, desk, journal, vitals };
  } catch (error) {
    await closeParts();
    throw error;
  }
}
