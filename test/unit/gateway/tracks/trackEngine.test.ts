import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBatchMaker } from '../../../../gateway/tracks/fixBatch.ts';
import { quantiseFix } from '../../../../gateway/tracks/quantiseFix.ts';
import { createTrackEngine } from '../../../../gateway/tracks/trackEngine.ts';
import type { TrackEngine } from '../../../../gateway/tracks/trackEngine.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T0 = Date.UTC(2026, 4, 13, 10);

let directory: string;
let engines: TrackEngine[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wanglou-engine-'));
});
afterEach(() => {
  for (const engine of engines.splice(0)) engine.close();
  engines = [];
  rmSync(directory, { recursive: true });
});
const open = (change: { keepDays?: number; mostRecentFixes?: number } = {}) => {
  const warnings: string[] = [];
  const engine = createTrackEngine({
    directory,
    keepDays: 365,
    mostRecentFixes: 1e6,
    onWarning: (warning) => warnings.push(warning),
    ...change,
  });
  engines.push(engine);
  return { engine, warnings };
};
/** Hands fixes in as the thread does. @param heardAtMs Of all; without it each is heard when it was observed. */
function take(engine: TrackEngine, id: string, timesMs: readonly number[], heardAtMs?: number): void {
  const maker = createBatchMaker();
  for (const atMs of timesMs) {
    const s = (atMs - T0) / 1000;
    const fix = { id, lonDeg: 120.49 + s * 1e-6, latDeg: 30.74, altM: 0, headingDeg: 90, speedMps: 1, observedAtMs: atMs };
    maker.add(quantiseFix(fix), heardAtMs ?? atMs);
  }
  for (const batch of engine.admit(maker.take())) engine.commit(batch);
}
function timesOf(engine: TrackEngine, id: string, limit = 1e6): number[] {
  const question = { fromMs: 0, toMs: T0 + 1000 * DAY, unitIds: [id], toleranceM: 0, limit };
  return [...engine.tracks(question)].flatMap((piece) => piece?.observedAtMs ?? []);
}
const every = (stepMs: number, count: number, fromMs = T0): number[] => Array.from({ length: count }, (_, i) => fromMs + i * stepMs);

describe('packing', () => {
  it('packs an hour when it is over, and only then', () => {
    const { engine } = open();
    take(engine, 'a', every(5000, 720));
    engine.tidy();
    expect(engine.stats()).toMatchObject({ blocks: 0, recentFixes: 720, fixes: 720 });
    take(engine, 'a', [T0 + HOUR + 130_000]);
    engine.tidy();
    expect(engine.stats()).toMatchObject({ blocks: 1, recentFixes: 1, fixes: 721 });
    expect(timesOf(engine, 'a')).toEqual([...every(5000, 720), T0 + HOUR + 130_000]);
  });

  it('joins the blocks of an hour that was packed in haste, and nothing is lost or twice', () => {
    const { engine } = open({ mostRecentFixes: 50 });
    const times = every(5000, 720);
    for (let i = 0; i < 720; i += 60) {
      for (const id of ['a', 'b']) take(engine, id, times.slice(i, i + 60));
      engine.tidy();
    }
    expect(engine.stats().blocks).toBeGreaterThan(10);
    // The grace is over once two minutes of the next hour were heard; late fixes of the old one make it be looked at.
    take(engine, 'c', [...times.slice(0, 60), T0 + HOUR + 130_000], T0 + HOUR + 130_000);
    for (let turn = 0; turn < 5; turn++) engine.tidy();
    expect(engine.stats().blocks).toBeLessThanOrEqual(4);
    for (const id of ['a', 'b']) expect(timesOf(engine, id)).toEqual(times);
  });

  it('keeps late fixes in their place and a fix that came twice once', () => {
    const { engine } = open();
    take(engine, 'a', every(10_000, 360));
    engine.packAll();
    take(engine, 'a', [T0 + 5000, T0 + 15_000], T0 + 3 * HOUR);
    take(engine, 'a', [T0 + 20_000, T0 + 5000], T0 + 3 * HOUR);
    expect(timesOf(engine, 'a').slice(0, 5)).toEqual([0, 5000, 10_000, 15_000, 20_000].map((ms) => T0 + ms));
    engine.packAll();
    expect(timesOf(engine, 'a')).toHaveLength(362);
  });
});

describe('months', () => {
  it('forgets whole months by removing their files, and refuses what is older', () => {
    const { engine } = open({ keepDays: 30 });
    take(engine, 'a', every(1000, 10));
    engine.packAll();
    expect(readdirSync(directory)).toContain('tracks-2026-05.db');
    take(engine, 'a', every(1000, 10, T0 + 60 * DAY));
    engine.packAll();
    expect(existsSync(join(directory, 'tracks-2026-05.db'))).toBe(false);
    expect(timesOf(engine, 'a')).toEqual(every(1000, 10, T0 + 60 * DAY));
    take(engine, 'a', every(1000, 3), T0 + 60 * DAY);
    expect(engine.stats()).toMatchObject({ tooOldFixes: 3, fixes: 10 });
  });

  it('writes a batch across midnight of the month into both files', () => {
    const { engine } = open();
    const times = every(1000, 20, Date.UTC(2026, 5, 1) - 10_000);
    take(engine, 'a', times);
    expect(readdirSync(directory).filter((name) => name.endsWith('.db'))).toEqual(['tracks-2026-05.db', 'tracks-2026-06.db']);
    expect(timesOf(engine, 'a')).toEqual(times);
  });
});

describe('damage', () => {
  it('leaves out a damaged block, counts it, and gives all others', () => {
    const { engine } = open();
    for (const id of ['a', 'b', 'c']) take(engine, id, every(5000, 100));
    engine.packAll();
    engine.close();
    engines = [];
    const database = new DatabaseSync(join(directory, 'tracks-2026-05.db'));
    const bytes = database.prepare('SELECT bytes FROM pack').get()!['bytes'] as Uint8Array;
    const { offset, length } = database
      .prepare("SELECT offset, length FROM span JOIN unit USING(unit) WHERE id = 'b'")
      .get() as unknown as Record<'offset' | 'length', number>;
    bytes[offset + Math.floor(length / 2)]! ^= 0xff;
    database.prepare('UPDATE pack SET bytes = ?').run(bytes);
    database.close();
    const { engine: second, warnings } = open();
    expect(['a', 'b', 'c'].map((id) => timesOf(second, id).length)).toEqual([100, 0, 100]);
    expect(second.stats()).toMatchObject({ damagedBlocks: 1, damagedFiles: 0 });
    expect(warnings.join()).toMatch(/block of the tracks is damaged/);
  });

  it('says that a newer version wrote a file instead of moving it aside', () => {
    const { engine } = open();
    take(engine, 'a', [T0]);
    engine.close();
    engines = [];
    const database = new DatabaseSync(join(directory, 'tracks-2026-05.db'));
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => open()).toThrow(/newer version/);
    expect(readdirSync(directory).filter((name) => name.includes('damaged'))).toEqual([]);
  });
});

it('tells an answer that ends early, and only then', () => {
  const { engine } = open();
  take(engine, 'a', every(1000, 50));
  const cuts = (limit: number): boolean[] =>
    [...engine.tracks({ fromMs: 0, toMs: T0 + DAY, toleranceM: 0, limit })].flatMap((piece) => piece?.cut ?? []);
  expect([cuts(49), cuts(50), cuts(51)]).toEqual([[true], [false], [false]]);
});
