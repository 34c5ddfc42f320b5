import { createLocalDay } from './desk/localDay.ts';

/** When a scene begins: as it says, or on the same local day at another time. */
export function startTimeMs(startAtMs: number, utcOffsetMin: number, atMin: number | null): number {
  if (atMin === null) return startAtMs;
  const localDay = createLocalDay(utcOffsetMin);
  return localDay.startOf(localDay.dayOf(startAtMs)) + atMin * 60_000;
}
