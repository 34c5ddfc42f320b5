import type { Assignment, Incident } from '../../../protocol/messages/index.ts';
import type { LonLat } from '../../../protocol/primitives.ts';
import type { LocalMetres } from '../../roads/localMetres.ts';
import type { Scenario } from '../../scene/scenario.ts';
import type { Intake, Order } from '../source.ts';
import type { Agenda } from './agenda.ts';
import type { SceneUnit } from './sceneUnits.ts';
import type { SeededRandom } from './seededRandom.ts';

export interface FieldCrewOptions {
  intake: Intake;
  agenda: Agenda;
  metres: LocalMetres;
  units: readonly SceneUnit[];
  operators: Scenario['operators'];
  random: SeededRandom;
}

/**
 * A person at a wall watches what he ordered: a crew that is on the move answers and goes at once, one that stands gets in first,
 * and the work on scene takes the scenario's time, but no longer than one likes to watch. What simulated operators order takes the
 * scenario's times as they fall.
 */
const WATCHED = { movingS: [2, 4.5], standingS: [3, 7], leastHandleS: 40, mostHandleS: 90 } as const;
/**
 * The scenario counts setting out from the report; what is left of that when the order comes lies with the crew. Nobody rolls at
 * once, and a crew on standby is rolling within three quarters of a minute.
 */
export const CREW_SET_OUT_S = [5, 45] as const;
/** A crew answers the order on the radio, and then rolls: share of the time until it does. */
const ANSWER_SHARE = 0.4;
/** Work that was begun before this gateway started is not over at once. */
const LEAST_LEFT_S = 5;
const ETA_PERIOD_MS = 2000;
const MOVING_MPS = 0.5;

interface Duty {
  incidentId: string;
  target: LonLat;
  /** Ordered by a person, not by a simulated operator. */
  watched: boolean;
  cancel(): void;
}

