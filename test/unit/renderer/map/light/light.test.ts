import { describe, expect, it } from 'vitest';
import { createLight, sunAt, weightsOf } from '../../../../../renderer/map/light/light.ts';

const LAT = 30.745;
const LON = 120.488;
const NOON = Date.parse('2026-05-13T12:00:00+08:00');
const NIGHT = Date.parse('2026-05-13T23:00:00+08:00');

describe('light', () => {
  it('knows the sun over Wuzhen: high at noon in May, set by 18:50, up after 5:10', () => {
    expect(sunAt(NOON, LAT, LON).altitudeDeg).toBeGreaterThan(75);
    expect(Math.abs(sunAt(Date.parse('2026-05-13T18:44:00+08:00'), LAT, LON).altitudeDeg)).toBeLessThan(1.5);
    expect(sunAt(Date.parse('2026-05-13T16:00:00+08:00'), LAT, LON).azimuthDeg).toBeGreaterThan(250);
  });
  it('always weighs one in all, and dusk only between day and night', () => {
    for (let a = -40; a <= 80; a += 0.5) {
      const [d, k, n] = weightsOf(a);
      expect(d + k + n).toBeCloseTo(1, 9);
      expect(Math.min(d, k, n)).toBeGreaterThanOrEqual(0);
    }
    expect(weightsOf(30)).toEqual([1, 0, 0]);
    expect(weightsOf(-20)).toEqual([0, 0, 1]);
    expect(weightsOf(-0.5)[1]).toBeGreaterThan(0.9);
  });
  it('follows the sun in auto and the desk when told', () => {
    const light = createLight(LAT, LON);
    light.advance('auto', NOON, 0);
    expect(light.weights.x).toBeCloseTo(1);
    light.advance('night', NOON, 0);
    expect(light.weights.z).toBeCloseTo(1);
    light.advance('auto', NIGHT, 0);
    expect(light.weights.z).toBeCloseTo(1);
    light.advance('day', NIGHT, 0);
    expect(light.weights.x).toBeCloseTo(1);
  });
  it('changes smoothly and arrives', () => {
    const light = createLight(LAT, LON);
    light.advance('day', NOON, 0);
    light.advance('night', NOON, 33);
    expect(light.weights.x).toBeGreaterThan(0.85);
    for (let i = 0; i < 120; i++) light.advance('night', NOON, 33);
    expect(light.weights.z).toBeGreaterThan(0.99);
    expect(light.haze.x).toBeLessThan(0.2);
  });
});
