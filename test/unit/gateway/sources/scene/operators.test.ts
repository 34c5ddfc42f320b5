import { describe, expect, it } from 'vitest';
import type { Incident } from '../../../../../protocol/messages/index.ts';
import type { Scenario } from '../../../../../gateway/scene/scenario.ts';
import { createOperators } from '../../../../../gateway/sources/scene/operators.ts';
import { createAgenda } from '../../../../../gateway/sources/scene/agenda.ts';
import { createSeededRandom } from '../../../../../gateway/sources/scene/seededRandom.ts';
import type { Intake } from '../../../../../gateway/sources/source.ts';
import { metres } from './onRoads.ts';
import { person, playScene, quiet, wuzhen } from './playScene.ts';
import { createTickingClock } from './tickingClock.ts';

const quantile = (values: number[], share: number): number => [...values].sort((a, b) => a - b)[Math.floor(share * values.length)]!;
/** One scripted report ten seconds after the start, as the test wants it. */
const scripted =
  (change: Partial<Scenario['script'][number]>) =>
  (given: Scenario): Scenario => ({
    ...quiet(given),
    script: [{ ...given.script[3]!, afterS: 10, forLeader: false, selfRectifiesAfterS: null, ...change }],
  });
const reported = (scene: ReturnType<typeof playScene>): Incident => scene.incidents().at(-1)!;

