import type { QueryFrame } from '../../protocol/frames/client.ts';
import type { QueryKind } from '../../protocol/queries/index.ts';
import type { QueryResult } from './feedTypes.ts';
import { queryItemChecks } from './schemas.ts';

const MOST_OPEN = 50;
/** A day at one fix in five seconds is 17,280. */
const MOST_ITEMS = 50_000;

type AnyResult = QueryResult<QueryKind>;
interface Entry {
  kind: QueryKind;
  items: Record<string, unknown>[];
  nextPart: number;
  timeoutMs: number;
  deadlineMs: number;
  onItems(items: Record<string, unknown>[]): void;
  settle(result: AnyResult): void;
}
interface Part {
  id: string;
  n: number;
  last: boolean;
  items: Record<string, unknown>[];
}

const failure = (code: Extract<AnyResult, { ok: false }>['code'], message: string): AnyResult => ({ ok: false, code, message });

/** Questions under way. A question dies with its connection: ask again. Each promise settles. */
export function createQueryBook(localNowMs: () => number, transmit: (text: string) => boolean) {
  const open = new Map<string, Entry>();
  let asked = 0;

  function finish(id: string, result: AnyResult): void {
    const entry = open.get(id);
    open.delete(id);
    entry?.settle(result);
  }
  const finishAll = (code: 'disconnected' | 'closed', message: string): void => {
    for (const id of [...open.keys()]) finish(id, failure(code, message));
  };

  return {
    /** @param timeoutMs Longest silence before, and between, the parts of the answer. @param onItems Told of each part as it comes. */
    ask(kind: QueryKind, data: Record<string, unknown>, timeoutMs: number, onItems: Entry['onItems'] = () => {}): Promise<AnyResult> {
      if (open.size >= MOST_OPEN) return Promise.resolve(failure('tooMany', `${MOST_OPEN} questions wait for an answer`));
      return new Promise((settle) => {
        asked += 1;
        const id = `q${asked}`;
        const frame: QueryFrame = { frame: 'query', id, kind, data };
        open.set(id, { kind, items: [], nextPart: 0, timeoutMs, deadlineMs: localNowMs() + timeoutMs, onItems, settle });
        if (!transmit(JSON.stringify(frame))) finish(id, failure('disconnected', 'there is no connection'));
      });
    },
    /** @returns why the part was refused, or null. Parts of questions that were given up are not an error. */
    part(part: Part): string | null {
      const entry = open.get(part.id);
      if (entry === undefined) return null;
      let why = part.n === entry.nextPart ? null : `n: expected ${entry.nextPart}, got ${part.n}`;
      for (const [i, item] of part.items.entries()) why ??= queryItemChecks[entry.kind](item, `items[${i}]`);
      if (why === null && entry.items.length + part.items.length > MOST_ITEMS) why = `items: expected at most ${MOST_ITEMS}`;
      if (why !== null) {
        finish(part.id, failure('badItem', why));
        return why;
      }
      entry.nextPart += 1;
      entry.deadlineMs = localNowMs() + entry.timeoutMs;
      for (const item of part.items) entry.items.push(item);
      if (part.items.length > 0) entry.onItems(part.items);
      // Each item was checked against the schema of the kind that was asked.
      if (part.last) finish(part.id, { ok: true, items: entry.items } as unknown as AnyResult);
      return null;
    },
    tick(): void {
      const nowMs = localNowMs();
      for (const [id, entry] of [...open]) if (nowMs >= entry.deadlineMs) finish(id, failure('timeout', 'no answer came in time'));
    },
    disconnected: () => finishAll('disconnected', 'the connection was lost'),
    close: () => finishAll('closed', 'the feed was closed'),
  };
}
