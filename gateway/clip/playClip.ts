import type { Clock } from '../clock.ts';
import type { Journal } from '../journal/journal.ts';
import type { Intake, OpenSource } from '../sources/source.ts';
import type { ClipLine } from './clipFile.ts';

/** How often what is due is looked at, real ms. */
const STEP_MS = 50;

/**
 * Plays a clip into a gateway as if it happened: facts go into the journal as they were recorded, positions through the intake. What has to be
 * there at the beginning is there before the first wall comes; a damaged line ends the play there, and is told.
 */
export async function openClipPlayer(
  lines: AsyncIterable<ClipLine>,
  options: { journal: Pick<Journal, 'append' | 'forget'>; clock: Clock; fromMs: number; onFault(error: unknown): void },
) {
  const { journal, clock } = options;
  const iterator = lines[Symbol.asyncIterator]();
  const first: ClipLine[] = [];
  let next = await iterator.next();
  while (next.done !== true && next.value.atMs <= options.fromMs) {
    first.push(next.value);
    next = await iterator.next();
  }

  return (intake: Intake): OpenSource => {
    const play = (line: ClipLine): void => {
      // Never before what the clock says: time in a journal does not fall.
      const atMs = Math.round(Math.max(line.atMs, options.fromMs));
      if ('message' in line) journal.append(line.message, atMs);
      else if ('forget' in line) journal.forget(line.forget.type, line.forget.id, atMs);
      else intake.fixes(line.fixes);
    };
    for (const line of first) play(line);
    let over = false;
    let busy = false;
    const step = async (): Promise<void> => {
      if (busy || over) return;
      busy = true;
      try {
        while (!over && next.done !== true && next.value.atMs <= clock.nowMs()) {
          play(next.value);
          next = await iterator.next();
        }
      } catch (error) {
        over = true;
        options.onFault(error);
      } finally {
        busy = false;
      }
    };
    const timer = setInterval(() => void step(), STEP_MS);
    return {
      order: () => undefined,
      dispose() {
        over = true;
        clearInterval(timer);
        void iterator.return?.();
      },
    };
  };
}
