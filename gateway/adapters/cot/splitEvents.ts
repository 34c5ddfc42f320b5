import { refusal } from '../adapter.ts';
import type { Refusal } from '../adapter.ts';

const START = '<event';
const END = '</event>';
/** What may follow a tag's name: `<events>` is another tag. */
const AFTER_NAME: ReadonlySet<number> = new Set([...' \t\r\n/>'].map((sign) => sign.charCodeAt(0)));
/** White space and declarations may stand between events. */
const FILLING = /^(\s|<\?xml[^<>]*\?>)*$/;

/** Where an event begins, from the front or the back; -1 where none does. What ends in `<event` may become one. */
function startIn(bytes: Buffer, from: 'front' | 'back'): number {
  const find = (at: number): number => {
    if (from === 'front') return bytes.indexOf(START, at);
    return at < 0 ? -1 : bytes.lastIndexOf(START, at);
  };
  let at = find(from === 'front' ? 0 : bytes.length);
  while (at !== -1) {
    const next = bytes[at + START.length];
    if (next === undefined || AFTER_NAME.has(next)) return at;
    at = find(from === 'front' ? at + 1 : at - 1);
  }
  return -1;
}

/**
 * Cuts a stream of XML at the ends of its events, however it arrives. An event that another one interrupts is refused. Keeps at most `mostBytes`
 * and what arrived with them.
 * @param onEvent told the bytes of one event, from `<event` to `</event>`.
 * @param onRefused told once for each run of bytes that is no event.
 */
export function createEventSplitter(
  mostBytes: number,
  onEvent: (bytes: Buffer) => void,
  onRefused: (why: Refusal, bytes: Uint8Array) => void,
) {
  let kept: Buffer = Buffer.alloc(0);
  /** Where the search for an end goes on: no byte is looked at twice, however small the pieces are. */
  let searchedTo = 0;
  let isLost = false;

  const drop = (to: number): void => {
    kept = kept.subarray(to);
    searchedTo = 0;
  };
  const refuse = (reason: string, message: string, bytes: Buffer): void => {
    if (!isLost) onRefused(refusal(reason, '', message), bytes);
  };

  /** Brings the next `<event` to the beginning. @returns whether there is one. */
  const findStart = (): boolean => {
    const at = startIn(kept, 'front');
    // The beginning of `<event` or of a declaration may be all that has come yet.
    const open = kept.lastIndexOf('<');
    const end = at !== -1 ? at : open !== -1 && kept.length - open < 200 ? open : kept.length;
    const before = kept.subarray(0, end);
    if (!FILLING.test(before.toString('latin1'))) {
      refuse('garbage', 'bytes outside of an event', before);
      isLost = at === -1;
    }
    if (at !== -1) isLost = false;
    if (end > 0) drop(end);
    return at !== -1;
  };

  return {
    /** Bytes that wait for their end. */
    get waiting() {
      return kept.length;
    },
    push(bytes: Uint8Array): void {
      kept = kept.length === 0 ? Buffer.from(bytes) : Buffer.concat([kept, bytes]);
      while (kept.length > 0 && findStart()) {
        const end = kept.indexOf(END, Math.max(0, searchedTo - END.length));
        if (end === -1) {
          searchedTo = kept.length;
          if (kept.length <= mostBytes) return;
          refuse('tooLong', `no end of the event within ${mostBytes} bytes`, kept);
          isLost = true;
          drop(kept.length);
          return;
        }
        const one = kept.subarray(0, end + END.length);
        const last = startIn(one, 'back');
        if (last > 0) {
          refuse('cutOff', 'another event began before this one ended', one.subarray(0, last));
          drop(last);
        } else {
          drop(end + END.length);
          if (one.length > mostBytes) onRefused(refusal('tooLong', '', `the event has more than ${mostBytes} bytes`), one);
          else onEvent(one);
        }
      }
    },
  };
}
