import type { Actor, Detection, Incident, Step } from '../../../protocol/messages/index.ts';
import type { LonLat } from '../../../protocol/primitives.ts';
import type { Town } from '../../../protocol/town/town.ts';
import { insideRing } from '../../desk/insideRing.ts';
import type { RoadGraph } from '../../roads/roadGraph.ts';
import type { Scenario } from '../../scene/scenario.ts';
import { midnightBefore, planDay } from './dayPlan.ts';
import type { Arrival } from './dayPlan.ts';
import type { Random } from './random.ts';

type PastIncident = Omit<Incident, 'rev'>;
type PastDetection = Omit<Detection, 'rev'>;
export interface Morning {
  incidents: PastIncident[];
  detections: PastDetection[];
  /** Open matters of `incidents`, with whether they wait for the duty leader. */
  open: { incidentId: string; forLeader: boolean }[];
}

/** Road time of the past hours against the free road: crews met traffic, and gates that had to be opened. */
const ROAD_SHARE = { low: 0.8, high: 1.3 };

/**
 * What happened between local midnight and the start of the scene, with every step timed by the same distributions and the same road network
 * as the live day. What would still have been under way at the start is left open as `triaged`, for the operators to send someone.
 */
export function createMorning(town: Town, scenario: Scenario, graph: RoadGraph, startMs: number, random: Random): Morning {
  const midnightMs = midnightBefore(startMs, town.scene.utcOffsetMin);
  const stamp = new Date(midnightMs + town.scene.utcOffsetMin * 60_000).toISOString().slice(0, 10).replaceAll('-', '');
  const eventTypes = new Map(town.eventTypes.map((type) => [type.id, type]));
  const { operators } = scenario;
  const operator: Actor = { deskId: 'simulated-operator', name: operators.name, simulated: true };
  const vehicles = scenario.units.filter((row) => row.kind === 'vehicle');
  const places = new Map(town.places.map((place) => [place.id, [place.lonDeg, place.latDeg] as LonLat]));
  const morning: Morning = { incidents: [], detections: [], open: [] };

  type Past = Pick<Arrival, 'atMs' | 'report' | 'forLeader' | 'selfRectifiesAfterS'> & {
    until: 'reported' | 'accepted' | 'triaged' | null;
  };
  const past: Past[] = [
    ...planDay(town, scenario, midnightMs)
      .filter((arrival) => arrival.atMs < startMs - 30_000)
      .map((arrival) => ({ ...arrival, until: null })),
    ...scenario.pending.map(({ agoS, state, forLeader, channelId, typeId, place, lonDeg, latDeg, note, cameraIds }) => ({
      atMs: startMs - agoS * 1000,
      report: { channelId, typeId, place, lonDeg, latDeg, note, cameraIds, simulated: true },
      forLeader,
      selfRectifiesAfterS: null,
      until: state,
    })),
  ].sort((a, b) => a.atMs - b.atMs);

  past.forEach((item, index) => {
    const number = `${stamp}-${String(index + 1).padStart(4, '0')}`;
    const { report, atMs } = item;
    const type = eventTypes.get(report.typeId);
    if (type === undefined) return;
    if (item.selfRectifiesAfterS !== null) {
      const rectified = atMs + item.selfRectifiesAfterS * 1000 < startMs;
      morning.detections.push(detectionOf(`det-${number}`, item, rectified ? 'selfRectified' : 'open', random));
      return;
    }
    const reporter = town.channels.find((channel) => channel.id === report.channelId)?.name ?? operators.name;
    const steps: Step[] = [
      { state: 'reported', atMs, by: { deskId: report.channelId, name: reporter, simulated: true }, unitId: null, reason: null },
    ];
    const incident: PastIncident = {
      id: `inc-${number}`,
      number,
      channelId: report.channelId,
      typeId: report.typeId,
      place: report.place,
      lonDeg: report.lonDeg,
      latDeg: report.latDeg,
      inCore: insideRing([report.lonDeg, report.latDeg], town.scene.core.ring),
      severity: type.severity,
      urgent: type.urgent,
      tier: type.tier,
      state: 'reported',
      reportedAtMs: atMs,
      reporterCount: 1,
      leadAgencyId: type.leadAgencyId,
      supportAgencyIds: type.supportAgencyIds,
      cameraIds: report.cameraIds,
      assignments: [],
      steps,
      outcome: null,
      note: report.note,
      simulated: true,
    };
    morning.incidents.push(incident);
    let clockMs = atMs;
    /** Makes a step unless it would lie after the start. */
    const step = (
      state: Step['state'],
      afterS: number,
      by = operator,
      unitId: string | null = null,
      reason: string | null = null,
    ): boolean => {
      if (clockMs + afterS * 1000 >= startMs) return false;
      clockMs += afterS * 1000;
      steps.push({ state, atMs: clockMs, by, unitId, reason });
      incident.state = state;
      return true;
    };
    const leaveOpen = (): void => void morning.open.push({ incidentId: incident.id, forLeader: item.forLeader && item.until !== null });

    if (item.until === 'reported' || !step('accepted', random.seconds(operators.accept))) return leaveOpen();
    if (item.until === 'accepted' || !step('triaged', random.seconds(operators.triage))) return leaveOpen();
    if (item.until === 'triaged') return leaveOpen();
    if (type.tier === 'simple') {
      if (!step('closed', random.seconds(operators.dispatch), operator, null, '交村社网格处置 / handed to the village grid'))
        return leaveOpen();
      incident.outcome = 'transferred';
      return;
    }
    // The nearest of the lead agency's posts and of all posts, as a dispatcher would have looked them up; not always the very first was free.
    const target: LonLat = [report.lonDeg, report.latDeg];
    const kx = Math.cos((report.latDeg * Math.PI) / 180);
    const near = vehicles
      .map((row) => ({ row, post: places.get(row.postId) ?? target, own: row.agencyId === type.leadAgencyId }))
      .map((it) => ({ ...it, away: Math.hypot((it.post[0] - target[0]) * kx, it.post[1] - target[1]) }))
      .sort((x, y) => x.away - y.away);
    const choices = [...near.filter((it) => it.own).slice(0, 2), ...near.slice(random.next() < 0.25 ? 1 : 0, 4)].flatMap(
      ({ row, post }) => {
        const route = graph.route(post, target);
        return route ? [{ row, route }] : [];
      },
    );
    const best = choices.sort((a, b) => a.route.durationS - b.route.durationS)[0];
    if (best === undefined) return leaveOpen();
    const [dispatchS, setOutS] = [random.seconds(operators.dispatch), random.between(4, 20)];
    const driveS = best.route.durationS * random.between(ROAD_SHARE.low, ROAD_SHARE.high);
    const [handleS, closeS] = [random.seconds(operators.handle), random.seconds(operators.close)];
    if (clockMs + (dispatchS + setOutS + driveS + handleS + closeS) * 1000 >= startMs) return leaveOpen();
    const crewActor: Actor = { deskId: best.row.id, name: best.row.name, simulated: true };
    const unitId = best.row.id;
    step('dispatched', dispatchS, operator, unitId);
    const orderedAtMs = clockMs;
    step('onTheWay', setOutS, crewActor, unitId);
    const setOutAtMs = clockMs;
    step('onScene', driveS, crewActor, unitId);
    const arrivedAtMs = clockMs;
    step('handled', handleS, crewActor, unitId);
    const releasedAtMs = clockMs;
    step('closed', closeS);
    incident.assignments.push({ unitId, orderedAtMs, setOutAtMs, arrivedAtMs, releasedAtMs, etaAtMs: arrivedAtMs, route: [] });
    incident.outcome = 'handled';
  });
  return morning;
}

/** A camera's alert as a fact. */
export function detectionOf(
  id: string,
  arrival: Pick<Arrival, 'atMs' | 'report'>,
  outcome: Detection['outcome'],
  random: Random,
): PastDetection {
  const { channelId, typeId, place, lonDeg, latDeg, cameraIds } = arrival.report;
  return {
    id,
    cameraId: cameraIds[0] ?? null,
    channelId,
    typeId,
    place,
    lonDeg,
    latDeg,
    confidence: Math.round(random.between(0.78, 0.98) * 100) / 100,
    detectedAtMs: arrival.atMs,
    outcome,
    incidentId: null,
    simulated: true,
  };
}
