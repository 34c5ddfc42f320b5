import type { Road } from '../../protocol/town/town.ts';

export type TravelKind = 'vehicle' | 'officer';
/** `duty`: sent to an incident. `patrol`: driving about to see and be seen. */
export type Pace = 'duty' | 'patrol';

/**
 * Share of the speed limit that a vehicle makes good, junctions and bends included. On duty 0.9: a town main road then gives
 * 45 km/h, the figure with which ten standby posts keep the five-minute promise. Enforcement cars may not exceed the limit.
 */
const VEHICLE_SHARE: Readonly<Record<Pace, number>> = { duty: 0.9, patrol: 0.55 };
/** Brisk and strolling walk. */
const OFFICER_MPS: Readonly<Record<Pace, number>> = { duty: 1.6, patrol: 0.9 };

/**
 * Metres per second along a road, in the mean. A patrol is so slow that traffic holds it up only where that is slower still.
 * @param flow Share of the free-flow speed at that hour. Nobody on foot is held up by it.
 */
export function roadSpeedMps(road: Pick<Road, 'speedLimitKmh'>, kind: TravelKind, pace: Pace, flow = 1): number {
  if (kind === 'officer') return OFFICER_MPS[pace];
  return (road.speedLimitKmh / 3.6) * Math.min(VEHICLE_SHARE[pace], VEHICLE_SHARE.duty * flow);
}