describe('operators', () => {
  it('take an everyday matter from acceptance to closing', () => {
    const scene = playScene({ change: scripted({}), tickMs: 5000, rate: 20 });
    scene.advance(15);
    expect(reported(scene).state).toBe('reported');
    scene.advance(4 * 3600);
    const { id, state, steps, outcome } = reported(scene);
    expect(state).toBe('closed');
    expect(outcome).toBe('handled');
    expect(steps.map((step) => step.action ?? step.state)).toEqual([
      'reported',
      'accepted',
      'triaged',
      'dispatched',
      'acknowledged',
      'onTheWay',
      'onScene',
      'handled',
      'closed',
    ]);
    expect(steps.every((step) => step.by.simulated)).toBe(true);
    expect(scene.desk.nearest(id, 1)).not.toBeNull();
    expect(scene.faults).toEqual([]);
  });

  it('leave to the duty leader what is his', () => {
    const scene = playScene({ change: scripted({ forLeader: true }), tickMs: 5000, rate: 20 });
    scene.advance(2 * 3600);
    expect(reported(scene).state).toBe('reported');
  });

  it('see to what is his when he has not come for hours, so that no queue grows; what he has touched stays his', () => {
    const change = (given: Scenario): Scenario => ({ ...scripted({ forLeader: true })(given), pending: given.pending });
    const scene = playScene({ change, tickMs: 5000, rate: 20 });
    scene.advance(60);
    const { id } = reported(scene);
    expect(scene.intake.command('incident.accept', { incidentId: id }, person, null)).toBeNull();
    scene.advance(7 * 3600);
    const open = scene.incidents().filter(({ state }) => state !== 'closed');
    expect(open.map((incident) => [incident.id, incident.state])).toEqual([[id, 'accepted']]);
    expect(scene.faults).toEqual([]);
  });

  it('leave a matter as soon as a person touches it, at any state', () => {
    for (const afterS of [15, 70]) {
      const scene = playScene({ change: scripted({}), tickMs: 5000, rate: 20 });
      scene.advance(afterS);
      const { id } = reported(scene);
      expect(scene.intake.command('incident.triage', { incidentId: id, tier: 'general' }, person, null)).toBeNull();
      scene.advance(2 * 3600);
      expect(reported(scene).state).toBe('triaged');
    }
    // Sent by a person: handled in the field, but his to close.
    const scene = playScene({ change: scripted({}), tickMs: 5000, rate: 20 });
    scene.advance(15);
    const { id } = reported(scene);
    expect(scene.intake.command('incident.dispatch', { incidentId: id, unitIds: ['ce06'] }, person, null)).toBeNull();
    scene.advance(2 * 3600);
    expect(reported(scene).state).toBe('handled');
  });

  it('go on with what was open when the scene began, and only with what is theirs', () => {
    const scene = playScene({ change: (given) => ({ ...quiet(given), pending: given.pending }), tickMs: 5000, rate: 20 });
    const open = scene.incidents();
    expect(open).toHaveLength(wuzhen.scenario.pending.length);
    scene.advance(3 * 3600);
    const theirs = scene
      .incidents()
      .filter(({ note }) => wuzhen.scenario.pending.some((row) => row.note?.en === note?.en && !row.forLeader));
    const leaders = scene
      .incidents()
      .filter(({ note }) => wuzhen.scenario.pending.some((row) => row.note?.en === note?.en && row.forLeader));
    expect(theirs.map(({ state }) => state)).toEqual(['closed', 'closed']);
    expect(leaders.map(({ state }) => state).sort()).toEqual(
      wuzhen.scenario.pending
        .filter((row) => row.forLeader)
        .map((row) => row.state)
        .sort(),
    );
  });

  it('leave vehicles to the duty leader however much comes in', () => {
    const scene = playScene({
      tickMs: 1000,
      change: (given) => ({
        ...quiet(given),
        // Never taken for one matter.
        script: Array.from({ length: 60 }, (_, i) => ({
          ...given.script[3]!,
          typeId: 'price_dispute',
          afterS: i,
          forLeader: false,
          selfRectifiesAfterS: null,
        })),
      }),
    });
    let fewest = Infinity;
    for (let i = 0; i < 60; i += 1) {
      scene.advance(20);
      const free = [...scene.desk.fleet.all()].filter((unit) => unit.kind === 'vehicle' && unit.status === 'available').length;
      fewest = Math.min(fewest, free);
    }
    expect(fewest).toBe(8);
  });

  it('try again when the desk refuses or nobody is free', () => {
    const clock = createTickingClock(0, 100);
    let state: Incident['state'] = 'reported';
    let asked = 0;
    const incident = (): Incident => ({ id: 'i', state, steps: [] }) as unknown as Incident;
    const intake = {
      incident,
      onIncident: () => () => {},
      command: () => ((asked += 1) < 3 ? 'busy' : ((state = 'accepted'), null)),
    } as unknown as Intake;
    const operators = createOperators({
      intake,
      agenda: createAgenda(clock),
      metres,
      units: [],
      fieldCrew: { isOnDuty: () => false },
      scenario: wuzhen.scenario,
      random: createSeededRandom(1),
    });
    operators.take('i', 'label');
    clock.advance(400_000);
    expect(asked).toBe(3);
    expect(state).toBe('accepted');
  });

  it('need the time that the scenario gives them: median and p90 within 10 % over 2,000 matters', () => {
    const clock = createTickingClock(0, 100);
    const incidents = new Map<string, Incident>();
    const waits: Record<string, number[]> = {};
    let listener: (incident: Incident) => void = () => {};
    const move = (id: string, state: Incident['state']): null => {
      const before = incidents.get(id)!;
      const step = {
        state,
        atMs: agenda.nowMs(),
        by: { deskId: 'operators', name: { zh: '-', en: '-' }, simulated: true },
        unitId: null,
        reason: null,
      };
      const after = { ...before, state, steps: [...before.steps, step] };
      (waits[state] ??= []).push((step.atMs - before.steps.at(-1)!.atMs) / 1000);
      incidents.set(id, after);
      listener(after);
      return null;
    };
    const agenda = createAgenda(clock);
    const intake = {
      incident: (id: string) => incidents.get(id),
      onIncident: (heard: typeof listener) => {
        listener = heard;
        return () => {};
      },
      command(type: string, { incidentId }: { incidentId: string }) {
        // The street is not part of this test: whoever is sent has handled it at once.
        if (type === 'incident.dispatch') return (move(incidentId, 'dispatched'), move(incidentId, 'handled'));
        return move(incidentId, type === 'incident.accept' ? 'accepted' : type === 'incident.triage' ? 'triaged' : 'closed');
      },
    } as unknown as Intake;
    const unit = { fact: { id: 'u', kind: 'officer', agencyId: 'ce' }, mover: {}, crew: null, pose: () => ({ x: 0, y: 0 }) };
    const operators = createOperators({
      intake,
      agenda,
      metres,
      units: [unit as never],
      fieldCrew: { isOnDuty: () => false },
      scenario: wuzhen.scenario,
      random: createSeededRandom(wuzhen.scenario.seed),
    });
    for (let i = 0; i < 2000; i += 1) {
      const step = {
        state: 'reported',
        atMs: 0,
        by: { deskId: 'grid', name: { zh: '-', en: '-' }, simulated: true },
        unitId: null,
        reason: null,
      };
      const incident = {
        id: `i${i}`,
        state: 'reported',
        severity: 4,
        tier: 'simple',
        lonDeg: 120.5,
        latDeg: 30.7,
        leadAgencyId: 'ce',
        supportAgencyIds: [],
        steps: [step],
      };
      incidents.set(incident.id, incident as unknown as Incident);
      operators.take(incident.id, `label-${i}`);
    }
    clock.advance(20_000);
    clock.advance(10_000_000);
    const spreads = { accepted: 'accept', triaged: 'triage', dispatched: 'dispatch', closed: 'close' } as const;
    for (const [state, name] of Object.entries(spreads)) {
      const { medianS, p90S } = wuzhen.scenario.operators[name];
      expect(waits[state]).toHaveLength(2000);
      expect(Math.abs(quantile(waits[state]!, 0.5) / medianS - 1), `${name} median`).toBeLessThan(0.1);
      expect(Math.abs(quantile(waits[state]!, 0.9) / p90S - 1), `${name} p90`).toBeLessThan(0.1);
    }
    expect(operators.size).toBe(0);
  });
});
