import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryItem } from '../../protocol/queries/index.ts';
import type { Figure } from '../bench/table.ts';
import { startGateway } from '../support/startGateway.ts';
import { openSoakWall } from './soakWall.ts';

const UNITS = 20_000;
const WALLS = 3;
const POSTS_PER_S = 8;
const TOKEN = 'soak-token-of-the-wall';
const SENDER_TOKEN = 'soak-token-of-the-sender';
const SAMPLE_MS = 500;
const MEMORY_MS = 5000;
/** After the start, before memory is compared. */
const WARM_MS = 60_000;
const AGE_BUDGET_MS = 500;
const GROWTH_BUDGET = 10;
const MISSING_BUDGET = 3;

const idOf = (n: number): string => `u-${n}`;
const quantile = (values: number[], share: number): number => values.sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? NaN;
const median = (values: number[]): number => quantile([...values], 0.5);

/** Every unit moves once a second: an eighth of them in each of eight posts. */
async function send(url: string, first: number, count: number, radians: number): Promise<boolean> {
  const observedAtMs = Date.now();
  const rows = Array.from({ length: count }, (_, i) => {
    const n = first + i;
    return {
      fact: 'fix',
      unitId: idOf(n),
      lonDeg: 120.44 + (n % 200) * 0.0005 + Math.sin(radians + n) * 0.002,
      latDeg: 30.7 + Math.floor(n / 200) * 0.0008 + Math.cos(radians + n) * 0.002,
      headingDeg: (n * 7 + radians * 57) % 360,
      speedMps: 8,
      observedAtMs,
    };
  });
  const response = await fetch(url, {
    method: 'POST',
    headers: { Authorization: `Bearer ${SENDER_TOKEN}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(rows),
  });
  await response.arrayBuffer();
  return response.status === 200;
}

/** 20,000 units at 1 Hz into one gateway with everything on: durable journal and tracks, three walls. */
export async function crowdSoak(minutes: number): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'wanglou-crowd-'));
  const sources = join(directory, 'sources.json');
  const source = {
    id: 'crowd',
    kind: 'http',
    prefix: '',
    token: { clear: SENDER_TOKEN },
    requestsPerS: 1000,
    maxBytes: 16 << 20,
    adapter: 'json',
  };
  writeFileSync(sources, JSON.stringify({ sources: [source] }));
  const gateway = await startGateway(['--sources', sources, '--data', join(directory, 'data'), '--token', TOKEN]);
  const url = `http://127.0.0.1:${gateway.port}/in/crowd`;
  const walls = Array.from({ length: WALLS }, (_, n) => openSoakWall(gateway.port, TOKEN, `wall-${n}`));
  try {
    for (let first = 0; first < UNITS; first += 1000) {
      const rows = Array.from({ length: 1000 }, (_, i) => {
        const id = idOf(first + i);
        return { fact: 'unit', id, kind: 'vehicle', name: { zh: id, en: id }, agencyId: 'ce' };
      });
      const headers = { Authorization: `Bearer ${SENDER_TOKEN}`, 'Content-Type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(rows) });
      if (response.status !== 200) throw new Error(`units refused: ${await response.text()}`);
    }
    const ages: number[] = [];
    const lags: number[] = [];
    const memory: { atMs: number; heap: number; rss: number }[] = [];
    const answers: number[] = [];
    let [posts, failed, late] = [0, 0, 0];
    const startedMs = performance.now();
    const sinceMs = (): number => performance.now() - startedMs;
    const endMs = minutes * 60_000;

    const sending = (async () => {
      const share = UNITS / POSTS_PER_S;
      const inFlight = new Set<Promise<void>>();
      for (let n = 0; sinceMs() < endMs; n++) {
        const waitMs = (n * 1000) / POSTS_PER_S - sinceMs();
        if (waitMs > 0) await sleep(waitMs);
        else if (waitMs < -1000) late += 1;
        // Senders do not wait for each other; so many of them are never behind.
        while (inFlight.size >= POSTS_PER_S) await Promise.race(inFlight);
        const beganMs = performance.now();
        const one = send(url, (n % POSTS_PER_S) * share, share, n / 100)
          .catch(() => false)
          .then((fine) => {
            answers.push(performance.now() - beganMs);
            posts += 1;
            if (!fine) failed += 1;
            inFlight.delete(one);
          });
        inFlight.add(one);
      }
      await Promise.all(inFlight);
    })();
    let nextMemoryMs = 0;
    while (sinceMs() < endMs) {
      await sleep(SAMPLE_MS);
      if (sinceMs() < 10_000) continue;
      for (const { feed } of walls) {
        const heard = feed.heardServerMs();
        if (heard !== null) ages.push(Math.max(0, feed.nowMs() - heard));
        const fix = feed.tracks.latest(idOf(Math.floor(Math.random() * UNITS)));
        if (fix) lags.push(feed.nowMs() - fix.observedAtMs);
      }
      if (sinceMs() < nextMemoryMs) continue;
      nextMemoryMs = sinceMs() + MEMORY_MS;
      const answer = await walls[0]!.feed.query('vitals', {});
      const vitals: QueryItem['vitals'] | undefined = answer.ok ? answer.items[0] : undefined;
      if (vitals) memory.push({ atMs: sinceMs(), heap: vitals.process.heapBytes, rss: vitals.process.rssBytes });
    }
    await sending;
    const answer = await walls[0]!.feed.query('vitals', {});
    const last = answer.ok ? answer.items[0] : undefined;
    const warm = memory.filter(({ atMs }) => atMs > Math.min(WARM_MS, endMs / 3));
    const third = Math.max(1, Math.floor(warm.length / 3));
    const growth = (of: 'heap' | 'rss'): number =>
      (median(warm.slice(-third).map((m) => m[of])) / median(warm.slice(0, third).map((m) => m[of])) - 1) * 100;
    const skipped = walls.reduce((sum, { feed }) => sum + feed.counters.skippedTicks, 0);
    const perS = walls.reduce((sum, { feed }) => sum + feed.counters.fixes, 0) / WALLS / (sinceMs() / 1000);
    const figure = (name: string, value: number, unit: string, budget: number | null, how: string): Figure => ({
      name,
      value,
      unit,
      budget,
      how,
    });
    return [
      figure('feed age, p50', quantile([...ages], 0.5), 'ms', null, `${ages.length} samples on ${WALLS} walls over ${minutes} min`),
      figure('feed age, p95', quantile(ages, 0.95), 'ms', AGE_BUDGET_MS, 'the same'),
      figure('age of a unit on the wall, p95', quantile(lags, 0.95), 'ms', null, 'from its receiver; it reports once a second'),
      figure('fixes on each wall', perS, '/s', null, `${skipped} position ticks skipped`),
      figure(
        'fixes that a wall was not told',
        Math.max(0, 1 - perS / UNITS) * 100,
        '%',
        MISSING_BUDGET,
        `of ${UNITS} a second; a wall may be told the newest of two`,
      ),
      figure(
        'answer to a post, p95',
        quantile(answers, 0.95),
        'ms',
        null,
        `${posts} posts of ${UNITS / POSTS_PER_S} fixes, ${failed} failed, ${late} begun a second late`,
      ),
      figure(
        'growth of the heap',
        growth('heap'),
        '%',
        GROWTH_BUDGET,
        `median of the last third against the first, from ${(median(warm.map((m) => m.heap)) / 1e6).toFixed(0)} MB`,
      ),
      figure(
        'growth of the memory',
        growth('rss'),
        '%',
        GROWTH_BUDGET,
        `the same, from ${(median(warm.map((m) => m.rss)) / 1e6).toFixed(0)} MB`,
      ),
      figure('loop delay of the gateway, p99', last?.process.loopP99Ms ?? NaN, 'ms', null, 'over its last ten seconds'),
      figure('posts failed', failed, '', 0, ''),
    ];
  } finally {
    for (const wall of walls) wall.dispose();
    await gateway.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
