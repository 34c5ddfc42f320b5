import type { Incident, Unit } from '../../protocol/messages/index.ts';
import type { QueryItem } from '../../protocol/queries/index.ts';
import type { LonLat } from '../../protocol/primitives.ts';
import type { Fix } from '../../protocol/frames/position.ts';
import type { Skill } from '../../protocol/town/town.ts';
import type { Router, RouterWay, RoadWay } from './deskContext.ts';
import { straightWay, toldWay } from './wayTo.ts';

export type Candidate = QueryItem['nearest'];
type Reason = NonNullable<Candidate['reasons']>[number];

/**
 * Lead agency first when arrival is comparable. Comparable means: a unit of the lead agency goes before one that would be
 * there up to this much sooner; a supporting agency has half the preference. One number per unit, so that the order is total.
 */
const HANDICAP_S: Readonly<Record<Candidate['reason'], number>> = { leadAgency: 0, supportAgency: 30, nearest: 60 };
/** Who lacks what the matter needs can only hold the place until somebody comes who can act. */
const LACKS_SKILL_S = 240;
/** Leaving a matter half done costs that one: only where nobody free is nearly as near. */
const BUSY_S = 120;
/** A position older than this says nothing about where a unit is now. */
const MAX_POSITION_AGE_MS = 120_000;

const agencyReasonOf = (unit: Unit, incident: Incident): Candidate['reason'] => {
  if (unit.agencyId === incident.leadAgencyId) return 'leadAgency';
  return incident.supportAgencyIds.includes(unit.agencyId) ? 'supportAgency' : 'nearest';
};

/** Who is where and free: of now, or of a moment of the past. */
export interface Whereabouts {
  nowMs(): number;
  units(): Iterable<Unit>;
  /** The incident that it was sent to, itself or with its vehicle; null when it is free. */
  dutyOf(unit: Unit): Incident | null;
  /** The vehicle that an officer rides in, or null on foot. */
  vehicleOf(unit: Unit): string | null;
  latestFix(unitId: string): Fix | undefined;
  readonly router: Router;
  readonly skills: readonly Skill[];
}

interface Free {
  unit: Unit;
  from: LonLat;
  /** The less severe matter that it would leave. */
  busyWith: Incident | null;
}

/** Where a unit that could go is; null for one that cannot be asked. */
export function whereIfFree(unit: Unit, where: Whereabouts): LonLat | null {
  if (unit.origin || (unit.kind !== 'vehicle' && unit.kind !== 'officer')) return null;
  if (where.vehicleOf(unit) !== null || unit.status === 'emergency' || unit.status === 'offline') return null;
  const fix = where.latestFix(unit.id);
  return fix && where.nowMs() - fix.observedAtMs <= MAX_POSITION_AGE_MS ? [fix.lonDeg, fix.latDeg] : null;
}

/** Vehicles and officers on foot that are free, or busy with something less severe (a larger number). */
function whoCouldGo(incident: Incident, where: Whereabouts): Free[] {
  const found: Free[] = [];
  for (const unit of where.units()) {
    const from = whereIfFree(unit, where);
    if (!from) continue;
    const duty = where.dutyOf(unit);
    if (duty) {
      if (duty.id !== incident.id && duty.severity > incident.severity) found.push({ unit, from, busyWith: duty });
    } else if (unit.status === 'available') found.push({ unit, from, busyWith: null });
  }
  return found;
}

/** Units that can be at the incident first, best first, each with what speaks for it and against it. */
export function nearestUnits(incident: Incident, limit: number, where: Whereabouts): Candidate[] {
  const atMs = where.nowMs();
  const to: LonLat = [incident.lonDeg, incident.latDeg];
  const free = whoCouldGo(incident, where);
  const needed = where.skills.filter((skill) => skill.typeIds.includes(incident.typeId));
  const ways = new Map<Free, RouterWay | null>();
  for (const kind of ['vehicle', 'officer'] as const) {
    const ofKind = free.filter(({ unit }) => unit.kind === kind);
    if (ofKind.length === 0) continue;
    const found = where.router.waysTo(
      to,
      ofKind.map(({ from }) => from),
      { kind, atMs },
    );
    ofKind.forEach((one, i) => ways.set(one, found[i] ?? null));
  }
  const ranked = free.map((one) => {
    const { unit, from, busyWith } = one;
    const way = ways.get(one) ?? null;
    const straight = way ? null : straightWay(unit.kind, from, to);
    const etaS = Math.round((way ?? straight!).durationS);
    const agency = agencyReasonOf(unit, incident);
    const lacking = needed.filter((skill) => !skill.agencyIds.includes(unit.agencyId) && !skill.unitIds.includes(unit.id));
    const scoreS = etaS + HANDICAP_S[agency] + (lacking.length > 0 ? LACKS_SKILL_S : 0) + (busyWith ? BUSY_S : 0);
    const line = (): RoadWay => (way ? toldWay(way.route()) : straight!);
    return { unit, busyWith, etaS, agency, lacking, scoreS, line };
  });
  ranked.sort((a, b) => a.scoreS - b.scoreS || a.etaS - b.etaS || a.unit.id.localeCompare(b.unit.id));
  const best = ranked.slice(0, limit);
  const soonestS = Math.min(...best.map(({ etaS }) => etaS));
  return best.map(({ unit, busyWith, etaS, agency, lacking, line }) => {
    const reasons: Reason[] = [];
    if (lacking.length > 0) reasons.push('lacksSkill');
    if (busyWith) reasons.push('busyLessSevere');
    if (etaS === soonestS) reasons.push('soonest');
    reasons.push(agency === 'nearest' ? 'otherAgency' : agency);
    if (needed.length > 0 && lacking.length === 0) reasons.push('skilled');
    if (unit.standby) reasons.push('movingUp');
    if (unit.kind === 'officer') reasons.push('onFoot');
    const { distanceM, line: route } = line();
    return {
      unitId: unit.id,
      distanceM: Math.round(distanceM),
      etaS,
      reason: agency,
      route,
      reasons,
      ...(lacking.length > 0 ? { lacksSkillIds: lacking.map((skill) => skill.id) } : {}),
      ...(busyWith ? { busyWith: { incidentId: busyWith.id, number: busyWith.number, severity: busyWith.severity } } : {}),
    };
  });
}
