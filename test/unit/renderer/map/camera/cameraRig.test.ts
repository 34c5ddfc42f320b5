import { describe, expect, it } from 'vitest';
import {
  clampPose,
  groundAt,
  LONGEST_FLIGHT_MS,
  panPose,
  planFlight,
  poseOfView,
  projectionOf,
  wrapRad,
  zoomPose,
} from '../../../../../renderer/map/camera/cameraRig.ts';
import type { RigLimits, RigPose } from '../../../../../renderer/map/camera/cameraRig.ts';
import { createViewCone } from '../../../../../renderer/map/camera/viewCone.ts';
import { mapFrame, mapTown } from '../mapTown.ts';

const pose: RigPose = { x: 100, y: -200, rangeM: 2000, headingRad: 0.6, pitchRad: -0.7 };
const viewport = { width: 1200, height: 800 };
const limits: RigLimits = {
  minX: -5000,
  minY: -5000,
  maxX: 5000,
  maxY: 5000,
  minRangeM: 150,
  maxRangeM: 20_000,
  minPitchRad: -1.55,
  maxPitchRad: -0.23,
};

describe('camera rig', () => {
  it('looks at its target in the middle of the picture', () => {
    const at = groundAt(pose, viewport, 600, 400)!;
    expect(at.x).toBeCloseTo(100, 3);
    expect(at.y).toBeCloseTo(-200, 3);
  });
  it('projects a ground point to the pixel that sees it', () => {
    const out = { x: 0, y: 0, depthM: 0 };
    for (const [px, py] of [
      [10, 790],
      [1100, 300],
      [333, 512],
    ] as const) {
      const g = groundAt(pose, viewport, px, py)!;
      expect(projectionOf(pose, viewport)(g.x, g.y, 0, out)).toBe(true);
      expect(out.x).toBeCloseTo(px, 3);
      expect(out.y).toBeCloseTo(py, 3);
    }
  });
  it('says no for a point behind the camera and for a pixel above the horizon', () => {
    const out = { x: 1, y: 2, depthM: 3 };
    expect(projectionOf(pose, viewport)(100 - Math.sin(0.6) * 9000, -200 - Math.cos(0.6) * 9000, 0, out)).toBe(false);
    expect(out).toEqual({ x: 1, y: 2, depthM: 3 });
    expect(groundAt({ ...pose, pitchRad: -0.1 }, viewport, 600, 0)).toBeNull();
  });
  it('drags the ground under the pointer', () => {
    const held = groundAt(pose, viewport, 700, 500)!;
    const next = panPose(pose, viewport, 700, 500, 640, 540);
    const now = groundAt(next, viewport, 640, 540)!;
    expect(now.x).toBeCloseTo(held.x, 3);
    expect(now.y).toBeCloseTo(held.y, 3);
  });
  it('never throws the camera away when the drag nears the horizon', () => {
    const flat = { ...pose, pitchRad: -0.24 };
    const next = panPose(flat, viewport, 600, 30, 600, 700);
    expect(Math.hypot(next.x - flat.x, next.y - flat.y)).toBeLessThanOrEqual(flat.rangeM + 1e-6);
  });
  it('zooms at the pointer, within limits', () => {
    const held = groundAt(pose, viewport, 800, 300)!;
    const next = zoomPose(pose, viewport, 0.5, 800, 300, limits);
    expect(next.rangeM).toBeCloseTo(1000, 6);
    const now = groundAt(next, viewport, 800, 300)!;
    expect(now.x).toBeCloseTo(held.x, 2);
    expect(now.y).toBeCloseTo(held.y, 2);
    expect(zoomPose(pose, viewport, 1e-6, 600, 400, limits).rangeM).toBe(150);
    expect(zoomPose(pose, viewport, 1e6, 600, 400, limits).rangeM).toBe(20_000);
  });
  it('stays over the town and never under the ground', () => {
    const p = clampPose({ x: 1e6, y: -1e6, rangeM: 1, headingRad: 9, pitchRad: 0.5 }, limits);
    expect(p).toEqual({ x: 5000, y: -5000, rangeM: 150, headingRad: wrapRad(9), pitchRad: -0.23 });
  });
  it('reads a view of the scene', () => {
    const p = poseOfView(mapTown.scene.homeView, mapFrame);
    expect(p.x).toBeCloseTo(0, 6);
    expect(p.headingRad).toBeCloseTo((-30 / 180) * Math.PI, 9);
    expect(p.pitchRad).toBeCloseTo((-40 / 180) * Math.PI, 9);
  });
  it('flies in at most 1.6 s, arrives exactly, climbs on a long way, turns the short way', () => {
    const to: RigPose = { x: 4000, y: 3000, rangeM: 600, headingRad: -3, pitchRad: -0.6 };
    const from = { ...pose, headingRad: 3, rangeM: 600 };
    const flight = planFlight(from, to, false);
    expect(flight.durationMs).toBeGreaterThan(400);
    expect(flight.durationMs).toBeLessThanOrEqual(LONGEST_FLIGHT_MS);
    expect(flight.poseAt(flight.durationMs)).toEqual(to);
    const middle = flight.poseAt(flight.durationMs / 2);
    expect(middle.rangeM).toBeGreaterThan(3000);
    expect(Math.abs(wrapRad(middle.headingRad))).toBeGreaterThan(3);
    expect(flight.poseAt(0)).toMatchObject({ x: from.x, y: from.y });
  });
  it('moves without a jump: no step of a frame is more than a twelfth of the way', () => {
    const to: RigPose = { x: 2000, y: 0, rangeM: 900, headingRad: 0.6, pitchRad: -0.7 };
    const flight = planFlight(pose, to, false);
    let before = flight.poseAt(0);
    for (let t = 16; t <= flight.durationMs + 16; t += 16) {
      const now = flight.poseAt(t);
      expect(Math.hypot(now.x - before.x, now.y - before.y)).toBeLessThan(1911 / 12);
      before = now;
    }
  });
  it('jumps when motion is reduced', () => {
    const flight = planFlight(pose, { ...pose, x: 900 }, true);
    expect(flight.durationMs).toBe(0);
    expect(flight.poseAt(0).x).toBe(900);
  });
  it('leaves out what lies behind, beside or too far, and nothing that is in the picture', () => {
    const cone = createViewCone();
    cone.aim(pose, viewport, 9000);
    expect(cone.sees(100, -200, 10)).toBe(true);
    for (const [px, py] of [
      [1, 1],
      [1199, 1],
      [1, 799],
      [1199, 799],
    ] as const) {
      const g = groundAt(pose, viewport, px, py)!;
      expect(cone.sees(g.x, g.y, 1)).toBe(true);
    }
    expect(cone.sees(100 - Math.sin(0.6) * 5000, -200 - Math.cos(0.6) * 5000, 100)).toBe(false);
    expect(cone.sees(100 + Math.sin(0.6) * 20_000, -200 + Math.cos(0.6) * 20_000, 100)).toBe(false);
    expect(cone.sees(100 + Math.cos(0.6) * 6000, -200 - Math.sin(0.6) * 6000, 100)).toBe(false);
  });
});
