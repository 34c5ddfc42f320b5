import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTrackStore } from '../../gateway/tracks/createTrackStore.ts';
import { createBatchMaker } from '../../gateway/tracks/fixBatch.ts';
import { HOUR_MS } from '../../gateway/tracks/quantiseFix.ts';
import { createTrackEngine } from '../../gateway/tracks/trackEngine.ts';
import type { TrackQuestion, TrackStore } from '../../gateway/tracks/trackStore.ts';
import { createPatrols, createRandom } from './patrolMotion.ts';
import type { Figure } from './table.ts';

const VEHICLES = 100;
const STEP_S = 5;
const DUTY_HOURS = 10;
const DAY_MS = 24 * HOUR_MS;
const YEAR_DAYS = 365;
const START_MS = Date.UTC(2026, 0, 1);
const DUTY_BEGINS_MS = 8 * HOUR_MS;
const RUNS = 40;

/** Some days of patrols through the same intake, commits and packing as live. @returns fixes written a second. */
function fill(directory: string, firstDay: number, days: number): number {
  const engine = createTrackEngine({
    directory,
    keepDays: 10 * YEAR_DAYS,
    mostRecentFixes: 1e9,
    onWarning: (warning) => console.error(warning),
  });
  const startedMs = performance.now();
  const patrols = createPatrols(VEHICLES, STEP_S, createRandom(7 + firstDay));
  const maker = createBatchMaker();
  let fixes = 0;
  for (let day = firstDay; day < firstDay + days; day++) {
    for (let hour = 0; hour < DUTY_HOURS; hour++) {
      const beginMs = START_MS + day * DAY_MS + DUTY_BEGINS_MS + hour * HOUR_MS;
      for (let s = 0; s < 3600; s += STEP_S) patrols.step(beginMs + s * 1000, maker.add);
      fixes += maker.count;
      for (const batch of engine.admit(maker.take())) engine.commit(batch);
      engine.tidy();
    }
  }
  engine.packAll();
  engine.close();
  return fixes / ((performance.now() - startedMs) / 1000);
}

const quantile = (times: number[], share: number): number => times.sort((a, b) => a - b)[Math.floor((times.length - 1) * share)]!;

/** Milliseconds until the last part is there, and fixes of the answers on average. */
async function time(store: TrackStore, questionOf: (random: () => number) => TrackQuestion): Promise<{ p95: number; fixes: number }> {
  const random = createRandom(99);
  const times: number[] = [];
  let fixes = 0;
  for (let run = 0; run < RUNS; run++) {
    const startedMs = performance.now();
    for await (const piece of store.tracks(questionOf(random))) fixes += piece.observedAtMs.length;
    times.push(performance.now() - startedMs);
  }
  return { p95: quantile(times, 0.95), fixes: Math.round(fixes / RUNS) };
}

async function measure(directory: string, days: number) {
  const store = createTrackStore({ directory, keepDays: 10 * YEAR_DAYS });
  const dayOf = (random: () => number): number => START_MS + Math.floor(random() * days) * DAY_MS;
  const hourOf = (random: () => number): number => dayOf(random) + DUTY_BEGINS_MS + Math.floor(random() * DUTY_HOURS) * HOUR_MS;
  const all = { toleranceM: 0, limit: 400_000 };
  await store.positionsAt(START_MS); // the thread is there
  const day = await time(store, (random) => {
    const fromMs = dayOf(random);
    return { ...all, unitIds: [`car-${Math.floor(random() * VEHICLES)}`], fromMs, toMs: fromMs + DAY_MS - 1 };
  });
  const area = await time(store, (random) => {
    const fromMs = hourOf(random);
    const westDeg = 120.46 + random() * 0.05;
    const southDeg = 30.72 + random() * 0.04;
    // One kilometre each way at 30.7 degrees north.
    return {
      ...all,
      area: { westDeg, southDeg, eastDeg: westDeg + 0.01046, northDeg: southDeg + 0.00899 },
      fromMs,
      toMs: fromMs + HOUR_MS - 1,
    };
  });
  const hour = await time(store, (random) => {
    const fromMs = hourOf(random);
    return { ...all, toleranceM: 5, fromMs, toMs: fromMs + HOUR_MS - 1 };
  });
  const moments: number[] = [];
  const random = createRandom(3);
  for (let run = 0; run < RUNS; run++) {
    const startedMs = performance.now();
    await store.positionsAt(hourOf(random) + random() * HOUR_MS);
    moments.push(performance.now() - startedMs);
  }
  const { fixes, sizeBytes } = store.stats();
  await store.dispose();
  return { day, area, hour, momentP95: quantile(moments, 0.95), fixes, sizeBytes };
}

/**
 * A year of 100 vehicles at one fix in five seconds, ten hours a day, is 262.8 million fixes. A share of it is written, in two halves, and
 * measured after each: what a question costs must not follow how much there is.
 */
export async function trackBench(share: number): Promise<Figure[]> {
  const days = Math.max(2, Math.round(YEAR_DAYS * share));
  const half = Math.round(days / 2);
  const directory = mkdtempSync(join(tmpdir(), 'wanglou-track-bench-'));
  try {
    fill(directory, 0, half);
    const first = await measure(directory, half);
    const fixesPerS = fill(directory, half, days - half);
    const whole = await measure(directory, days);
    const of = `${(whole.fixes / 1e6).toFixed(1)} M fixes, ${days} days of ${VEHICLES} vehicles`;
    const figure = (name: string, value: number, unit: string, budget: number | null, how: string): Figure => ({
      name,
      value,
      unit,
      budget,
      how,
    });
    const ms = (name: string, budget: number | null, of2: (m: typeof whole) => number, what: string): Figure =>
      figure(`${name}, p95 of ${RUNS}`, of2(whole), 'ms', budget, `${what}; ${of2(first).toFixed(1)} ms with half as many fixes`);
    return [
      figure('disk for a fix', whole.sizeBytes / whole.fixes, 'bytes', 8, of),
      figure('disk for a year of 262.8 M fixes', (whole.sizeBytes / whole.fixes) * 262.8e6 * 1e-9, 'GB', null, 'by the figure above'),
      ms("one vehicle's day", 100, (m) => m.day.p95, `${whole.day.fixes} fixes, every one`),
      ms("one square kilometre's hour", 500, (m) => m.area.p95, `${whole.area.fixes} fixes, every one`),
      ms("all vehicles' hour", null, (m) => m.hour.p95, `${whole.hour.fixes} fixes within 5 m`),
      ms('where all were at a moment', null, (m) => m.momentP95, 'positionsAt'),
      figure('written', fixesPerS / 1000, 'k/s', null, 'made up, committed and packed, one thread'),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
