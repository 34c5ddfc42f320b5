import type { Incident, Unit } from '../../protocol/messages/index.ts';
import type { QueryItem } from '../../protocol/queries/index.ts';
import type { LonLat } from '../../protocol/primitives.ts';
import type { Fix } from '../../protocol/frames/position.ts';
import type { Router } from './deskContext.ts';
import { distanceM, wayTo } from './wayTo.ts';

export type Candidate = QueryItem['nearest'];

/**
 * Lead agency first when arrival is comparable. Comparable means: a unit of the lead agency goes before one that would be
 * there up to this much sooner; a supporting agency has half the preference. One number per unit, so that the order is total.
 */
const HANDICAP_S: Readonly<Record<Candidate['reason'], number>> = { leadAgency: 0, supportAgency: 30, nearest: 60 };
/** A position older than this says nothing about where a unit is now. */
const MAX_POSITION_AGE_MS = 120_000;
/** Routes are computed for the units nearest by air only. */
const ROUTED_PER_PLACE = 4;

const reasonFor = (unit: Unit, incident: Incident): Candidate['reason'] => {
  if (unit.agencyId === incident.leadAgencyId) return 'leadAgency';
  return incident.supportAgencyIds.includes(unit.agencyId) ? 'supportAgency' : 'nearest';
};

/** Who is where and free: of now, or of a moment of the past. */
export interface Whereabouts {
  nowMs(): number;
  units(): Iterable<Unit>;
  /** Sent to an incident, itself or with its vehicle. */
  onDuty(unit: Unit): boolean;
  /** The vehicle that an officer rides in, or null on foot. */
  vehicleOf(unit: Unit): string | null;
  latestFix(unitId: string): Fix | undefined;
  readonly router: Router;
}

/** Available vehicles and officers on foot that can be at the incident first, best first. */
export function nearestUnits(incident: Incident, limit: number, where: Whereabouts): Candidate[] {
  const nowMs = where.nowMs();
  const to: LonLat = [incident.lonDeg, incident.latDeg];
  const free: { unit: Unit; from: LonLat; airM: number; reason: Candidate['reason'] }[] = [];
  for (const unit of where.units()) {
    if (unit.kind !== 'vehicle' && unit.kind !== 'officer') continue;
    if (unit.status !== 'available' || where.onDuty(unit) || where.vehicleOf(unit) !== null) continue;
    const fix = where.latestFix(unit.id);
    if (!fix || nowMs - fix.observedAtMs > MAX_POSITION_AGE_MS) continue;
    const from: LonLat = [fix.lonDeg, fix.latDeg];
    free.push({ unit, from, airM: distanceM(from, to), reason: reasonFor(unit, incident) });
  }
  // Vehicles and walkers are drawn separately: a crowd of officers nearby must not hide a car that is there sooner.
  const drawn = (['vehicle', 'officer'] as const).flatMap((kind) =>
    free
      .filter(({ unit }) => unit.kind === kind)
      .sort((a, b) => a.airM - b.airM)
      .slice(0, limit * ROUTED_PER_PLACE),
  );
  return drawn
    .map(({ unit, from, reason }) => {
      const way = wayTo(where.router, unit.kind, from, to);
      return { unitId: unit.id, distanceM: Math.round(way.distanceM), etaS: Math.round(way.durationS), reason, route: way.line };
    })
    .sort((a, b) => a.etaS + HANDICAP_S[a.reason] - (b.etaS + HANDICAP_S[b.reason]) || a.etaS - b.etaS || a.unitId.localeCompare(b.unitId))
    .slice(0, limit);
}
