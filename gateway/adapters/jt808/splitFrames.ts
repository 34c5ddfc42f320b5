import { refusal } from '../adapter.ts';
import type { Refusal } from '../adapter.ts';
import { DELIMITER, MOST_WIRE_BYTES } from './frame.ts';

/**
 * Cuts a stream at its delimiters, however it arrives. One 0x7e may end a frame and begin the next, as some terminals send it.
 * Keeps at most one frame.
 * @param onFrame told what lies between two delimiters. The bytes are the splitter's own: copy what is kept.
 * @param onRefused told once for each run of bytes that is no frame.
 */
export function createFrameSplitter(onFrame: (wire: Buffer) => void, onRefused: (why: Refusal, bytes: Uint8Array) => void) {
  const kept = Buffer.alloc(MOST_WIRE_BYTES);
  let length = 0;
  /** Outside: nothing began yet. Lost: what began is too long, the next delimiter ends it. */
  let state: 'outside' | 'inside' | 'lost' = 'outside';

  const keep = (run: Uint8Array): void => {
    if (state !== 'inside') return;
    if (length + run.length > MOST_WIRE_BYTES) {
      onRefused(refusal('tooLong', '', `no delimiter within ${MOST_WIRE_BYTES} bytes`), run);
      state = 'lost';
      return;
    }
    kept.set(run, length);
    length += run.length;
  };

  return {
    /** Bytes that wait for their delimiter. */
    get waiting() {
      return length;
    },
    push(bytes: Uint8Array): void {
      let from = 0;
      while (from < bytes.length) {
        const at = bytes.indexOf(DELIMITER, from);
        const run = bytes.subarray(from, at === -1 ? bytes.length : at);
        if (run.length > 0) {
          if (state === 'outside') {
            onRefused(refusal('garbage', '', 'bytes before the first 0x7e'), run);
            state = 'lost';
          } else keep(run);
        }
        if (at === -1) return;
        if (state === 'inside' && length > 0) onFrame(kept.subarray(0, length));
        state = 'inside';
        length = 0;
        from = at + 1;
      }
    },
  };
}
