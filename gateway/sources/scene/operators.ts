import type { Actor, Incident, IncidentState } from '../../../protocol/messages/index.ts';
import type { LocalMetres } from '../../roads/localMetres.ts';
import type { Scenario, Spread } from '../../scene/scenario.ts';
import type { Intake } from '../source.ts';
import type { Agenda } from './agenda.ts';
import type { FieldCrew } from './fieldCrew.ts';
import { distanceM } from './polyline.ts';
import type { SceneMemory } from './sceneMemory.ts';
import type { SceneUnit } from './sceneUnits.ts';
import type { SeededRandom } from './seededRandom.ts';

export interface OperatorsOptions {
  intake: Intake;
  agenda: Agenda;
  metres: LocalMetres;
  units: readonly SceneUnit[];
  fieldCrew: Pick<FieldCrew, 'isOnDuty'>;
  scenario: Pick<Scenario, 'operators'>;
  random: SeededRandom;
  memory?: Pick<SceneMemory, 'keepLeft'> | null;
}

/** Roads are longer than the straight line; mean speeds on the way. */
const DETOUR = 1.4;
const REACH_MPS = { vehicle: 9, officer: 1.5 } as const;
/** A unit of the lead agency is worth a little waiting, one of a supporting agency half of that. */
const STRANGER_S = 60;
const SUPPORT_S = 30;
/** Vehicles that are always left to the duty leader. */
const RESERVE = 8;
const RETRY_S = 30;
/** What the duty leader has not touched for so long falls to them: a wall that nobody looks at for weeks must not gather a queue. */
const LEADER_AWAY_MS = 4 * 3_600_000;
/** Units that are asked before it is put off. */
const MOST_ASKED = 4;

interface Task {
  state: IncidentState | null;
  random: SeededRandom;
  cancel(): void;
}

/** What the scenario's operators sit down to next, and how long that takes them. */
const nextStep = (state: IncidentState): 'accept' | 'triage' | 'dispatch' | 'close' | null => {
  switch (state) {
    case 'reported':
      return 'accept';
    case 'accepted':
      return 'triage';
    case 'triaged':
      return 'dispatch';
    case 'handled':
      return 'close';
    case 'dispatched':
    case 'onTheWay':
    case 'onScene':
    case 'closed':
      return null;
  }
};

/** Operators at desks that are not ours. They do the everyday work, and leave a matter as soon as a person has touched it. */
export function createOperators({ intake, agenda, metres, units, fieldCrew, scenario, random, memory }: OperatorsOptions) {
  const { operators } = scenario;
  const by: Actor = { deskId: 'operators', name: operators.name, simulated: true };
  const tasks = new Map<string, Task>();

  const drop = (incidentId: string): void => {
    tasks.get(incidentId)?.cancel();
    tasks.delete(incidentId);
  };

  /** Free units, the best first. */
  const suitable = (incident: Incident): string[] => {
    const nowMs = agenda.nowMs();
    const place = metres.toXy([incident.lonDeg, incident.latDeg]);
    const free = units.filter(({ fact, mover }) => mover && !fieldCrew.isOnDuty(fact.id));
    const vehicles = free.filter(({ fact }) => fact.kind === 'vehicle');
    const askable = vehicles.length > RESERVE ? vehicles : [];
    return [...askable, ...free.filter(({ fact }) => fact.kind === 'officer')]
      .map(({ fact, pose }) => {
        const reachS = (distanceM(pose(nowMs), place) * DETOUR) / REACH_MPS[fact.kind === 'vehicle' ? 'vehicle' : 'officer'];
        if (fact.agencyId === incident.leadAgencyId) return { id: fact.id, costS: reachS };
        return { id: fact.id, costS: reachS + (incident.supportAgencyIds.includes(fact.agencyId) ? SUPPORT_S : STRANGER_S) };
      })
      .sort((a, b) => a.costS - b.costS || a.id.localeCompare(b.id))
      .slice(0, MOST_ASKED)
      .map(({ id }) => id);
  };

  const work = (incidentId: string, task: Task): void => {
    const incident = intake.incident(incidentId);
    const step = incident && nextStep(incident.state);
    if (!incident || !step) return;
    switch (step) {
      case 'accept':
        return insist(incidentId, task, intake.command('incident.accept', { incidentId }, by, null) === null);
      case 'triage':
        return insist(incidentId, task, intake.command('incident.triage', { incidentId, tier: incident.tier }, by, null) === null);
      case 'dispatch': {
        const sent = suitable(incident).some(
          (unitId) => intake.command('incident.dispatch', { incidentId, unitIds: [unitId] }, by, null) === null,
        );
        return insist(incidentId, task, sent);
      }
      case 'close':
        return insist(incidentId, task, intake.command('incident.close', { incidentId, outcome: 'handled' }, by, null) === null);
    }
  };
  /** What the desk refuses, or what finds nobody free, is tried again. */
  const insist = (incidentId: string, task: Task, done: boolean): void => {
    if (done || tasks.get(incidentId) !== task) return;
    task.cancel = agenda.at(agenda.nowMs() + RETRY_S * 1000, () => work(incidentId, task));
  };

  const look = (incident: Incident): void => {
    const task = tasks.get(incident.id);
    if (!task) return;
    if (incident.state === 'closed' || incident.steps.some((step) => !step.by.simulated)) return drop(incident.id);
    if (task.state === incident.state) return;
    task.cancel();
    task.state = incident.state;
    const step = nextStep(incident.state);
    if (!step) return;
    const spread: Spread = operators[step];
    task.cancel = agenda.at(agenda.nowMs() + task.random.spreadS(spread) * 1000, () => work(incident.id, task));
  };
  const stop = intake.onIncident(look);
  const take = (incidentId: string, label: string): void => {
    const incident = intake.incident(incidentId);
    if (!incident) throw new Error(`no incident ${incidentId}`);
    tasks.set(incidentId, { state: null, random: random.fork(`operators/${label}`), cancel: () => {} });
    look(incident);
  };

  return {
    /** From now on they see to it. @param label decides what is drawn for it. */
    take,
    /** It is the duty leader's; they see to it only when he is away. @param sinceMs For how long he has had it. */
    leave(incidentId: string, label: string, sinceMs: number = agenda.nowMs()): void {
      memory?.keepLeft(incidentId, sinceMs);
      agenda.at(sinceMs + LEADER_AWAY_MS, () => {
        memory?.keepLeft(incidentId, null);
        // Closed long ago, it may be out of the books.
        if (intake.incident(incidentId)) take(incidentId, label);
      });
    },
    /** Matters in hand. */
    get size() {
      return tasks.size;
    },
    dispose(): void {
      stop();
      tasks.clear();
    },
  };
}
export type Operators = ReturnType<typeof createOperators>;
