import type { Town } from '../../../protocol/town/town.ts';
import type { Scenario } from '../../scene/scenario.ts';
import type { Report } from '../source.ts';
import { createRandom } from './random.ts';

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const M_PER_DEG = 111_320;

/** One matter that comes in at a planned moment. */
export interface Arrival {
  atMs: number;
  report: Report;
  /** Simulated operators leave it to the duty leader. */
  forLeader: boolean;
  /** Seconds until its cause puts it right, so that no case is opened; null when nobody does. */
  selfRectifiesAfterS: number | null;
}

/**
 * Everything that comes in on one local day: a Poisson process for each channel with the scenario's hourly means. Depends on the
 * scenario's seed and the day alone, never on when or how often it is asked for.
 * @param midnightMs local midnight, UTC epoch milliseconds.
 */
export function planDay(town: Town, scenario: Scenario, midnightMs: number): Arrival[] {
  const random = createRandom(scenario.seed, `arrivals/${midnightMs}`);
  const eventTypes = new Map(town.eventTypes.map((type) => [type.id, type]));
  const { byChannelByHour, selfRectified, leaderShare } = scenario.arrivals;
  const owned = new Set(scenario.spots.flatMap((spot) => spot.typeIds ?? []));

  const arrivals: Arrival[] = [];
  for (const [channelId, hours] of Object.entries(byChannelByHour)) {
    const chance = random.fork(channelId);
    const mix = scenario.typeMix[channelId];
    if (mix === undefined) continue;
    hours.forEach((mean, hour) => {
      for (let n = chance.count(mean); n > 0; n--) {
        const { typeId } = chance.weighted(mix);
        const own = scenario.spots.filter((spot) => spot.typeIds?.includes(typeId));
        const spot = chance.weighted(owned.has(typeId) && own.length > 0 ? own : scenario.spots.filter((s) => s.typeIds === null));
        const [angle, awayM] = [chance.between(0, 2 * Math.PI), spot.radiusM * Math.sqrt(chance.next())];
        const latDeg = spot.latDeg + (awayM * Math.cos(angle)) / M_PER_DEG;
        const lonDeg = spot.lonDeg + (awayM * Math.sin(angle)) / (M_PER_DEG * Math.cos((spot.latDeg * Math.PI) / 180));
        const rights = channelId === selfRectified.channelId && chance.next() < selfRectified.share;
        const severe = (eventTypes.get(typeId)?.severity ?? 4) <= 2;
        arrivals.push({
          atMs: midnightMs + (hour + chance.next()) * HOUR_MS,
          report: { channelId, typeId, place: spot.place, lonDeg, latDeg, note: null, cameraIds: [], simulated: true },
          forLeader: severe && chance.next() < leaderShare,
          selfRectifiesAfterS: rights ? chance.seconds(selfRectified.after) : null,
        });
      }
    });
  }
  return arrivals.sort((a, b) => a.atMs - b.atMs);
}

/** Local midnight before `atMs`. */
export function midnightBefore(atMs: number, utcOffsetMin: number): number {
  const offsetMs = utcOffsetMin * 60_000;
  return Math.floor((atMs + offsetMs) / DAY_MS) * DAY_MS - offsetMs;
}
