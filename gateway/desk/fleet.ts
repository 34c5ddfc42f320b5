import type { Incident, Unit, UnitStatus } from '../../protocol/messages/index.ts';
import type { Standby, StandbyEnd } from '../../protocol/messages/unit.ts';
import type { Ledger } from './ledger.ts';

/** A unit as its source tells it: the desk adds `rev`, `incidentId` and the status of a unit that it sent. */
export type UnitReport = Omit<Unit, 'rev' | 'incidentId'>;

interface Duty {
  incidentId: string;
  status: Extract<UnitStatus, 'dispatched' | 'onScene'>;
}

/** The post that a unit was moved up to, if any, and how the order before that ended. */
interface Posting {
  standby: Standby | null;
  standbyEnded: StandbyEnd | null;
}

export const openAssignment = (incident: Incident, unitId: string) =>
  incident.assignments.find((assignment) => assignment.unitId === unitId && assignment.releasedAtMs === null);

/**
 * Who is where on duty. The status of a unit on duty is the desk's, except that an emergency and a lost unit always show.
 * Officers on board share the duty of their vehicle, so that their cameras and calls are found by the incident.
 */
export function createFleet(ledger: Ledger) {
  const reports = new Map<string, UnitReport>();
  const duties = new Map<string, Duty>();
  const postings = new Map<string, Posting>();
  const vehicleOf = new Map<string, string>();
  const handles = new Map<number, string>();
  let refusedHandles = 0;

  const dutyOf = (report: UnitReport): Duty | undefined => {
    const own = duties.get(report.id);
    if (own) return own;
    const vehicleId = report.vehicleId ?? vehicleOf.get(report.id);
    return vehicleId === undefined ? undefined : duties.get(vehicleId);
  };
  const tell = (unitId: string): number | null => {
    const report = reports.get(unitId);
    if (!report) return null;
    const duty = dutyOf(report);
    const keepsOwn = !duty || report.status === 'emergency' || report.status === 'offline';
    const status = keepsOwn ? report.status : duty.status;
    return ledger.recordChange('unit.updated', { ...report, ...postings.get(unitId), status, incidentId: duty?.incidentId ?? null });
  };
  /** @returns false when it was on no post but its own. */
  const leavePost = (unitId: string, end: Omit<StandbyEnd, 'postId'>): boolean => {
    const standby = postings.get(unitId)?.standby;
    if (!standby) return false;
    postings.set(unitId, { standby: null, standbyEnded: { postId: standby.postId, ...end } });
    return true;
  };
  const tellWithCrew = (unitId: string): void => {
    tell(unitId);
    for (const [memberId, vehicleId] of vehicleOf) if (vehicleId === unitId) tell(memberId);
  };

  // A journal that survived a restart knows who was sent where.
  for (const incident of ledger.all('incident.updated')) {
    if (incident.origin) continue;
    for (const { unitId, releasedAtMs, arrivedAtMs } of incident.assignments) {
      if (releasedAtMs === null) duties.set(unitId, { incidentId: incident.id, status: arrivedAtMs === null ? 'dispatched' : 'onScene' });
    }
  }

  for (const { id, origin, standby = null, standbyEnded = null } of ledger.all('unit.updated'))
    if (!origin && (standby || standbyEnded)) postings.set(id, { standby, standbyEnded });

  return {
    get refusedHandles() {
      return refusedHandles;
    },
    hear(report: UnitReport): void {
      const owner = handles.get(report.handle);
      if (owner !== undefined && owner !== report.id) {
        // Two units of one handle would be drawn as one in binary position frames.
        refusedHandles += 1;
        return;
      }
      const before = reports.get(report.id);
      if (before && before.handle !== report.handle) handles.delete(before.handle);
      handles.set(report.handle, report.id);
      reports.set(report.id, structuredClone(report));
      const members = new Set(report.crew.map((member) => member.unitId));
      for (const member of before?.crew ?? []) {
        if (!members.has(member.unitId) && vehicleOf.get(member.unitId) === report.id) {
          vehicleOf.delete(member.unitId);
          tell(member.unitId);
        }
      }
      for (const memberId of members) vehicleOf.set(memberId, report.id);
      if (members.size > 0) tellWithCrew(report.id);
      else tell(report.id);
    },
    get: (unitId: string): Unit | undefined => ledger.latest('unit.updated', unitId),
    all: (): Iterable<Unit> => ledger.all('unit.updated'),
    has: (unitId: string): boolean => ledger.latest('unit.updated', unitId) !== undefined,
    /** The vehicle that an officer rides in, or null on foot. */
    vehicleOf: (unit: Unit): string | null => unit.vehicleId ?? vehicleOf.get(unit.id) ?? null,
    onDuty: (unitId: string): boolean => duties.has(unitId),
    /** The incident that a unit itself was sent to; null when it is free. */
    dutyOf: (unitId: string): string | null => duties.get(unitId)?.incidentId ?? null,
    /** A unit that stands by leaves its post for the incident. */
    send(unitId: string, incidentId: string, { by, reason, atMs }: Pick<StandbyEnd, 'by' | 'reason' | 'atMs'>): void {
      leavePost(unitId, { by, reason, atMs, incidentId });
      duties.set(unitId, { incidentId, status: 'dispatched' });
      tellWithCrew(unitId);
    },
    arrive(unitId: string): void {
      const duty = duties.get(unitId);
      if (!duty) return;
      duties.set(unitId, { ...duty, status: 'onScene' });
      tellWithCrew(unitId);
    },
    release(unitId: string): void {
      if (duties.delete(unitId)) tellWithCrew(unitId);
    },
    /** @returns the event's number; null where it changes nothing. */
    moveUp(unitId: string, standby: Standby): number | null {
      if (!reports.has(unitId)) return null;
      postings.set(unitId, { standbyEnded: null, ...postings.get(unitId), standby });
      return tell(unitId);
    },
    /** @returns the event's number; null when it was on no post but its own. */
    sendHome: (unitId: string, end: Omit<StandbyEnd, 'postId'>): number | null =>
      reports.has(unitId) && leavePost(unitId, end) ? tell(unitId) : null,
    /** Units on the way to a post that they were moved up to. */
    movingUp: (): { unitId: string; standby: Standby }[] =>
      [...postings].flatMap(([unitId, { standby }]) => (standby?.arrivedAtMs === null ? [{ unitId, standby }] : [])),
  };
}
export type Fleet = ReturnType<typeof createFleet>;
