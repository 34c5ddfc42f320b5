import { createLocalDay } from '../../desk/localDay.ts';
import type { SeededRandom } from './seededRandom.ts';

/** Something arrives through a channel. */
export interface Arrival {
  /** The same for the same seed, channel, hour and place in the hour. */
  id: string;
  channelId: string;
  atMs: number;
}

const HOUR_MS = 3_600_000;

/**
 * Arrivals of every channel, a Poisson process whose mean rate changes from hour to hour. Each hour of each channel is drawn from
 * a stream of its own, so the day is the same whenever one begins to look, at any tick and at any speed of the clock.
 * @param expected mean number by channel and local hour. @param exact Just so many arrive, at times of chance.
 */
export function createArrivals(
  expected: Readonly<Record<string, readonly number[]>>,
  utcOffsetMin: number,
  random: SeededRandom,
  exact = false,
) {
  const localDay = createLocalDay(utcOffsetMin);
  const offsetMs = utcOffsetMin * 60_000;

  /** Start of the local hour that holds a time. */
  const hourStart = (atMs: number): number => Math.floor((atMs + offsetMs) / HOUR_MS) * HOUR_MS - offsetMs;
  const ofHour = (startMs: number): Arrival[] =>
    Object.entries(expected)
      .flatMap(([channelId, means]) => {
        const stream = random.fork(`arrivals/${channelId}/${startMs}`);
        const mean = means[localDay.hourOf(startMs)] ?? 0;
        const count = exact ? mean : stream.poisson(mean);
        const times = Array.from({ length: count }, () => startMs + Math.floor(stream.next() * HOUR_MS)).sort((a, b) => a - b);
        return times.map((atMs, i): Arrival => ({ id: `${channelId}-${startMs / 1000}-${i}`, channelId, atMs }));
      })
      .sort((a, b) => a.atMs - b.atMs || a.id.localeCompare(b.id));

  return {
    /** In order of time, from `fromMs` up to but not at `toMs`. */
    between(fromMs: number, toMs: number): Arrival[] {
      const found: Arrival[] = [];
      for (let startMs = hourStart(fromMs); startMs < toMs; startMs += HOUR_MS) {
        for (const arrival of ofHour(startMs)) if (arrival.atMs >= fromMs && arrival.atMs < toMs) found.push(arrival);
      }
      return found;
    },
    /** When the local hour that holds this time is over. */
    hourEnd: (atMs: number): number => hourStart(atMs) + HOUR_MS,
  };
}
export type Arrivals = ReturnType<typeof createArrivals>;
