import type { Actor, Incident } from '../../../protocol/messages/index.ts';
import type { RoadGraph } from '../../roads/roadGraph.ts';
import type { Scenario } from '../../scene/scenario.ts';
import type { Intake } from '../source.ts';
import type { Fleet } from './fleet.ts';
import type { Random } from './random.ts';

/** A matter for the duty leader that nobody has touched for so long is taken by the operators: an unattended desk must not fill up for ever. */
const LEADER_AWAY_MS = 30 * 60_000;
/** When no unit is free, an operator tries again after this, seconds. */
const RETRY_S = 20;
/** Candidates whose road is worked out: the nearest in a straight line. */
const SHORT_LIST = 6;

/**
 * People at other desks, simulated: they accept, judge, send the nearest suitable unit and close, each after a human delay. They never touch
 * what is meant for the duty leader, nor what a person at a wall has touched.
 */
export interface Operators {
  take(incident: Incident, forLeader: boolean): void;
  dispose(): void;
}

export function createOperators(scenario: Scenario, intake: Intake, fleet: Fleet, graph: RoadGraph, random: Random): Operators {
  const { accept, triage, dispatch, close } = scenario.operators;
  const by: Actor = { deskId: 'simulated-operator', name: scenario.operators.name, simulated: true };
  const pending = new Map<string, () => void>();

  const later = (id: string, afterS: number): void => {
    pending.get(id)?.();
    pending.set(
      id,
      intake.clock.after(afterS * 1000, () => {
        pending.delete(id);
        work(id);
      }),
    );
  };

  function work(id: string): void {
    const incident = intake.incident(id);
    if (!incident || incident.state === 'closed' || touched(incident)) return;
    switch (incident.state) {
      case 'reported':
        intake.command('incident.accept', { incidentId: id }, by, null);
        return later(id, random.seconds(triage));
      case 'accepted':
        intake.command('incident.triage', { incidentId: id, tier: incident.tier }, by, null);
        return later(id, random.seconds(dispatch));
      case 'triaged':
        if (incident.tier === 'simple') {
          // The centre hands simple matters straight to the village or community grid; no unit of the town goes.
          intake.command('incident.close', { incidentId: id, outcome: 'transferred' }, by, '交村社网格处置 / handed to the village grid');
          return;
        }
        if (!send(incident)) later(id, RETRY_S);
        return;
      case 'handled':
        intake.command('incident.close', { incidentId: id, outcome: 'handled' }, by, null);
        return;
      case 'dispatched':
      case 'onTheWay':
      case 'onScene':
        return; // the crew moves it on
    }
  }

  function send(incident: Incident): boolean {
    const target = [incident.lonDeg, incident.latDeg] as const;
    const kx = Math.cos((incident.latDeg * Math.PI) / 180);
    const suits = (agencyId: string): number =>
      agencyId === incident.leadAgencyId ? 1 : incident.supportAgencyIds.includes(agencyId) ? 1.2 : 1.6;
    const ranked = fleet
      .available()
      .map((unit) => ({ ...unit, away: Math.hypot((unit.lonDeg - target[0]) * kx, unit.latDeg - target[1]) * suits(unit.agencyId) }))
      .sort((a, b) => a.away - b.away)
      .slice(0, SHORT_LIST)
      .flatMap((unit) => {
        const kind = unit.kind === 'officer' ? 'officer' : 'vehicle';
        const route = graph.route([unit.lonDeg, unit.latDeg], [target[0], target[1]], { kind });
        return route ? [{ unitId: unit.unitId, cost: route.durationS * suits(unit.agencyId) }] : [];
      })
      .sort((a, b) => a.cost - b.cost);
    return ranked.some(
      ({ unitId }) => intake.command('incident.dispatch', { incidentId: incident.id, unitIds: [unitId] }, by, null) === null,
    );
  }

  const stopListening = intake.onIncident((incident) => {
    if (incident.state === 'handled' && !touched(incident)) later(incident.id, random.seconds(close));
    else if (incident.state === 'closed') {
      pending.get(incident.id)?.();
      pending.delete(incident.id);
    }
  });

  return {
    take(incident, forLeader) {
      const first = incident.state === 'reported' ? accept : incident.state === 'accepted' ? triage : dispatch;
      later(incident.id, forLeader ? LEADER_AWAY_MS / 1000 : random.seconds(first));
    },
    dispose() {
      stopListening();
      for (const cancel of pending.values()) cancel();
      pending.clear();
    },
  };
}

/** True when a person at a wall has made a step. */
function touched(incident: Incident): boolean {
  return incident.steps.some((step) => !step.by.simulated);
}
