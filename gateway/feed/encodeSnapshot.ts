import type { MessageType } from '../../protocol/messages/index.ts';
import type { Facts, Journal } from '../journal/journal.ts';
import { LIMITS } from './feedSettings.ts';

const lists = {
  units: 'unit.updated',
  incidents: 'incident.updated',
  cameras: 'camera.updated',
  channels: 'channel.updated',
  detections: 'detection.updated',
  calls: 'call.updated',
  bookmarks: 'bookmark.updated',
  alarms: 'alarm.updated',
} as const satisfies Record<string, MessageType>;
type ListName = keyof typeof lists;
const names = Object.keys(lists) as ListName[];

const emptyPage = (): Record<ListName, string[]> => ({
  units: [],
  incidents: [],
  cameras: [],
  channels: [],
  detections: [],
  calls: [],
  bookmarks: [],
  alarms: [],
});

/** Room for the frame around the facts: `at`, `seq`, empty lists, mode and weather. */
const FRAME_BYTES = 16_384;

/** The newest of everything as `snap` frames, each below the frame limit (rule P-08). Mode and weather are in the first. */
export function encodeSnapshot(
  facts: Pick<Facts, 'all'>,
  seq: number,
  atMs: number,
  maxBytes: number = LIMITS.maxDownBytes,
): { seq: number; parts: Buffer[] } {
  const roomBytes = Math.max(1, maxBytes - FRAME_BYTES);
  const pages: Record<ListName, string[]>[] = [];
  let usedBytes = Infinity;
  for (const name of names) {
    for (const fact of facts.all(lists[name])) {
      const text = JSON.stringify(fact);
      const bytes = Buffer.byteLength(text) + 1;
      if (usedBytes + bytes > roomBytes) {
        pages.push(emptyPage());
        usedBytes = 0;
      }
      pages.at(-1)![name].push(text);
      usedBytes += bytes;
    }
  }
  if (pages.length === 0) pages.push(emptyPage());
  const [mode = null] = facts.all('mode.changed');
  const [weather = null] = facts.all('weather.updated');
  const parts = pages.map((page, part) => {
    const head = `{"frame":"snap","atMs":${atMs},"seq":${seq},"part":${part},"last":${part === pages.length - 1}`;
    const body = names.map((name) => `,"${name}":[${page[name].join(',')}]`).join('');
    const tail = `,"mode":${JSON.stringify(part === 0 ? mode : null)},"weather":${JSON.stringify(part === 0 ? weather : null)}}`;
    return Buffer.from(head + body + tail);
  });
  return { seq, parts };
}

/** Snapshots for walls that arrive together: the same head gives the same bytes. */
export function createSnapshotEncoder(journal: Journal, nowMs: () => number) {
  let last: ReturnType<typeof encodeSnapshot> | null = null;
  return {
    encode(): ReturnType<typeof encodeSnapshot> {
      if (last?.seq !== journal.headSeq) last = encodeSnapshot(journal, journal.headSeq, Math.round(nowMs()));
      return last;
    },
    /** Frees the bytes when nobody asked for a while. */
    drop(): void {
      last = null;
    },
  };
}
