import { describe, expect, it } from 'vitest';
import { createTrackTable } from '../../../../renderer/feed/trackTable.ts';

const fix = (observedAtMs: number, lonDeg = 120.5, handle = 1) => ({
  handle,
  lonDeg,
  latDeg: 30.7,
  altM: 12,
  headingDeg: 90,
  speedMps: 8,
  observedAtMs,
});
const NEVER = Number.MAX_VALUE;

describe('createTrackTable', () => {
  it('knows nothing of a unit before its first fix, and the newest afterwards', () => {
    const table = createTrackTable(4);
    expect(table.latest('a')).toBeNull();
    table.setUnit('a', 1);
    expect(table.latest('a')).toBeNull();
    expect(table.applyHandle(fix(100), NEVER)).toBe('applied');
    expect(table.latest('a')).toEqual({ lonDeg: 120.5, latDeg: 30.7, altM: 12, headingDeg: 90, speedMps: 8, observedAtMs: 100 });
  });

  it('[P-07] refuses what is older than the newest and what lies in the future; a repetition is neither', () => {
    const table = createTrackTable(4);
    table.setUnit('a', 1);
    table.applyHandle(fix(100), 200);
    expect(table.applyHandle(fix(99, 121), 200)).toBe('old');
    expect(table.applyHandle(fix(100, 121), 200)).toBe('repeat');
    expect(table.applyHandle(fix(201, 121), 200)).toBe('future');
    expect(table.latest('a')?.lonDeg).toBe(120.5);
    expect(table.applyHandle(fix(200, 121), 200)).toBe('applied');
    expect(table.latest('a')?.lonDeg).toBe(121);
  });

  it('names units by handle or id, and says when it knows neither', () => {
    const table = createTrackTable(4);
    table.setUnit('a', 1);
    expect(table.unitOf(1)).toBe('a');
    expect(table.applyHandle(fix(1, 120, 9), NEVER)).toBe('unknown');
    expect(table.applyId('b', fix(1), NEVER)).toBe('unknown');
    expect(table.applyId('a', fix(1), NEVER)).toBe('applied');
  });

  it('follows a unit to another handle, and a handle to another unit', () => {
    const table = createTrackTable(4);
    table.setUnit('a', 1);
    table.setUnit('a', 2);
    expect(table.applyHandle(fix(1, 120, 1), NEVER)).toBe('unknown');
    expect(table.applyHandle(fix(1, 120, 2), NEVER)).toBe('applied');
    table.setUnit('b', 2);
    table.applyHandle(fix(5, 121, 2), NEVER);
    expect(table.latest('b')?.lonDeg).toBe(121);
    expect(table.latest('a')?.lonDeg).toBe(120);
    table.removeUnit('a');
    expect(table.unitOf(2)).toBe('b');
  });

  it('is bounded, and gives the slot of a vanished unit to another without its past', () => {
    const table = createTrackTable(2);
    expect([table.setUnit('a', 1), table.setUnit('b', 2), table.setUnit('c', 3)]).toEqual([true, true, false]);
    table.applyHandle(fix(100), NEVER);
    const slot = table.slots.get('a');
    table.removeUnit('a');
    expect(table.setUnit('c', 3)).toBe(true);
    expect(table.slots.get('c')).toBe(slot);
    expect(table.latest('c')).toBeNull();
    expect(table.applyHandle(fix(1, 119, 3), NEVER)).toBe('applied');
    expect(table.slots.size).toBe(2);
  });

  it('tells listeners each fix that was applied, with the slot, until they leave', () => {
    const table = createTrackTable(2);
    table.setUnit('a', 7);
    const heard: unknown[] = [];
    const leave = table.onFix((unitId, told, slot) => void heard.push([unitId, told.handle, told.lonDeg, told.observedAtMs, slot]));
    table.applyHandle(fix(1, 120, 7), NEVER);
    table.applyHandle(fix(0.5, 121, 7), NEVER);
    table.applyId('a', fix(2, 122), NEVER);
    leave();
    table.applyHandle(fix(3, 123, 7), NEVER);
    expect(heard).toEqual([
      ['a', 7, 120, 1, 0],
      ['a', 7, 122, 2, 0],
    ]);
  });

  it('forgets positions and keeps units when another journal begins, and says so', () => {
    const table = createTrackTable(2);
    table.setUnit('a', 1);
    table.applyHandle(fix(1000), NEVER);
    let told = 0;
    const leave = table.onForget(() => void (told += 1));
    table.forgetFixes();
    leave();
    expect(told).toBe(1);
    expect(table.latest('a')).toBeNull();
    expect(table.applyHandle(fix(10), NEVER)).toBe('applied');
  });
});
