import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fix } from '../../../../protocol/frames/position.ts';
import type { TrackPiece } from '../../../../protocol/queries/tracks.ts';
import { createTrackStore } from '../../../../gateway/tracks/createTrackStore.ts';
import { quantiseFix } from '../../../../gateway/tracks/quantiseFix.ts';
import type { TrackQuestion, TrackStore } from '../../../../gateway/tracks/trackStore.ts';

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 4, 13, 10);

/** A car that turns, stops and goes, the same for the same number. */
function fixOf(unit: string, n: number, seed: number): Fix {
  const angle = n / 40 + seed;
  return quantiseFix({
    id: unit,
    lonDeg: 120.49 + seed / 50 + Math.sin(angle) / 100,
    latDeg: 30.74 + Math.cos(angle * 1.3) / 100,
    altM: seed,
    headingDeg: (angle * 57) % 360,
    speedMps: n % 60 < 20 ? 0 : 5 + Math.sin(n) * 3,
    observedAtMs: T0 + n * 1000,
  });
}
async function collect(store: TrackStore, change: Partial<TrackQuestion> = {}): Promise<Map<string, Omit<Fix, 'altM' | 'id'>[]>> {
  const units = new Map<string, Omit<Fix, 'altM' | 'id'>[]>();
  const question = { fromMs: 0, toMs: T0 + 1e9, toleranceM: 0, limit: 1e6, ...change };
  const take = (piece: TrackPiece): void => {
    const list = units.get(piece.unitId) ?? [];
    units.set(piece.unitId, list);
    for (let i = 0; i < piece.observedAtMs.length; i++) {
      list.push({
        lonDeg: piece.lonDeg[i]!,
        latDeg: piece.latDeg[i]!,
        headingDeg: piece.headingDeg[i]!,
        speedMps: piece.speedMps[i]!,
        observedAtMs: piece.observedAtMs[i]!,
      });
    }
  };
  for await (const piece of store.tracks(question)) take(piece);
  return units;
}
const plain = ({ lonDeg, latDeg, headingDeg, speedMps, observedAtMs }: Fix) => ({ lonDeg, latDeg, headingDeg, speedMps, observedAtMs });

describe('a track store on the disk', () => {
  let directory: string;
  const stores: TrackStore[] = [];
  const warnings: string[] = [];
  const open = (): TrackStore => {
    const store = createTrackStore({ directory, commitPeriodMs: 50, onWarning: (warning) => warnings.push(warning) });
    stores.push(store);
    return store;
  };
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'wanglou-tracks-'));
    warnings.length = 0;
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.dispose();
    rmSync(directory, { recursive: true });
  });
  const fill = (store: TrackStore, hours: number): Map<string, Fix[]> => {
    const told = new Map<string, Fix[]>();
    for (let n = 0; n < hours * 3600; n += 2) {
      for (const [seed, id] of ['a', 'b', 'c'].entries()) {
        const fix = fixOf(id, n, seed);
        store.add(fix, fix.observedAtMs + 200);
        told.set(id, [...(told.get(id) ?? []), fix].slice(-1e6));
      }
    }
    return told;
  };

  it('gives back every fix as it was taken, over hours and a restart, in few bytes', async () => {
    const first = open();
    const told = fill(first, 3);
    await first.flushed();
    const before = await collect(first);
    for (const [id, fixes] of told) expect(before.get(id)).toEqual(fixes.map(plain));
    await first.dispose();
    const second = open();
    expect(await collect(second)).toEqual(before);
    expect(warnings).toEqual([]);
    expect(second.stats().fixes).toBe(3 * 3 * 1800);
  });

  it('answers for one unit, a span, an area and a tolerance', async () => {
    const store = open();
    const told = fill(store, 2);
    const span = { fromMs: T0 + HOUR, toMs: T0 + HOUR + 600_000 };
    const one = await collect(store, { ...span, unitIds: ['b'] });
    expect([...one.keys()]).toEqual(['b']);
    expect(one.get('b')).toEqual(
      told
        .get('b')!
        .filter(({ observedAtMs }) => observedAtMs >= span.fromMs && observedAtMs <= span.toMs)
        .map(plain),
    );
    const area = { westDeg: 120.49, eastDeg: 120.495, southDeg: 30.735, northDeg: 30.745 };
    const inside = (fix: Fix): boolean =>
      fix.lonDeg >= area.westDeg && fix.lonDeg <= area.eastDeg && fix.latDeg >= area.southDeg && fix.latDeg <= area.northDeg;
    const there = await collect(store, { area });
    expect(there.get('a')).toEqual(told.get('a')!.filter(inside).map(plain));
    const coarse = await collect(store, { unitIds: ['a'], toleranceM: 50 });
    expect(coarse.get('a')!.length).toBeLessThan(told.get('a')!.length / 4);
    let count = 0;
    let cut = false;
    for await (const piece of store.tracks({ fromMs: 0, toMs: T0 + 1e9, toleranceM: 0, limit: 1234 })) {
      count += piece.observedAtMs.length;
      cut = piece.cut;
    }
    expect([count, cut]).toEqual([1234, true]);
  });

  it('knows where everybody was, and what was heard when, late fixes included', async () => {
    const store = open();
    const told = fill(store, 1);
    const late = { ...fixOf('a', 100, 5), observedAtMs: T0 + 100_500 };
    store.add(late, T0 + 1_800_000);
    const atMs = T0 + 1_000_000;
    const places = new Map((await store.positionsAt(atMs)).map(({ fix }) => [fix.id, fix]));
    for (const [id, fixes] of told) expect(places.get(id)).toEqual(fixes.filter((fix) => fix.observedAtMs + 200 <= atMs).at(-1));
    const heard = [];
    for await (const list of store.fixesBetween(T0 + 1_799_000, T0 + 1_801_000)) heard.push(...list);
    expect(heard.filter(({ fix }) => fix.observedAtMs === late.observedAtMs)).toHaveLength(1);
    expect(heard.map(({ heardAtMs }) => heardAtMs)).toEqual(heard.map(({ heardAtMs }) => heardAtMs).sort((a, b) => a - b));
  });

  it.each(['cut short', 'overwritten'])('moves a file that was %s aside, says so, and goes on', async (how) => {
    const first = open();
    fill(first, 1);
    await first.flushed();
    await first.dispose();
    const file = join(
      directory,
      readdirSync(directory).find((name) => name.endsWith('.db'))!,
    );
    if (how === 'cut short') truncateSync(file, statSync(file).size >> 1);
    else writeFileSync(file, 'this is no database '.repeat(1000));
    const second = open();
    const fix = fixOf('a', 1, 0);
    second.add(fix, fix.observedAtMs);
    await second.flushed();
    expect((await collect(second)).get('a')).toContainEqual(plain(fix));
    expect(warnings.join('\n')).toMatch(/damaged/);
    expect(second.stats().damagedFiles + second.stats().damagedBlocks).toBeGreaterThan(0);
    expect(readdirSync(directory).length).toBeGreaterThan(1);
  });
});
