const DAY_MS = 86_400_000;

/** Local days of a town with a fixed offset from UTC. (A town with summer time changes its offset by configuration.) */
export function createLocalDay(utcOffsetMin: number) {
  const offsetMs = utcOffsetMin * 60_000;
  return {
    /** Number of the local day since 1970. */
    dayOf: (atMs: number): number => Math.floor((atMs + offsetMs) / DAY_MS),
    /** Local hour, 0 to 23. */
    hourOf: (atMs: number): number => Math.floor(((((atMs + offsetMs) % DAY_MS) + DAY_MS) % DAY_MS) / 3_600_000),
    /** UTC time at which the local day begins. */
    startOf: (day: number): number => day * DAY_MS - offsetMs,
    /** Local date as YYYYMMDD. */
    stampOf: (atMs: number): string => new Date(atMs + offsetMs).toISOString().slice(0, 10).replaceAll('-', ''),
  };
}
export type LocalDay = ReturnType<typeof createLocalDay>;
