import type { Snap } from '../../protocol/frames/server.ts';
import type { Message } from '../../protocol/messages/index.ts';
import type { Snapshot } from './feedTypes.ts';

/** Far beyond any town: 100,000 things in 1,000 frames. */
const MOST_PARTS = 1000;
const MOST_ITEMS = 100_000;

/**
 * Collects the parts of one snapshot, and the events that a server sends between them. Nothing is shown before the last part.
 * @param tolerant after several snapshots that could not be read whole: take what can be read, so that the feed never wedges.
 */
export function createSnapshotAssembly(epoch: string, mostEvents: number, tolerant: boolean) {
  let parts = 0;
  let items = 0;
  let seq: number | null = null;
  const events: { seq: number; message: Message | null }[] = [];
  const snapshot: Snapshot = {
    epoch,
    seq: 0,
    atMs: 0,
    units: [],
    incidents: [],
    cameras: [],
    channels: [],
    detections: [],
    calls: [],
    bookmarks: [],
    alarms: [],
    mode: null,
    weather: null,
  };
  return {
    tolerant,
    events: events as readonly { seq: number; message: Message | null }[],
    /** What came so far, as if it were whole. @param seqIfNone where events go on when no part could be read at all. */
    soFar: (atMs: number, seqIfNone: number): Snapshot => (seq === null ? { ...snapshot, atMs, seq: seqIfNone } : snapshot),
    /** @returns `'more'`, the whole snapshot after its last part, or why it cannot become whole. */
    add(part: Snap): 'more' | Snapshot | { fault: string } {
      if (tolerant && part.part > parts) parts = part.part;
      if (part.part !== parts) return { fault: `part: expected ${parts}, got ${part.part}` };
      if (seq !== null && part.seq !== seq) return { fault: `seq: expected ${seq}, got ${part.seq}` };
      parts += 1;
      seq = part.seq;
      items += part.units.length + part.incidents.length + part.cameras.length;
      items +=
        part.channels.length + part.detections.length + part.calls.length + (part.bookmarks?.length ?? 0) + (part.alarms?.length ?? 0);
      if (parts > MOST_PARTS || items > MOST_ITEMS) return { fault: `part: expected at most ${MOST_PARTS} parts with ${MOST_ITEMS} items` };
      snapshot.seq = part.seq;
      snapshot.atMs = part.atMs;
      snapshot.units.push(...part.units);
      snapshot.incidents.push(...part.incidents);
      snapshot.cameras.push(...part.cameras);
      snapshot.channels.push(...part.channels);
      snapshot.detections.push(...part.detections);
      snapshot.calls.push(...part.calls);
      snapshot.bookmarks.push(...(part.bookmarks ?? []));
      snapshot.alarms.push(...(part.alarms ?? []));
      snapshot.mode = part.mode ?? snapshot.mode;
      snapshot.weather = part.weather ?? snapshot.weather;
      return part.last ? snapshot : 'more';
    },
    /** An event between the parts waits until the snapshot is whole. @returns false when more wait than the window allows. */
    hold(eventSeq: number, message: Message | null): boolean {
      if (events.length >= mostEvents) return false;
      events.push({ seq: eventSeq, message });
      return true;
    },
  };
}
export type SnapshotAssembly = ReturnType<typeof createSnapshotAssembly>;
