import type { Actor, Assignment, Detection, Incident, IncidentState, Step } from '../../../protocol/messages/index.ts';
import type { LonLat } from '../../../protocol/primitives.ts';
import type { Town } from '../../../protocol/town/town.ts';
import { insideRing } from '../../desk/insideRing.ts';
import { createLocalDay } from '../../desk/localDay.ts';
import type { TriageRules } from '../../desk/triageRules.ts';
import type { LocalMetres } from '../../roads/localMetres.ts';
import type { RoadGraph } from '../../roads/roadGraph.ts';
import type { Scenario } from '../../scene/scenario.ts';
import type { Arrival, Arrivals } from './arrivals.ts';
import { detectionOf } from './detectionOf.ts';
import { CREW_SET_OUT_S } from './fieldCrew.ts';
import type { Matter, Matters } from './matters.ts';
import { distanceM } from './polyline.ts';
import type { SceneUnit } from './sceneUnits.ts';
import type { SeededRandom } from './seededRandom.ts';

export interface MorningOptions {
  town: Town;
  scenario: Scenario;
  graph: RoadGraph;
  metres: LocalMetres;
  arrivals: Arrivals;
  matters: Matters;
  units: readonly SceneUnit[];
  random: SeededRandom;
  triage: TriageRules;
  /** When the scene begins. */
  startMs: number;
}

/** The day before the scene began. */
export interface Morning {
  incidents: Omit<Incident, 'rev'>[];
  detections: Omit<Detection, 'rev'>[];
  /** Open incidents that simulated operators go on with. */
  taken: { incidentId: string; label: string }[];
  /** Open incidents that wait for the duty leader. */
  left: { incidentId: string; label: string }[];
  /** Alerts that still wait. */
  waiting: { id: string; matter: Matter; detectedAtMs: number }[];
}

type PastIncident = Omit<Incident, 'rev'>;
interface Life {
  steps: Step[];
  assignment: Assignment;
}

/** A life is drawn again when it would reach past the start: the scenario's `pending` says what is open then. */
const MOST_DRAWS = 12;
/** A drive takes up to so much longer than the plan: traffic, parking, finding the door. */
const DRIVE_FACTOR = [1, 1.2] as const;
/** Without a way by road, the mean speed of a detour. */
const FALLBACK_MPS = 6;
const DETOUR = 1.4;
/** A vehicle of the lead agency is worth so much more way, one of a supporting agency half of that. */
const STRANGER_M = 400;
const SUPPORT_M = 200;
/** A step of an open matter lies at the latest at this share of its age. */
const LATEST_SHARE = 0.8;

