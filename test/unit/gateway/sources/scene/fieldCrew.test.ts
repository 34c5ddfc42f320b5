import { describe, expect, it } from 'vitest';
import { incidentMessage } from '../../../../../protocol/messages/incident.ts';
import type { Actor, Incident } from '../../../../../protocol/messages/index.ts';
import type { LonLat } from '../../../../../protocol/primitives.ts';
import { distanceM } from '../../../../../gateway/sources/scene/polyline.ts';
import { metres, roadAtLonLat } from './onRoads.ts';
import { person, playScene, quiet, wuzhen } from './playScene.ts';

const operator: Actor = { deskId: 'operators', name: { zh: '坐席', en: 'Operator' }, simulated: true };
type Played = ReturnType<typeof playScene>;

const report = (scene: Played, at: LonLat = [120.51104, 30.73789]): string =>
  scene.intake.report({
    channelId: 'grid',
    typeId: 'road_excavation',
    place: { zh: '子夜东路', en: 'Ziye East Road' },
    lonDeg: at[0],
    latDeg: at[1],
    note: null,
    cameraIds: [],
    simulated: true,
  });
const send = (scene: Played, incidentId: string, unitId: string, by = person): void => {
  expect(scene.intake.command('incident.dispatch', { incidentId, unitIds: [unitId] }, by, null)).toBeNull();
};
const fixOf = (scene: Played, unitId: string) => scene.positions.latest(unitId)!;
const placeOf = (scene: Played, unitId: string) => metres.toXy([fixOf(scene, unitId).lonDeg, fixOf(scene, unitId).latDeg]);
const stepAt = (incident: Incident, state: Incident['state']): number => incident.steps.find((step) => step.state === state)!.atMs;
/** Lets the scene run until the incident is in the state. */
function runUntil(scene: Played, incidentId: string, state: Incident['state'], mostS = 1800): void {
  for (let s = 0; s < mostS && scene.intake.incident(incidentId)!.state !== state; s += 1) scene.advance(1);
  expect(scene.intake.incident(incidentId)!.state).toBe(state);
}

