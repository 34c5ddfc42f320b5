import { sinceMidnightMs } from './formatTime.ts';

/** A stretch of time that a timeline shows, UTC epoch ms. */
export interface TimeWindow {
  fromMs: number;
  toMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** A record shorter than this is shown whole, so that a wall that has just begun has something to drag along. */
const SHORT_MS = 2 * HOUR_MS;
const LEAST_MS = 10 * MINUTE_MS;
const TICK_MS = [MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS, 15 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 2 * HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS];

/** What to show of a record around a moment: all of a short one, else the town's day of the moment. */
export function timeWindow(record: TimeWindow, atMs: number, utcOffsetMin: number): TimeWindow {
  if (record.toMs - record.fromMs <= SHORT_MS) return { fromMs: Math.min(record.fromMs, record.toMs - LEAST_MS), toMs: record.toMs };
  const fromMs = atMs - sinceMidnightMs(atMs, utcOffsetMin);
  return { fromMs, toMs: fromMs + DAY_MS };
}

/** Round times of the town's clock inside the window, at most `most` of them. */
export function timeTicks({ fromMs, toMs }: TimeWindow, utcOffsetMin: number, most: number): number[] {
  const stepMs = TICK_MS.find((step) => (toMs - fromMs) / step <= most) ?? 12 * HOUR_MS;
  const offsetMs = utcOffsetMin * MINUTE_MS;
  const ticks: number[] = [];
  for (let at = Math.ceil((fromMs + offsetMs) / stepMs) * stepMs - offsetMs; at <= toMs; at += stepMs) ticks.push(at);
  return ticks;
}

/** How many of the moments fall into each of `buckets` equal parts of the window. */
export function timeDensity({ fromMs, toMs }: TimeWindow, moments: Iterable<number>, buckets: number): number[] {
  const counts = new Array<number>(buckets).fill(0);
  for (const at of moments) {
    if (at < fromMs || at >= toMs) continue;
    const index = Math.floor(((at - fromMs) / (toMs - fromMs)) * buckets);
    counts[index] = counts[index]! + 1;
  }
  return counts;
}
