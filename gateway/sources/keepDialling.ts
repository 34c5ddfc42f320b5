import { z } from 'zod';

/** For the configuration of a source that dials. */
export const redialMostMsSchema = z
  .int()
  .min(250)
  .max(60_000)
  .default(15_000)
  .describe('Longest pause before it dials again; shorter than the default only for a broker of one’s own on the same network');

export interface DialOptions {
  /** Bound of the first delay, ms; it doubles up to `mostMs`. */
  firstMs: number;
  mostMs: number;
  /** A connection that held so long resets the bound. */
  healthyAfterMs: number;
  /** In [0, 1). */
  random(): number;
}
/** Those of rule P-06. */
const defaults: DialOptions = { firstMs: 250, mostMs: 15_000, healthyAfterMs: 10_000, random: () => Math.random() };

/**
 * Connects again and again until the signal aborts, each time after a delay drawn evenly from zero to its bound.
 * @param connect Resolves or rejects when one connection is over; it looks at the signal itself.
 * @param onLost Called with one line for a person after each connection.
 * @returns a promise that resolves after the last connection is over.
 */
export async function keepDialling(
  connect: () => Promise<string>,
  signal: AbortSignal,
  onLost: (why: string) => void,
  given: Partial<DialOptions> = {},
): Promise<void> {
  const { firstMs, mostMs, healthyAfterMs, random } = { ...defaults, ...given };
  let failures = 0;
  while (!signal.aborted) {
    const startedAtMs = performance.now();
    let why: string;
    try {
      why = await connect();
    } catch (error) {
      why = error instanceof Error ? error.message || error.name : String(error);
    }
    if (signal.aborted) return;
    onLost(why);
    if (performance.now() - startedAtMs >= healthyAfterMs) failures = 0;
    const boundMs = Math.min(mostMs, firstMs * 2 ** Math.min(failures, 30));
    failures += 1;
    await pause(random() * boundMs, signal);
  }
}

/** Waits; an abort ends it early. */
function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const over = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, delayMs);
    signal.addEventListener('abort', over);
  });
}
