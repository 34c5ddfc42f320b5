import { z } from 'zod';
import type { Port } from '../byteSource.ts';

/** `settings`: those of the adapter; under other ones a cursor is void. */
const cursorSchema = z.object({ epoch: z.string(), seq: z.int().min(0), settings: z.string(), offsetMs: z.number() });
export type UpstreamCursor = z.infer<typeof cursorSchema>;

/** Says that a snapshot was begun: whoever is killed now begins with a whole one. */
export const NO_CURSOR = 'null';
/** After so many gaps at one place the log is not asked again (rule P-02). */
const MOST_GAPS = 3;

/** Where to go on, over any number of connections. */
export function createUpstreamCursor(port: Port) {
  let gaps = 0;
  let gapAtSeq = -1;
  let whole = false;
  const kept = (): UpstreamCursor | null => {
    const text = port.cursor();
    if (text === null) return null;
    const parsed = cursorSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  };
  return {
    kept,
    resume(): { epoch: string; seq: number } | null {
      const cursor = kept();
      return whole || !cursor || cursor.settings !== port.settings ? null : { epoch: cursor.epoch, seq: cursor.seq };
    },
    textOf: (epoch: string, seq: number, offsetMs: number): string =>
      JSON.stringify({ epoch, seq, settings: port.settings, offsetMs } satisfies UpstreamCursor),
    wantSnapshot(): void {
      whole = true;
    },
    gotSnapshot(): void {
      whole = false;
      gaps = 0;
    },
    noteGap(afterSeq: number): void {
      gaps = gapAtSeq === afterSeq ? gaps + 1 : 1;
      gapAtSeq = afterSeq;
      if (gaps >= MOST_GAPS) whole = true;
    },
  };
}
export type UpstreamCursorKeeper = ReturnType<typeof createUpstreamCursor>;