describe('fieldCrew', () => {
  it('plays an order of a person from the call to the beat again: setOut, arrived, handled, back', () => {
    const scene = playScene({ change: quiet });
    scene.advance(30);
    const id = report(scene);
    const [first] = scene.desk.nearest(id, 3)!;
    const { unitId } = first!;
    const post = placeOf(scene, unitId);
    scene.advance(5);
    const orderedAtMs = scene.clock.nowMs();
    send(scene, id, unitId);
    runUntil(scene, id, 'onTheWay', 12);
    expect(scene.clock.nowMs() - orderedAtMs).toBeLessThanOrEqual(8000);
    // Seen to drive within ten seconds of the order.
    while (scene.clock.nowMs() < orderedAtMs + 10_000) scene.advance(1);
    const { assignments } = scene.intake.incident(id)!;
    expect(fixOf(scene, unitId).speedMps).toBeGreaterThan(1);
    expect(assignments[0]!.etaAtMs! - orderedAtMs).toBeLessThan(first!.etaS * 1600 + 20_000);

    runUntil(scene, id, 'onScene');
    const route = assignments[0]!.route;
    scene.advance(1);
    expect(distanceM(placeOf(scene, unitId), metres.toXy(route.at(-1)!))).toBeLessThan(1);
    const { crew } = scene.desk.fleet.get(unitId)!;
    scene.advance(25);
    // The crew is on foot, near the vehicle and each for himself.
    for (const member of crew) {
      const awayM = distanceM(placeOf(scene, member.unitId), placeOf(scene, unitId));
      expect(awayM).toBeGreaterThan(0.5);
      expect(awayM).toBeLessThan(25);
    }
    runUntil(scene, id, 'handled', 95);
    const done = scene.intake.incident(id)!;
    expect(stepAt(done, 'handled') - stepAt(done, 'onScene')).toBeGreaterThanOrEqual(40_000);
    expect(stepAt(done, 'handled') - stepAt(done, 'onScene')).toBeLessThanOrEqual(91_000);
    const times = done.steps.map((step) => step.atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    incidentMessage.schema.parse(done);
    expect(scene.desk.fleet.get(unitId)!.status).toBe('available');

    // Back on the beat, crew aboard.
    const there = placeOf(scene, unitId);
    let backM = Infinity;
    for (let s = 0; s < 900; s += 5) {
      scene.advance(5);
      backM = Math.min(backM, distanceM(placeOf(scene, unitId), post));
    }
    expect(distanceM(placeOf(scene, unitId), there)).toBeGreaterThan(50);
    expect(backM).toBeLessThan(1500);
    for (const member of crew) expect(distanceM(placeOf(scene, member.unitId), placeOf(scene, unitId))).toBeLessThan(15);
    expect(scene.heard.progress.map(({ step }) => step).filter(Boolean)).toEqual(['acknowledged', 'setOut', 'arrived', 'handled']);
    expect(scene.desk.counters.refusedProgress).toBe(0);
    expect(scene.faults).toEqual([]);
  });

  it('tells the expected arrival every two seconds while it drives, and arrives then', () => {
    const scene = playScene({ change: quiet });
    const id = report(scene);
    const [first] = scene.desk.nearest(id, 1)!;
    send(scene, id, first!.unitId);
    runUntil(scene, id, 'onScene');
    const told = scene.heard.progress.filter(({ etaAtMs }) => etaAtMs !== undefined);
    const arrived = scene.heard.progress.find(({ step }) => step === 'arrived')!;
    expect(told.length).toBeGreaterThan(5);
    for (const [i, { atMs }] of told.entries()) if (i > 0) expect(atMs - told[i - 1]!.atMs).toBeLessThanOrEqual(2250);
    expect(Math.abs(told.at(-1)!.etaAtMs! - arrived.atMs)).toBeLessThan(500);
  });

  it('is called back at every stage: before it sets out, on the way, on scene; then nothing more is told', () => {
    for (const stage of ['dispatched', 'onTheWay', 'onScene'] as const) {
      const scene = playScene({ change: quiet });
      const id = report(scene);
      const [first] = scene.desk.nearest(id, 1)!;
      const { unitId } = first!;
      send(scene, id, unitId);
      runUntil(scene, id, stage);
      scene.advance(stage === 'dispatched' ? 0.5 : 10);
      expect(scene.intake.command('incident.recall', { incidentId: id, unitId }, person, null)).toBeNull();
      const told = scene.heard.progress.length;
      const before = placeOf(scene, unitId);
      scene.advance(240);
      expect(scene.heard.progress.length).toBe(told);
      expect(scene.intake.incident(id)!.state).toBe('triaged');
      expect(scene.desk.fleet.get(unitId)!.status).toBe('available');
      scene.advance(240);
      expect(distanceM(placeOf(scene, unitId), before)).toBeGreaterThan(20);
      // It can be sent again, and comes.
      send(scene, id, unitId);
      runUntil(scene, id, 'onScene');
      expect(scene.faults).toEqual([]);
    }
  });

  it('takes an order while the crew is still walking back to the vehicle: it waits for them', () => {
    const scene = playScene({ change: quiet });
    const id = report(scene);
    const { unitId } = scene.desk.nearest(id, 1)![0]!;
    send(scene, id, unitId);
    runUntil(scene, id, 'onScene');
    scene.advance(30);
    scene.intake.command('incident.recall', { incidentId: id, unitId }, person, null);
    const other = report(scene, [120.48977, 30.73394]);
    send(scene, other, unitId);
    const member = scene.desk.fleet.get(unitId)!.crew[0]!.unitId;
    let last = placeOf(scene, member);
    for (let s = 0; s < 60; s += 1) {
      scene.advance(1);
      const now = placeOf(scene, member);
      // Nobody is pulled to a vehicle that drives off.
      expect(distanceM(now, last)).toBeLessThan(22);
      last = now;
    }
    runUntil(scene, other, 'onScene');
  });

  it('sends officers on foot, a drone and the boat, too', () => {
    const scene = playScene({ change: quiet });
    const id = report(scene, [120.4851, 30.7532]);
    for (const unitId of ['officer-054', 'drone01', 'boat01']) send(scene, id, unitId);
    for (let s = 0; s < 3000 && scene.heard.progress.filter(({ step }) => step === 'setOut').length < 3; s += 1) scene.advance(1);
    expect(
      scene.heard.progress
        .filter(({ step }) => step === 'setOut')
        .map(({ unitId }) => unitId)
        .sort(),
    ).toEqual(['boat01', 'drone01', 'officer-054']);
    runUntil(scene, id, 'handled');
    scene.advance(60);
    for (const unitId of ['officer-054', 'drone01', 'boat01']) expect(scene.desk.fleet.get(unitId)!.status).toBe('available');
    expect(scene.faults).toEqual([]);
  });

  it('lets what simulated operators order take the times of the scenario', () => {
    const scene = playScene({ change: quiet, tickMs: 1000 });
    const handleS: number[] = [];
    const setOutS: number[] = [];
    for (let i = 0; i < 25; i += 1) {
      const id = report(scene);
      const { unitId } = scene.desk.nearest(id, 1)![0]!;
      send(scene, id, unitId, operator);
      runUntil(scene, id, 'handled', 20_000);
      const incident = scene.intake.incident(id)!;
      setOutS.push((stepAt(incident, 'onTheWay') - stepAt(incident, 'dispatched')) / 1000);
      handleS.push((stepAt(incident, 'handled') - stepAt(incident, 'onScene')) / 1000);
    }
    expect(scene.heard.progress.length).toBeGreaterThan(75);
    // Ordered the moment it was reported: the crew's own share is at its most.
    expect(Math.max(...setOutS)).toBeLessThanOrEqual(46);
    expect(Math.min(...setOutS)).toBeGreaterThanOrEqual(5);
    const median = handleS.sort((a, b) => a - b)[12]!;
    const { medianS } = wuzhen.scenario.operators.handle;
    expect(median).toBeGreaterThan(medianS * 0.6);
    expect(median).toBeLessThan(medianS * 1.6);
  });

  it('refuses an order for nobody or for a passenger', () => {
    const scene = playScene({ change: quiet });
    const order = { kind: 'go', incidentId: 'x', lonDeg: 120.5, latDeg: 30.7, route: [] } as const;
    expect(() => scene.source.order({ ...order, unitId: 'nobody' })).toThrow('cannot be sent');
    expect(() => scene.source.order({ ...order, unitId: 'officer-001' })).toThrow('cannot be sent');
    expect(() => scene.source.order({ kind: 'recall', unitId: 'ce01', incidentId: 'never' })).not.toThrow();
  });

  it('stays on the road all the way, at sixty times the speed as well', () => {
    const scene = playScene({ change: quiet, rate: 60, tickMs: 30_000 });
    const id = report(scene);
    const { unitId } = scene.desk.nearest(id, 1)![0]!;
    send(scene, id, unitId);
    for (let i = 0; i < 40; i += 1) {
      scene.advance(30);
      const { lonDeg, latDeg } = fixOf(scene, unitId);
      expect(roadAtLonLat([lonDeg, latDeg]).offsetM).toBeLessThan(3);
    }
    expect(scene.intake.incident(id)!.state).toBe('handled');
  });
});
