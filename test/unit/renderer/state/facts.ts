import type { Assignment, Incident, Step, Unit } from '../../../../protocol/messages/index.ts';

export const T0 = 1_778_671_200_000;
const actor = { deskId: 'd', name: { zh: '席', en: 'Desk' }, simulated: true };

export const step = (state: Incident['state'], atMs: number): Step => ({ state, atMs, by: actor, unitId: null, reason: null });
export const assignment = (unitId: string, orderedAtMs: number, change: Partial<Assignment> = {}): Assignment => ({
  unitId,
  orderedAtMs,
  setOutAtMs: null,
  arrivedAtMs: null,
  releasedAtMs: null,
  etaAtMs: null,
  route: [],
  ...change,
});
export function incident(id: string, change: Partial<Incident> = {}): Incident {
  const reportedAtMs = change.reportedAtMs ?? T0;
  return {
    id,
    rev: 1,
    number: id,
    channelId: 'public',
    typeId: 'road_damage',
    place: { zh: '子夜路', en: 'Ziye Road' },
    lonDeg: 120.49,
    latDeg: 30.74,
    inCore: true,
    severity: 2,
    urgent: false,
    tier: 'general',
    state: 'reported',
    reportedAtMs,
    reporterCount: 1,
    leadAgencyId: 'ce',
    supportAgencyIds: [],
    cameraIds: [],
    assignments: [],
    steps: [step('reported', reportedAtMs)],
    outcome: null,
    note: null,
    simulated: true,
    ...change,
  };
}
export const unit = (id: string, change: Partial<Unit> = {}): Unit => ({
  id,
  rev: 1,
  kind: 'vehicle',
  name: { zh: id, en: id },
  agencyId: 'ce',
  handle: 1,
  status: 'available',
  crew: [],
  vehicleId: null,
  plate: null,
  postId: null,
  incidentId: null,
  cameraIds: [],
  callAddress: null,
  talkGroup: null,
  simulated: true,
  ...change,
});
