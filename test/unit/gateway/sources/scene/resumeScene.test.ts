import { expect, test } from 'vitest';
import type { Message } from '../../../../../protocol/messages/index.ts';
import type { Incident } from '../../../../../protocol/messages/index.ts';
import { person, playScene, quiet, wuzhen } from './playScene.ts';

type Scene = ReturnType<typeof playScene>;
const { scenario } = wuzhen;
const metresBetween = (a: { lonDeg: number; latDeg: number }, b: { lonDeg: number; latDeg: number }): number =>
  Math.hypot((a.lonDeg - b.lonDeg) * 95_700, (a.latDeg - b.latDeg) * 110_900);

/** The gateway ends without a word and another one starts on the same journal, some seconds later by its clock. */
function restart(scene: Scene, awayMs = 4000, change: typeof quiet = (same) => same, tickMs = 1000): Scene {
  const { journal, clock } = scene;
  scene.source.dispose();
  scene.desk.dispose();
  return playScene({ tickMs, before: { journal, atMs: clock.nowMs() + awayMs }, change });
}
/** An evening on which ten times as much happens. */
const busyEvening: typeof quiet = (given) => ({
  ...given,
  arrivals: {
    ...given.arrivals,
    byChannelByHour: Object.fromEntries(
      Object.entries(given.arrivals.byChannelByHour).map(([id, means]) => [id, means.map((mean) => mean * 10)]),
    ),
  },
});
const factsOf = (scene: Scene, types: readonly Message['type'][]): unknown[] => types.flatMap((type) => [...scene.journal.all(type)]);
const untouched = ['unit.updated', 'camera.updated', 'incident.updated', 'detection.updated', 'channel.updated', 'mode.changed'] as const;

test('a scene that goes on tells nothing twice: incidents, units, alerts and counts are those from before', () => {
  const first = playScene();
  // Nothing is under way at the very start: what was told then is all there is.
  const before = structuredClone(factsOf(first, untouched));
  const second = restart(first, 0);
  expect(factsOf(second, untouched)).toEqual(before);
  expect(second.faults).toEqual([]);
});

test('after half an hour of work: no incident is new or gone, every unit is near where it was, and no vehicle sets off anew', () => {
  const first = playScene({ tickMs: 1000, change: busyEvening });
  first.advance(1800);
  const open = (scene: Scene): Incident[] => scene.incidents().filter(({ state }) => state !== 'closed');
  const before = structuredClone(open(first));
  const busy = before.flatMap((incident) => incident.assignments.filter(({ releasedAtMs }) => releasedAtMs === null));
  expect(busy.length).toBeGreaterThan(1);
  const second = restart(first, 4000, busyEvening);
  for (const { id } of scenario.units) {
    // Poses are put down every five seconds: a vehicle drives 100 m in that time.
    expect([id, metresBetween(first.positions.latest(id)!, second.positions.latest(id)!) < 150]).toEqual([id, true]);
  }
  expect(open(second).map(({ id, state }) => [id, state])).toEqual(before.map(({ id, state }) => [id, state]));
  for (const { unitId } of busy) expect(second.desk.fleet.get(unitId)!.incidentId).not.toBeNull();
  expect(second.desk.counters.refusedProgress).toBe(0);
  expect(second.faults).toEqual([]);
});

test('what was under way comes to its end: crews arrive and handle, operators close, alerts settle', () => {
  const first = playScene({ tickMs: 1000, change: busyEvening });
  first.advance(1800);
  const open = first.incidents().filter(({ state }) => state !== 'closed');
  const underWay = open.filter(({ assignments }) => assignments.some(({ releasedAtMs }) => releasedAtMs === null));
  const waiting = [...first.journal.all('detection.updated')].filter(({ outcome }) => outcome === 'open');
  expect(Math.min(underWay.length, waiting.length)).toBeGreaterThan(0);
  const second = restart(first, 4000, busyEvening);
  second.advance(3600);
  const stateOf = (id: string): string | undefined => second.desk.intake.incident(id)?.state;
  for (const { id } of underWay) expect(['handled', 'closed']).toContain(stateOf(id));
  for (const { id } of waiting) expect(second.journal.latest('detection.updated', id)?.outcome).not.toBe('open');
  expect(second.desk.counters.refusedProgress).toBe(0);
  expect(second.faults).toEqual([]);
});

test('what the scene brings by chance and by its script is the same day with a restart in it', () => {
  const reported = (scene: Scene): string[] =>
    scene
      .incidents()
      .filter(({ reportedAtMs }) => reportedAtMs > scenario.startAtMs)
      .map(({ channelId, typeId, lonDeg }) => `${channelId} ${typeId} ${lonDeg.toFixed(6)}`)
      .sort();
  const whole = playScene({ tickMs: 1000, change: busyEvening });
  whole.advance(1200);
  const first = playScene({ tickMs: 1000, change: busyEvening });
  first.advance(595);
  const second = restart(first, 5000, busyEvening);
  second.advance(600);
  expect(reported(whole).length).toBeGreaterThan(20);
  expect(reported(second)).toEqual(reported(whole));
});

test('an order of a person goes on: who was on the way arrives, who was on the spot handles it there', () => {
  const first = playScene({ change: quiet });
  const incidentId = first.intake.report({
    channelId: 'public',
    typeId: wuzhen.town.eventTypes[0]!.id,
    place: { zh: '试', en: 'Test' },
    lonDeg: wuzhen.town.scene.originLonDeg,
    latDeg: wuzhen.town.scene.originLatDeg,
    note: null,
    cameraIds: [],
    simulated: true,
  });
  const unitId = scenario.units.find((row) => row.kind === 'vehicle')!.id;
  expect(first.intake.command('incident.dispatch', { incidentId, unitIds: [unitId] }, person, null)).toBeNull();
  first.advance(30);
  expect(first.desk.intake.incident(incidentId)!.state).toBe('onTheWay');
  const second = restart(first, 1000, quiet);
  for (let i = 0; i < 600 && second.desk.intake.incident(incidentId)!.state === 'onTheWay'; i++) second.advance(1);
  expect(second.desk.intake.incident(incidentId)!.state).toBe('onScene');
  const place = second.positions.latest(unitId)!;
  second.advance(10);
  const third = restart(second, 1000, quiet);
  third.advance(20);
  expect(metresBetween(third.positions.latest(unitId)!, place)).toBeLessThan(10);
  expect(third.desk.fleet.get(unitId)!.status).toBe('onScene');
  // How long it takes on the spot is drawn: one in ten takes more than a minute and a half.
  for (let i = 0; i < 900 && third.desk.intake.incident(incidentId)!.state === 'onScene'; i++) third.advance(1);
  expect(third.desk.intake.incident(incidentId)!.state).toBe('handled');
  expect(third.faults).toEqual([]);
});

test('a matter of the duty leader stays his over a restart, and falls to the operators after the same four hours', () => {
  const first = playScene({
    tickMs: 5000,
    change: (given) => ({ ...quiet(given), pending: given.pending.filter((row) => row.forLeader) }),
  });
  const ids = first
    .incidents()
    .filter(({ state }) => state !== 'closed')
    .map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(0);
  const states = (scene: Scene): unknown[] => ids.map((id) => scene.desk.intake.incident(id)?.state);
  const before = states(first);
  first.advance(3600);
  const second = restart(first, 4000, quiet, 20_000);
  second.advance(2.9 * 3600);
  expect(states(second)).toEqual(before);
  second.advance(0.5 * 3600);
  for (const [i, state] of states(second).entries()) expect(state).not.toBe(before[i]);
}, 30_000);
