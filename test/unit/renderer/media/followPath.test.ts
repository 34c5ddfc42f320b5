import { describe, expect, it } from 'vitest';
import { createFollowPath } from '../../../../renderer/media/players/synthetic/followPath.ts';
import { createScenery } from '../../../../renderer/media/players/synthetic/scenery.ts';
import { createTown, place } from './mediaFixtures.ts';

const scenery = createScenery(createTown());
const sight = (x: number, y: number, headingDeg: number, speedMps: number, observedAtMs: number) => ({
  surroundings: scenery.at(place(x, y, headingDeg)),
  altM: 0,
  headingDeg,
  speedMps,
  observedAtMs,
  nowMs: observedAtMs,
  daylight: { day: 1, dusk: 0 },
  busy: 1,
});

describe('a camera between fixes', () => {
  it('walks without steps from fix to fix', () => {
    const follow = createFollowPath();
    const seen: number[] = [];
    for (let s = 0; s < 10; s++) {
      follow.take(sight(s * 1.3, 0, 90, 1.3, s * 1000), s);
      for (let k = 0; k < 10; k++) {
        follow.step(s + k / 10);
        seen.push(follow.alongM);
      }
    }
    const moves = seen.slice(1).map((m, i) => m - seen[i]!);
    expect(Math.min(...moves.slice(5))).toBeGreaterThan(0.05);
    expect(Math.max(...moves)).toBeLessThan(0.3);
    expect(Math.abs(follow.alongM - (400 + 9.9 * 1.3))).toBeLessThan(1);
  });

  it('stands still when no fix comes any more', () => {
    const follow = createFollowPath();
    follow.take(sight(0, 0, 90, 10, 0), 0);
    for (let t = 0; t < 20; t += 0.1) follow.step(t);
    expect(follow.alongM - 400).toBeLessThan(45);
    const before = follow.alongM;
    for (let t = 20; t < 25; t += 0.1) follow.step(t);
    expect(Math.abs(follow.alongM - before)).toBeLessThan(0.1);
  });

  it('takes a jump over at once, and swings round a corner', () => {
    const follow = createFollowPath();
    follow.take(sight(0, 0, 90, 1, 0), 0);
    follow.step(0.1);
    follow.take(sight(200, 0, 90, 1, 1000), 1);
    expect(follow.alongM).toBeCloseTo(600, 0);
    follow.take(sight(200, 0, 270, 1, 2000), 2);
    expect(Math.abs(follow.yawRad)).toBeGreaterThan(0.9);
    for (let t = 2; t < 6; t += 0.1) follow.step(t);
    expect(Math.abs(follow.yawRad)).toBeLessThan(0.05);
  });
});
