import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Unit } from '../../../../protocol/messages/unit.ts';
import { createMap } from '../../../../renderer/map/createMap.ts';
import { createFrameStats } from '../../../../renderer/map/frameStats.ts';
import type { MapFix, MapStatus, TownMap } from '../../../../renderer/map/townMap.ts';
import { mapTown } from './mapTown.ts';

/** happy-dom has no WebGL: this is the machine without it. */
describe('a map where WebGL is missing', () => {
  const listeners = new Set<(id: string, fix: Readonly<MapFix>) => void>();
  const forgetters = new Set<() => void>();
  const NOW = Date.parse('2026-05-13T11:20:00Z');
  let said: MapStatus[];
  let container: HTMLElement;
  let map: TownMap;
  const unit = (id: string, more: Partial<Unit> = {}): Unit => ({
    id,
    rev: 1,
    kind: 'vehicle',
    name: { zh: id, en: id },
    agencyId: 'ce',
    handle: 1,
    status: 'available',
    crew: [],
    vehicleId: null,
    plate: null,
    postId: null,
    incidentId: null,
    cameraIds: [],
    callAddress: null,
    talkGroup: null,
    simulated: true,
    ...more,
  });
  const fix = (id: string, lonDeg: number, atMs: number) => {
    for (const listener of listeners) listener(id, { lonDeg, latDeg: 30.75, altM: 0, headingDeg: 90, speedMps: 10, observedAtMs: atMs });
  };
  const options = {
    town: mapTown,
    tracks: {
      latest: () => null,
      onFix: (l: (id: string, fix: Readonly<MapFix>) => void) => (listeners.add(l), () => void listeners.delete(l)),
      onForget: (l: () => void) => (forgetters.add(l), () => void forgetters.delete(l)),
    },
    nowMs: () => NOW,
    reducedMotion: true,
    onPick: () => undefined,
  };
  beforeEach(() => {
    vi.useFakeTimers();
    said = [];
    container = document.createElement('div');
    Object.defineProperties(container, { clientWidth: { value: 1000 }, clientHeight: { value: 600 } });
    document.body.append(container);
    map = createMap(container, { ...options, onStatus: (s) => said.push(s) });
  });
  afterEach(() => {
    map.dispose();
    container.remove();
    vi.useRealTimers();
  });

  it('says why and tries again later, ever more slowly', () => {
    expect(said[0]).toEqual({ kind: 'loading' });
    expect(said[1]).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/webgl/i) as string });
    vi.advanceTimersByTime(1000);
    expect(said).toHaveLength(3);
    vi.advanceTimersByTime(1000);
    expect(said).toHaveLength(3);
    vi.advanceTimersByTime(1000);
    expect(said).toHaveLength(4);
  });
  it('still knows where its units are and which is under the pointer', () => {
    map.setUnits([unit('a'), unit('rider', { kind: 'officer', vehicleId: 'a' })]);
    for (let i = 4; i >= 0; i--) {
      fix('a', 120.5 - i * 0.0001, NOW - i * 1000);
      fix('rider', 120.5 - i * 0.0001, NOW - i * 1000);
      fix('stranger', 120.5, NOW - i * 1000);
    }
    expect(map.stats()).toMatchObject({ status: 'failed', heads: 2, trails: 4 });
    map.setUnits([unit('a')]);
    expect(map.stats().heads).toBe(1);
    expect(map.screenOf('nobody')).toBeNull();
    const at = map.screenOf('a');
    expect(at).not.toBeNull();
    expect(map.pickAt(at!.x + 5, at!.y)).toEqual({ kind: 'unit', id: 'a' });
    expect(map.pickAt(at!.x + 60, at!.y)).toBeNull();
  });
  it('is as easy to hit on a wall of twice as many lines, where everything is twice as large', () => {
    map.dispose();
    document.documentElement.style.fontSize = '32px';
    map = createMap(container, { ...options, onStatus: () => undefined });
    document.documentElement.style.fontSize = '';
    map.setUnits([unit('a')]);
    fix('a', 120.5, NOW - 1000);
    const at = map.screenOf('a')!;
    expect(map.pickAt(at.x + 44, at.y)).toEqual({ kind: 'unit', id: 'a' });
    expect(map.pickAt(at.x + 52, at.y)).toBeNull();
  });
  it('draws nothing from the positions of an earlier journal', () => {
    map.setUnits([unit('a')]);
    for (let i = 4; i >= 0; i--) fix('a', 120.5 - i * 0.0001, NOW - i * 1000);
    for (const forget of forgetters) forget();
    expect(map.screenOf('a')).toBeNull();
    expect(map.stats()).toMatchObject({ heads: 1, trails: 0 });
    fix('a', 120.5, NOW - 60_000);
    expect(map.screenOf('a')).not.toBeNull();
    expect(map.stats().outOfOrder).toBe(0);
  });
  it('leaves nothing behind when it is disposed of', () => {
    expect(listeners.size).toBe(1);
    expect(container.children.length).toBeGreaterThan(0);
    map.dispose();
    expect([listeners.size, forgetters.size]).toEqual([0, 0]);
    expect(container.children).toHaveLength(0);
    const before = said.length;
    vi.advanceTimersByTime(60_000);
    expect(said).toHaveLength(before);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('frame statistics', () => {
  it('tells quantiles of the last frames only', () => {
    const stats = createFrameStats(10);
    expect(stats.quantile(0.95)).toBe(0);
    for (let i = 0; i < 100; i++) stats.add(i);
    expect(stats.frames).toBe(100);
    expect(stats.quantile(0)).toBe(90);
    expect(stats.quantile(0.5)).toBe(95);
    expect(stats.quantile(0.95)).toBe(99);
  });
});
