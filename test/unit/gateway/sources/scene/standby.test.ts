import { expect, test } from 'vitest';
import { distanceM } from '../../../../../gateway/sources/scene/polyline.ts';
import { metres } from './onRoads.ts';
import { person, playScene, quiet, wuzhen } from './playScene.ts';

type Played = ReturnType<typeof playScene>;
const post = wuzhen.town.places.find(({ id }) => id === 'post08')!;
/** Where a road passes the post. */
const kerb = (() => {
  const { lonDeg, latDeg } = wuzhen.graph.snap([post.lonDeg, post.latDeg]);
  return metres.toXy([lonDeg, latDeg]);
})();
const order = (scene: Played, unitId: string, postId: string | null) =>
  scene.intake.command('unit.standby', { unitId, postId }, person, 'a gap');
const awayM = (scene: Played, unitId: string): number => {
  const { lonDeg, latDeg } = scene.positions.latest(unitId)!;
  return distanceM(metres.toXy([lonDeg, latDeg]), kerb);
};
const standbyOf = (scene: Played, unitId: string) => scene.desk.fleet.get(unitId)!.standby;
function runUntilThere(scene: Played, unitId: string): void {
  for (let s = 0; s < 1200 && !standbyOf(scene, unitId)?.arrivedAtMs; s += 2) scene.advance(2);
  expect(standbyOf(scene, unitId)).toMatchObject({ postId: 'post08', etaAtMs: null });
}

test('a car drives to the post, is there about when it was told, stays, and goes back to its beat when it is sent home', () => {
  const scene = playScene({ change: quiet });
  scene.advance(20);
  expect(order(scene, 'ce03', 'post08')).toBeNull();
  const { etaAtMs, orderedAtMs } = standbyOf(scene, 'ce03')!;
  runUntilThere(scene, 'ce03');
  const tookS = (standbyOf(scene, 'ce03')!.arrivedAtMs! - orderedAtMs) / 1000;
  expect(tookS / ((etaAtMs! - orderedAtMs) / 1000)).toBeGreaterThan(0.8);
  expect(tookS / ((etaAtMs! - orderedAtMs) / 1000)).toBeLessThan(1.5);
  scene.advance(600);
  expect(awayM(scene, 'ce03')).toBeLessThan(20);
  expect(scene.desk.fleet.get('ce03')!.status).toBe('available');
  expect(order(scene, 'ce03', null)).toBeNull();
  scene.advance(600);
  expect(awayM(scene, 'ce03')).toBeGreaterThan(200);
  expect(scene.faults).toEqual([]);
});

test('sent from the post it does its work and is back on its own beat afterwards; an order before it rolled is taken back', () => {
  const scene = playScene({ change: quiet });
  scene.advance(20);
  order(scene, 'ce03', 'post08');
  runUntilThere(scene, 'ce03');
  const incidentId = scene.intake.report({
    channelId: 'grid',
    typeId: 'road_excavation',
    place: { zh: '某处', en: 'Somewhere' },
    lonDeg: post.lonDeg - 0.004,
    latDeg: post.latDeg,
    note: null,
    cameraIds: [],
    simulated: true,
  });
  expect(scene.intake.command('incident.dispatch', { incidentId, unitIds: ['ce03'] }, person, null)).toBeNull();
  expect(scene.desk.fleet.get('ce03')).toMatchObject({ standby: null, standbyEnded: { postId: 'post08', incidentId } });
  for (let s = 0; s < 900 && scene.intake.incident(incidentId)!.state !== 'handled'; s += 5) scene.advance(5);
  expect(scene.intake.incident(incidentId)!.state).toBe('handled');
  scene.advance(900);
  expect(awayM(scene, 'ce03')).toBeGreaterThan(500);

  const before = scene.positions.latest('ce05')!;
  order(scene, 'ce05', 'post08');
  order(scene, 'ce05', null);
  const fromM = awayM(scene, 'ce05');
  expect(before.id).toBe('ce05');
  scene.advance(300);
  expect(awayM(scene, 'ce05')).toBeGreaterThan(Math.min(fromM, 500) / 2);
  expect(scene.faults).toEqual([]);
});

test('after a restart it goes on to the post', () => {
  const scene = playScene({ change: quiet });
  scene.advance(20);
  order(scene, 'ce03', 'post08');
  scene.advance(25);
  scene.source.dispose();
  scene.desk.dispose();
  const again = playScene({ change: quiet, before: { journal: scene.journal, atMs: scene.clock.nowMs() + 2000 } });
  expect(standbyOf(again, 'ce03')).toMatchObject({ postId: 'post08', arrivedAtMs: null });
  runUntilThere(again, 'ce03');
  again.advance(300);
  expect(awayM(again, 'ce03')).toBeLessThan(20);
});