/** Crews in the field: what they do about an order, from the radio call to being back on their beat. */
export function createFieldCrew({ intake, agenda, metres, units, operators, random }: FieldCrewOptions) {
  const unitOf = new Map(units.map((unit) => [unit.fact.id, unit]));
  const duties = new Map<string, Duty>();
  /** What takes back the order to drive to a post; kept while they stand there. */
  const movedUp = new Map<string, () => void>();
  /** Crews on foot around their vehicle are aboard again by then. */
  const aboardMs = new Map<string, number>();
  let orders = 0;

  const orderedBySimulated = (incident: Incident | undefined, unitId: string): boolean =>
    incident?.steps.findLast((step) => step.state === 'dispatched' && step.unitId === unitId)?.by.simulated ?? false;

  const setOutDelayS = (unitId: string, incident: Incident | undefined, watched: boolean, stream: SeededRandom): number => {
    const nowMs = agenda.nowMs();
    const isMoving = unitOf.get(unitId)!.pose(nowMs).speedMps > MOVING_MPS;
    const quickS = isMoving ? stream.between(...WATCHED.movingS) : stream.between(...WATCHED.standingS);
    const [leastS, mostS] = CREW_SET_OUT_S;
    const leftS = incident ? stream.spreadS(operators.setOut) - (nowMs - incident.reportedAtMs) / 1000 : 0;
    const usualS = watched ? quickS : Math.min(mostS, Math.max(leastS, leftS));
    return Math.max(usualS, ((aboardMs.get(unitId) ?? 0) - nowMs) / 1000);
  };

  const handled = (unitId: string, duty: Duty): void => {
    intake.progress({ unitId, incidentId: duty.incidentId, step: 'handled' });
    // The desk calls everybody back with that; whoever is still here goes by himself.
    if (duties.get(unitId) === duty) goBack(unitId, duty);
  };
  const arrived = (unitId: string, duty: Duty, stream: SeededRandom): void => {
    work(unitId, duty, agenda.nowMs(), stream);
    intake.progress({ unitId, incidentId: duty.incidentId, step: 'arrived' });
  };
  const work = (unitId: string, duty: Duty, arrivedMs: number, stream: SeededRandom): void => {
    const nowMs = agenda.nowMs();
    unitOf.get(unitId)!.crew?.stepOut(nowMs, metres.toXy(duty.target));
    const drawnS = stream.spreadS(operators.handle);
    const handleS = duty.watched ? Math.min(WATCHED.mostHandleS, Math.max(WATCHED.leastHandleS, drawnS)) : drawnS;
    duty.cancel = agenda.at(Math.max(nowMs + LEAST_LEFT_S * 1000, arrivedMs + handleS * 1000), () => handled(unitId, duty));
  };
  const underWay = (unitId: string, duty: Duty, arrivesMs: number, stream: SeededRandom): void => {
    const nextMs = Math.min(arrivesMs, agenda.nowMs() + ETA_PERIOD_MS);
    duty.cancel = agenda.at(nextMs, () => {
      if (nextMs === arrivesMs) return arrived(unitId, duty, stream);
      underWay(unitId, duty, arrivesMs, stream);
      intake.progress({ unitId, incidentId: duty.incidentId, etaAtMs: arrivesMs });
    });
  };
  /** @returns when it will be there; null without any way: it stands and waits for the desk to call it back. */
  const ride = (unitId: string, duty: Duty, stream: SeededRandom): number | null => {
    const arrivesMs = unitOf.get(unitId)!.mover!.go(duty.target, agenda.nowMs());
    duty.cancel = () => {};
    if (arrivesMs !== null) underWay(unitId, duty, arrivesMs, stream);
    return arrivesMs;
  };
  const setOut = (unitId: string, duty: Duty, stream: SeededRandom): void => {
    const arrivesMs = ride(unitId, duty, stream);
    if (arrivesMs !== null) intake.progress({ unitId, incidentId: duty.incidentId, step: 'setOut', etaAtMs: arrivesMs });
  };
  const goBack = (unitId: string, duty: Duty): void => {
    duty.cancel();
    duties.delete(unitId);
    const unit = unitOf.get(unitId)!;
    const nowMs = agenda.nowMs();
    const leavesMs = unit.crew?.stepIn(nowMs) ?? nowMs;
    if (leavesMs > nowMs) aboardMs.set(unitId, leavesMs);
    unit.mover!.release(nowMs, leavesMs);
  };

  const takeUp = (unitId: string, duty: Duty, incident: Incident | undefined, stream: SeededRandom): void => {
    duties.set(unitId, duty);
    const delayS = setOutDelayS(unitId, incident, duty.watched, stream);
    aboardMs.delete(unitId);
    const rollsMs = agenda.nowMs() + delayS * 1000;
    const declines = !duty.watched && operators.declines && stream.chance(operators.declines.share) ? operators.declines : null;
    duty.cancel = agenda.at(agenda.nowMs() + delayS * ANSWER_SHARE * 1000, () => {
      if (declines) return decline(unitId, duty, stream.pick(declines.notes).zh);
      duty.cancel = agenda.at(rollsMs, () => setOut(unitId, duty, stream));
      intake.progress({ unitId, incidentId: duty.incidentId, step: 'acknowledged' });
    });
  };
  const decline = (unitId: string, duty: Duty, note: string): void => {
    intake.progress({ unitId, incidentId: duty.incidentId, step: 'declined', note });
    // The desk calls it back with that; whoever is still here goes by himself.
    if (duties.get(unitId) === duty) goBack(unitId, duty);
  };

  /** They answer like anybody whom a person watches, drive there and stay. */
  const moveUp = (unitId: string, target: LonLat): void => {
    const unit = unitOf.get(unitId)!;
    movedUp.get(unitId)?.();
    orders += 1;
    const stream = random.fork(`standby/${unitId}/${orders}`);
    const nowMs = agenda.nowMs();
    const isMoving = unit.pose(nowMs).speedMps > MOVING_MPS;
    const delayS = isMoving ? stream.between(...WATCHED.movingS) : stream.between(...WATCHED.standingS);
    const rollsMs = Math.max(nowMs + delayS * 1000, aboardMs.get(unitId) ?? 0);
    movedUp.set(
      unitId,
      agenda.at(rollsMs, () => unit.mover!.go(target, agenda.nowMs())),
    );
  };
  /** @returns whether they were on a post, or on the way to one. */
  const leavePost = (unitId: string): boolean => {
    movedUp.get(unitId)?.();
    return movedUp.delete(unitId);
  };

  return {
    /** Whether the unit has an order. */
    isOnDuty: (unitId: string): boolean => duties.has(unitId),
    /** @throws when there is no such unit, or it is one that rides in another. */
    order(order: Order): void {
      const { unitId } = order;
      const mover = unitOf.get(unitId)?.mover;
      if (!mover) throw new Error(`order for ${unitId}, which cannot be sent`);
      const present = duties.get(unitId);
      if (order.kind === 'standby') return moveUp(unitId, order.route.at(-1) ?? [order.lonDeg, order.latDeg]);
      if (order.kind === 'home') {
        if (leavePost(unitId)) mover.release(agenda.nowMs(), agenda.nowMs());
        return;
      }
      const { incidentId } = order;
      if (order.kind === 'recall') {
        if (present?.incidentId === incidentId) goBack(unitId, present);
        return;
      }
      if (present) goBack(unitId, present);
      leavePost(unitId);
      orders += 1;
      const stream = random.fork(`order/${unitId}/${orders}`);
      const incident = intake.incident(incidentId);
      const watched = !orderedBySimulated(incident, unitId);
      // The route ends on the street at the place; without one the place itself is the aim.
      const duty: Duty = { incidentId, target: order.route.at(-1) ?? [order.lonDeg, order.latDeg], watched, cancel: () => {} };
      takeUp(unitId, duty, incident, stream);
    },
    /** Goes on to a post, or stays there, after this gateway was started anew. */
    resumeStandby(unitId: string, target: LonLat): void {
      if (unitOf.get(unitId)?.mover) moveUp(unitId, target);
    },
    /** Goes on with an order from before this gateway started; one for a unit of another source is not ours. */
    resume(incident: Incident, { unitId, setOutAtMs, arrivedAtMs, route }: Assignment): void {
      const mover = unitOf.get(unitId)?.mover;
      if (!mover) return;
      const target = route.at(-1) ?? ([incident.lonDeg, incident.latDeg] as const);
      const watched = !orderedBySimulated(incident, unitId);
      const duty: Duty = { incidentId: incident.id, target: [...target], watched, cancel: () => {} };
      const stream = random.fork(`resumed/${unitId}/${incident.id}`);
      if (setOutAtMs === null && arrivedAtMs === null) return takeUp(unitId, duty, incident, stream);
      duties.set(unitId, duty);
      if (arrivedAtMs !== null) {
        mover.hold(agenda.nowMs());
        return work(unitId, duty, arrivedAtMs, stream);
      }
      const arrivesMs = ride(unitId, duty, stream);
      if (arrivesMs !== null) intake.progress({ unitId, incidentId: incident.id, etaAtMs: arrivesMs });
    },
  };
}
export type FieldCrew = ReturnType<typeof createFieldCrew>;