/** Incidents and alerts from local midnight to the start, drawn from the same laws as those that come. */
export function playMorning(options: MorningOptions): Morning {
  const { town, scenario, graph, metres, arrivals, matters, units, random, triage, startMs } = options;
  const { operators } = scenario;
  const localDay = createLocalDay(town.scene.utcOffsetMin);
  const channelNames = new Map(town.channels.map((channel) => [channel.id, channel.name]));
  const places = new Map(town.places.map((place) => [place.id, place]));
  const busyUntilMs = new Map<string, number>();
  const vehicles = units.filter(({ fact }) => fact.kind === 'vehicle' && fact.crew.length > 0);
  const desk: Actor = { deskId: 'operators', name: operators.name, simulated: true };
  const leader: Actor = { deskId: 'leader', name: scenario.leader, simulated: true };
  const morning: Morning = { incidents: [], detections: [], taken: [], left: [], waiting: [] };

  const beatOf = new Map(
    scenario.units.map((row) => [row.id, row.kind === 'vehicle' && row.patrolPlaceIds.length > 0 ? row.patrolPlaceIds : [row.postId]]),
  );
  /** Somewhere on its beat. */
  const whereabouts = ({ fact }: SceneUnit, stream: SeededRandom): LonLat => {
    const place = places.get(stream.pick(beatOf.get(fact.id)!))!;
    return [place.lonDeg, place.latDeg];
  };
  /** The free vehicle that is nearest, those of other agencies some way behind, and where it is. */
  const vehicleFor = (matter: Matter, atMs: number, stream: SeededRandom): { unit: SceneUnit; from: LonLat } | null => {
    const { leadAgencyId, supportAgencyIds } = matters.typeOf(matter.typeId);
    const place = metres.toXy([matter.lonDeg, matter.latDeg]);
    const handicapM = (agencyId: string): number =>
      agencyId === leadAgencyId ? 0 : supportAgencyIds.includes(agencyId) ? SUPPORT_M : STRANGER_M;
    let best: { unit: SceneUnit; from: LonLat; costM: number } | null = null;
    for (const unit of vehicles) {
      const from = whereabouts(unit, stream);
      const costM = distanceM(metres.toXy(from), place) + handicapM(unit.fact.agencyId);
      if ((busyUntilMs.get(unit.fact.id) ?? 0) <= atMs && (!best || costM < best.costM)) best = { unit, from, costM };
    }
    return best;
  };
  const driveS = (from: LonLat, to: LonLat): number =>
    graph.route(from, to)?.durationS ?? (distanceM(metres.toXy(from), metres.toXy(to)) * DETOUR) / FALLBACK_MPS;

  const drawLife = (matter: Matter, reportedAtMs: number, stream: SeededRandom): Life | null => {
    const later = (fromMs: number, seconds: number): number => Math.round(fromMs + seconds * 1000);
    const acceptedAtMs = later(reportedAtMs, stream.spreadS(operators.accept));
    const triagedAtMs = later(acceptedAtMs, stream.spreadS(operators.triage));
    const orderedAtMs = later(triagedAtMs, stream.spreadS(operators.dispatch));
    const nearest = vehicleFor(matter, orderedAtMs, stream);
    if (!nearest) return null;
    const { unit, from } = nearest;
    const [leastS, mostS] = CREW_SET_OUT_S;
    const usualMs = later(reportedAtMs, stream.spreadS(operators.setOut));
    const setOutAtMs = Math.min(later(orderedAtMs, mostS), Math.max(later(orderedAtMs, leastS), usualMs));
    const wayS = driveS(from, [matter.lonDeg, matter.latDeg]) * stream.between(...DRIVE_FACTOR);
    const arrivedAtMs = later(setOutAtMs, wayS);
    const handledAtMs = later(arrivedAtMs, stream.spreadS(operators.handle));
    const closedAtMs = later(handledAtMs, stream.spreadS(operators.close));
    if (closedAtMs >= startMs) return null;
    const unitId = unit.fact.id;
    busyUntilMs.set(unitId, later(handledAtMs, wayS));
    const operator = matter.forLeader ? leader : desk;
    const crew: Actor = { deskId: unitId, name: unit.fact.name, simulated: true };
    const step = (state: IncidentState, atMs: number, by: Actor, ofUnit: string | null = null): Step => ({
      state,
      atMs,
      by,
      unitId: ofUnit,
      reason: null,
    });
    return {
      steps: [
        reportedStep(matter, reportedAtMs),
        step('accepted', acceptedAtMs, operator),
        step('triaged', triagedAtMs, operator),
        step('dispatched', orderedAtMs, operator, unitId),
        step('onTheWay', setOutAtMs, crew, unitId),
        step('onScene', arrivedAtMs, crew, unitId),
        step('handled', handledAtMs, crew, unitId),
        step('closed', closedAtMs, operator),
      ],
      assignment: { unitId, orderedAtMs, setOutAtMs, arrivedAtMs, releasedAtMs: handledAtMs, etaAtMs: null, route: [] },
    };
  };
  const reportedStep = (matter: Matter, atMs: number): Step => ({
    state: 'reported',
    atMs,
    by: { deskId: matter.channelId, name: channelNames.get(matter.channelId)!, simulated: true },
    unitId: null,
    reason: null,
  });

  const incidentOf = (matter: Matter, steps: Step[], assignments: Assignment[]): PastIncident => {
    const { severity, urgent, leadAgencyId, supportAgencyIds } = matters.typeOf(matter.typeId);
    const { channelId, typeId, place, lonDeg, latDeg, cameraIds, note } = matter;
    const state = steps.at(-1)!.state;
    const reportedAtMs = steps[0]!.atMs;
    const inCore = insideRing([lonDeg, latDeg], town.scene.core.ring);
    const given = { channelId, typeId, place, lonDeg, latDeg, inCore, severity, urgent, reporterCount: 1 };
    const triageRule = triage.propose(given, scenario.mode);
    const closedAtMs = state === 'closed' ? steps.at(-1)!.atMs : null;
    return {
      // Number and id follow when all are in order.
      id: '',
      number: '',
      ...given,
      tier: triageRule.tier,
      state,
      reportedAtMs,
      leadAgencyId,
      supportAgencyIds,
      cameraIds,
      assignments,
      steps,
      outcome: closedAtMs === null ? null : 'handled',
      note,
      simulated: true,
      reports: [{ id: '', channelId, atMs: reportedAtMs, place, lonDeg, latDeg, note, answeredAtMs: closedAtMs, fromIncidentId: null }],
      triageRule,
      chair: null,
      mergedInto: null,
    };
  };
  /** Told once the incident has its id. */
  const told: { incident: PastIncident; tell(incidentId: string): void }[] = [];

  const past = ({ id, channelId, atMs }: Arrival): void => {
    const matter = matters.draw(channelId, random.fork(`matter/${id}`));
    const settledMs = atMs + matter.settlesAfterS * 1000;
    if (matter.alert && settledMs >= startMs) {
      morning.detections.push(detectionOf(id, matter, atMs, 'open'));
      morning.waiting.push({ id, matter, detectedAtMs: atMs });
      return;
    }
    if (matter.selfRectifies) {
      morning.detections.push(detectionOf(id, matter, atMs, 'selfRectified'));
      return;
    }
    const stream = random.fork(`morning/${id}`);
    for (let i = 0; i < MOST_DRAWS; i += 1) {
      const life = drawLife(matter, settledMs, stream);
      if (!life) continue;
      told.push({
        incident: incidentOf(matter, life.steps, [life.assignment]),
        tell(incidentId) {
          if (matter.alert) morning.detections.push(detectionOf(id, matter, atMs, 'incident', incidentId));
        },
      });
      return;
    }
  };

  const pending = ({ agoS, state, ...given }: Scenario['pending'][number], index: number): void => {
    const stream = random.fork(`pending/${index}`);
    const reportedAtMs = startMs - agoS * 1000;
    const isAlert = matters.isSensor(given.channelId);
    const alert = isAlert ? { cameraId: given.cameraIds[0] ?? null, confidence: 0.93 } : null;
    const matter: Matter = { ...given, alert, settlesAfterS: 0, selfRectifies: false };
    const by = given.forLeader ? leader : desk;
    const steps = [reportedStep(matter, reportedAtMs)];
    const reached: IncidentState[] = state === 'reported' ? [] : state === 'accepted' ? ['accepted'] : ['accepted', 'triaged'];
    let ageS = 0;
    for (const next of reached) {
      ageS = Math.min(ageS + stream.spreadS(next === 'accepted' ? operators.accept : operators.triage), agoS * LATEST_SHARE);
      steps.push({ state: next, atMs: Math.round(reportedAtMs + ageS * 1000), by, unitId: null, reason: null });
    }
    const label = `pending-${index}`;
    told.push({
      incident: incidentOf(matter, steps, []),
      tell(incidentId) {
        (given.forLeader ? morning.left : morning.taken).push({ incidentId, label });
        if (isAlert) morning.detections.push(detectionOf(label, matter, reportedAtMs, 'incident', incidentId));
      },
    });
  };

  const midnightMs = localDay.startOf(localDay.dayOf(startMs));
  for (const arrival of arrivals.between(midnightMs, startMs)) past(arrival);
  scenario.pending.forEach(pending);

  told.sort((a, b) => a.incident.reportedAtMs - b.incident.reportedAtMs);
  const numbers = new Map<string, number>();
  for (const { incident, tell } of told) {
    const stamp = localDay.stampOf(incident.reportedAtMs);
    const count = (numbers.get(stamp) ?? 0) + 1;
    numbers.set(stamp, count);
    incident.number = `${stamp}-${String(count).padStart(4, '0')}`;
    incident.id = `inc-${incident.number}-scene`;
    incident.reports = incident.reports!.map((report) => ({ ...report, id: `rep-${incident.number}-scene` }));
    tell(incident.id);
    morning.incidents.push(incident);
  }
  return morning;
}
