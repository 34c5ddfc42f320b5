import { beforeEach, describe, expect, it } from 'vitest';
import { createTrackBook, FLAG_HIDDEN, FLAG_OFFLINE, packAltHeading, TRAIL_S } from '../../../../../renderer/map/units/trackBook.ts';
import type { HeadPosition, TrackBook } from '../../../../../renderer/map/units/trackBook.ts';

const T0 = Date.parse('2026-05-13T11:20:00Z');
const car = { kind: 0, status: 0, colour: 3, flags: 0 };
const out: HeadPosition = { x: 0, y: 0, z: 0, headingRad: 0, ageS: 0 };

describe('track book', () => {
  let book: TrackBook;
  const drive = (n: number, stepS = 1, from = T0) => {
    for (let i = 0; i < n; i++) book.addFix('a', i * 10, 0, 0, Math.PI / 2, from + i * stepS * 1000);
  };
  beforeEach(() => {
    book = createTrackBook(4, 64);
    book.setHead('a', car);
  });

  it('interpolates between the fixes around the drawn moment', () => {
    drive(4);
    expect(book.positionAt('a', T0 + 1500, out)).toBe(true);
    expect(out.x).toBeCloseTo(15, 2);
    expect(out.headingRad).toBeCloseTo(Math.PI / 2, 2);
  });
  it('runs on beyond the newest fix for one and a half seconds and no further', () => {
    drive(3);
    book.positionAt('a', T0 + 3000, out);
    expect(out.x).toBeCloseTo(30, 2);
    book.positionAt('a', T0 + 8000, out);
    expect(out.x).toBeCloseTo(35, 2);
    expect(out.ageS).toBeCloseTo(6, 2);
  });
  it('does not draw a way across a gap of more than ten seconds', () => {
    drive(2);
    book.addFix('a', 500, 0, 0, 0, T0 + 21_000);
    expect(book.trail.count).toBe(1);
    book.positionAt('a', T0 + 15_000, out);
    expect(out.x).toBeCloseTo(10, 2);
    book.positionAt('a', T0 + 21_000, out);
    expect(out.x).toBeCloseTo(500, 2);
  });
  it('draws the way between fixes that lie half a minute apart when the clock runs sixty times as fast', () => {
    book.pace = 60;
    drive(3, 30);
    expect(book.trail.count).toBe(2);
    book.positionAt('a', T0 + 45_000, out);
    expect(out.x).toBeCloseTo(15, 2);
    book.positionAt('a', T0 + 75_000, out);
    expect(out.x).toBeCloseTo(25, 2);
    book.pace = 1e6;
    expect(book.pace).toBe(100);
    book.pace = 0.1;
    expect(book.pace).toBe(1);
  });
  it('ignores and counts fixes out of order, and takes a clock that starts anew', () => {
    drive(5);
    expect(book.addFix('a', 999, 999, 0, 0, T0 + 2000)).toBe(false);
    expect(book.addFix('a', 999, 999, 0, 0, T0 + 4000)).toBe(false);
    expect(book.outOfOrder).toBe(2);
    book.positionAt('a', T0 + 4000, out);
    expect(out.x).toBeCloseTo(40, 2);
    expect(book.addFix('a', 7, 7, 0, 0, T0 - 3_600_000)).toBe(true);
    book.positionAt('a', T0 - 3_600_000, out);
    expect(out.x).toBeCloseTo(7, 2);
  });
  it('turns the short way through north', () => {
    book.addFix('a', 0, 0, 0, (350 / 180) * Math.PI, T0);
    book.addFix('a', 5, 5, 0, (10 / 180) * Math.PI, T0 + 1000);
    book.positionAt('a', T0 + 500, out);
    expect(Math.abs(Math.sin(out.headingRad))).toBeLessThan(0.02);
    expect(Math.cos(out.headingRad)).toBeGreaterThan(0.99);
  });
  it('keeps altitude and heading in one exact float', () => {
    const packed = packAltHeading(87.3, Math.PI);
    expect(Math.fround(packed)).toBe(packed);
    expect(Math.floor(packed / 1024) / 10).toBe(87.3);
    expect(packed % 1024).toBe(512);
    expect(packAltHeading(-5, -0.0001) % 1024).toBe(1023);
    expect(Math.fround(packAltHeading(5000, 6.28))).toBe(packAltHeading(5000, 6.28));
  });
  it('works across the wrap of the 32-bit clock', () => {
    const wrap = Math.ceil(T0 / 4_096_000) * 4_096_000;
    drive(4, 1, wrap - 1500);
    book.positionAt('a', wrap, out);
    expect(out.x).toBeCloseTo(15, 1);
  });
  it('writes no trail for what stands still or rides hidden', () => {
    for (let i = 0; i < 5; i++) book.addFix('a', 3, 3, 0, 0, T0 + i * 1000);
    expect(book.trail.count).toBe(0);
    book.setHead('a', { ...car, flags: FLAG_HIDDEN });
    for (let i = 5; i < 9; i++) book.addFix('a', i * 9, 3, 0, 0, T0 + i * 1000);
    expect(book.trail.count).toBe(0);
  });
  it('forgets what is older than the trail', () => {
    drive(30);
    expect(book.trail.count).toBe(29);
    book.expire(T0 + (TRAIL_S + 2 + 10) * 1000 + 1);
    expect(book.trail.count).toBe(19);
    book.expire(T0 + 1e6);
    expect(book.trail.count).toBe(0);
  });
  it('overwrites the oldest when the ring is full and never grows for fixes', () => {
    const capacity = book.segments.capacity;
    drive(capacity + 50);
    expect(book.trail.count).toBe(capacity);
    expect(book.segments.capacity).toBe(capacity);
    expect(book.generation).toBe(0);
    const at = ((book.trail.first + capacity - 1) % capacity) * 8;
    expect(book.segments.data[at + 4]).toBeCloseTo((capacity + 49) * 10, 0);
  });
  it('reuses the slot of a removed head and draws nothing there before a fix', () => {
    drive(3);
    const slot = book.slotOf('a');
    book.removeHead('a');
    expect(book.positionAt('a', T0, out)).toBe(false);
    book.setHead('b', car);
    expect(book.slotOf('b')).toBe(slot);
    expect(book.positionAt('b', T0, out)).toBe(false);
    expect(book.slotCount).toBe(1);
  });
  it('grows for heads, keeps what it knew, and stops at its limit', () => {
    drive(3);
    const before = book.slots.capacity;
    for (let i = 0; i < before + 5; i++) book.setHead(`n${i}`, car);
    expect(book.heads).toBeLessThanOrEqual(64);
    book.positionAt('a', T0 + 1000, out);
    expect(out.x).toBeCloseTo(10, 2);
    expect(book.trail.count).toBe(2);
  });
  it('answers 20,000 heads', () => {
    const big = createTrackBook(512, 20_000);
    for (let i = 0; i < 20_010; i++) big.setHead(`u${i}`, car);
    expect(big.heads).toBe(20_000);
    expect(big.slots.capacity).toBeGreaterThanOrEqual(20_000);
    expect(big.addFix('u19999', 1, 2, 0, 0, T0)).toBe(true);
    expect(big.addFix('u20005', 1, 2, 0, 0, T0)).toBe(false);
  });
  it('never takes a signal that was lost long ago for a fresh one, and forgives with the next fix', () => {
    drive(6);
    const offline = () => Math.floor(book.slots.data[book.slotOf('a')! * 32]! / 1024) & FLAG_OFFLINE;
    const lastMs = T0 + 5000;
    for (const hours of [0.3, 0.6, 0.9, 1.14, 2, 30]) {
      book.setHead('a', car);
      book.expire(lastMs + hours * 3_600_000);
      expect(offline()).toBe(FLAG_OFFLINE);
      book.positionAt('a', lastMs + hours * 3_600_000, out);
      expect(out.x).toBeCloseTo(50, 2);
    }
    book.addFix('a', 0, 0, 0, 0, lastMs + 31 * 3_600_000);
    expect(offline()).toBe(0);
    book.expire(lastMs + 31 * 3_600_000);
    expect(offline()).toBe(0);
  });
  it('forgets fixes and trails of another journal, even one that is only a little behind', () => {
    drive(4);
    expect(book.trail.count).toBe(3);
    book.forget();
    expect([book.heads, book.trail.count, book.newestMs('a')]).toEqual([1, 0, null]);
    expect(book.addFix('a', 900, 0, 0, 0, T0 - 30_000)).toBe(true);
    book.positionAt('a', T0 - 30_000, out);
    expect(out.x).toBeCloseTo(900, 2);
    expect(book.outOfOrder).toBe(0);
  });
});
