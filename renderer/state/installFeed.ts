import type { Pinia } from 'pinia';
import type { Message, MessageType } from '../../protocol/messages/index.ts';
import type { FeedClient, Snapshot } from '../feed/feedTypes.ts';
import { useAlarmStore } from './alarmStore.ts';
import { useBookmarkStore } from './bookmarkStore.ts';
import { useCallStore } from './callStore.ts';
import { useCameraStore } from './cameraStore.ts';
import { useChannelStore } from './channelStore.ts';
import { useDeskStore } from './deskStore.ts';
import { useDetectionStore } from './detectionStore.ts';
import { useFeedStore } from './feedStore.ts';
import { useIncidentStore } from './incidentStore.ts';
import { usePresenceStore } from './presenceStore.ts';
import { useReachStore } from './reachStore.ts';
import { useReplayStore } from './replayStore.ts';
import { useTrackStore } from './trackStore.ts';
import { useUnitStore } from './unitStore.ts';

/** Longest that a fact waits for an animation frame; a hidden page gets none. */
const LONGEST_WAIT_MS = 100;
/** Feed age, skew and counters are read twice a second. */
const SAMPLE_MS = 500;

export interface InstallOptions {
  /** Runs `task` once, soon: at the next frame of the screen, or at the latest after 100 ms. Returns a function that cancels it. */
  soon?: (task: () => void) => () => void;
  every?: (periodMs: number, task: () => void) => () => void;
}

function soonInPage(task: () => void): () => void {
  let done = false;
  const run = (): void => {
    if (done) return;
    cancel();
    task();
  };
  const frame = typeof requestAnimationFrame === 'function' ? requestAnimationFrame(run) : 0;
  const timer = setTimeout(run, LONGEST_WAIT_MS);
  const cancel = (): void => {
    done = true;
    if (frame !== 0) cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  return cancel;
}
function everyInPage(periodMs: number, task: () => void): () => void {
  const timer = setInterval(task, periodMs);
  return () => clearInterval(timer);
}

/**
 * Carries the feed's slow facts into the stores. Facts wait for the next frame and only the newest of each thing is applied, so a burst
 * of a thousand events costs one update of the page, and what waits is never more than there are things.
 */
export function installFeed(pinia: Pinia, feed: FeedClient, options: InstallOptions = {}): { flush(): void; dispose(): void } {
  const soon = options.soon ?? soonInPage;
  const every = options.every ?? everyInPage;
  const feedStore = useFeedStore(pinia);
  const desk = useDeskStore(pinia);
  const units = useUnitStore(pinia);
  const incidents = useIncidentStore(pinia);
  const cameras = useCameraStore(pinia);
  const channels = useChannelStore(pinia);
  const detections = useDetectionStore(pinia);
  const calls = useCallStore(pinia);
  const bookmarks = useBookmarkStore(pinia);
  const alarms = useAlarmStore(pinia);
  const presence = usePresenceStore(pinia);
  const replay = useReplayStore(pinia);
  const tracks = useTrackStore(pinia);
  const reach = useReachStore(pinia);

  type Waiting = { [T in MessageType]: Map<string, Extract<Message, { type: T }>['data']> };
  const none = (): Waiting => ({
    'unit.updated': new Map(),
    'incident.updated': new Map(),
    'channel.updated': new Map(),
    'camera.updated': new Map(),
    'detection.updated': new Map(),
    'call.updated': new Map(),
    'mode.changed': new Map(),
    'weather.updated': new Map(),
    'bookmark.updated': new Map(),
    'alarm.updated': new Map(),
  });
  let waiting = none();
  let snapshot: Snapshot | null = null;
  let cancelSoon: (() => void) | null = null;

  function flush(): void {
    cancelSoon?.();
    cancelSoon = null;
    if (snapshot !== null) {
      units.replaceAll(snapshot.units);
      incidents.replaceAll(snapshot.incidents);
      cameras.replaceAll(snapshot.cameras);
      channels.replaceAll(snapshot.channels);
      detections.replaceAll(snapshot.detections);
      calls.replaceAll(snapshot.calls);
      bookmarks.replaceAll(snapshot.bookmarks);
      alarms.replaceAll(snapshot.alarms);
      desk.setModeFact(snapshot.mode);
      desk.weather = snapshot.weather;
      snapshot = null;
    }
    const facts = waiting;
    waiting = none();
    if (facts['unit.updated'].size > 0) units.put(facts['unit.updated'].values());
    if (facts['incident.updated'].size > 0) incidents.put(facts['incident.updated'].values());
    if (facts['channel.updated'].size > 0) channels.put(facts['channel.updated'].values());
    if (facts['camera.updated'].size > 0) cameras.put(facts['camera.updated'].values());
    if (facts['detection.updated'].size > 0) detections.put(facts['detection.updated'].values());
    if (facts['call.updated'].size > 0) calls.put(facts['call.updated'].values());
    if (facts['bookmark.updated'].size > 0) bookmarks.put(facts['bookmark.updated'].values());
    if (facts['alarm.updated'].size > 0) alarms.put(facts['alarm.updated'].values());
    for (const mode of facts['mode.changed'].values()) desk.setModeFact(mode);
    for (const weather of facts['weather.updated'].values()) desk.weather = weather;
  }
  const flushSoon = (): void => {
    cancelSoon ??= soon(flush);
  };

  const stopListening = feed.listen({
    snapshot(next) {
      snapshot = next;
      waiting = none();
      flushSoon();
    },
    event(message) {
      (waiting[message.type] as Map<string, Message['data']>).set(message.data.id, message.data);
      flushSoon();
    },
    welcome: (welcome) => void (feedStore.welcome = welcome),
    desks: (desks) => void (presence.desks = desks),
    replayRefused: (message) => desk.notify('replay', 'replayRefused', null, message),
    status(status) {
      feedStore.status = status;
      if (status.kind === 'closed' && status.reason !== null) desk.notify('feed', status.reason);
    },
  });
  feedStore.connect(feed);
  desk.connect(feed);
  presence.connect(feed);
  replay.connect(feed);
  tracks.connect(feed);
  reach.connect(feed);
  const stopSampling = every(SAMPLE_MS, () => feedStore.sample());

  return {
    flush,
    dispose() {
      cancelSoon?.();
      stopListening();
      stopSampling();
      desk.connect(null);
      presence.connect(null);
    },
  };
}
