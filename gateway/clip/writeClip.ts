import type { Fix } from '../../protocol/frames/position.ts';
import { messages } from '../../protocol/messages/index.ts';
import type { Message } from '../../protocol/messages/index.ts';
import type { Journal } from '../journal/journal.ts';
import type { TrackStore } from '../tracks/trackStore.ts';
import { clipLine, headLine } from './clipFile.ts';
import type { ClipHead } from './clipFile.ts';

/** Fixes heard within this are one line. */
const LINE_MS = 250;
const MOST_FIXES = 2000;

export interface ClipSources {
  journal: Pick<Journal, 'stateAt' | 'between'>;
  tracks: Pick<TrackStore, 'positionsAt' | 'fixesBetween'>;
}

/** Positions as lines: all that were heard within a quarter of a second together, the time of the last on it. */
async function* fixLines(tracks: ClipSources['tracks'], fromMs: number, toMs: number): AsyncGenerator<{ atMs: number; fixes: Fix[] }> {
  let line: { beganMs: number; atMs: number; fixes: Fix[] } | null = null;
  for await (const list of tracks.fixesBetween(fromMs, toMs)) {
    for (const { fix, heardAtMs } of list) {
      if (line && (heardAtMs - line.beganMs > LINE_MS || line.fixes.length >= MOST_FIXES)) {
        yield { atMs: line.atMs, fixes: line.fixes };
        line = null;
      }
      line ??= { beganMs: heardAtMs, atMs: heardAtMs, fixes: [] };
      line.atMs = heardAtMs;
      line.fixes.push(fix);
    }
  }
  if (line) yield { atMs: line.atMs, fixes: line.fixes };
}

/** A stretch of the record as the lines of a clip: the state at its beginning, then what happened and where everybody was, in the order of time. */
export async function* writeClip(head: Omit<ClipHead, 'format' | 'version'>, { journal, tracks }: ClipSources): AsyncGenerator<string> {
  const { fromMs, toMs } = head;
  yield headLine(head);
  const state = await journal.stateAt(fromMs);
  for (const { type } of messages) for (const data of state.all(type)) yield clipLine({ atMs: fromMs, message: { type, data } as Message });
  const places = (await tracks.positionsAt(fromMs))
    .map(({ fix }) => fix)
    .filter(({ id }) => state.latest('unit.updated', id) !== undefined);
  for (let i = 0; i < places.length; i += MOST_FIXES) yield clipLine({ atMs: fromMs, fixes: places.slice(i, i + MOST_FIXES) });
  const moved = fixLines(tracks, fromMs, toMs);
  try {
    let next = await moved.next();
    for await (const entry of journal.between(state.seq, toMs)) {
      while (next.done !== true && next.value.atMs <= entry.atMs) {
        yield clipLine(next.value);
        next = await moved.next();
      }
      const atMs = Math.max(fromMs, entry.atMs);
      yield clipLine('message' in entry ? { atMs, message: entry.message } : { atMs, forget: entry.forgotten });
    }
    while (next.done !== true) {
      yield clipLine(next.value);
      next = await moved.next();
    }
  } finally {
    await moved.return(undefined);
  }
}
