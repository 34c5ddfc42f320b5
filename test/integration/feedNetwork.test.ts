import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { feedRounds } from '../soak/feedRounds.ts';

/** The first minute of `npm run soak -- feed`. */
test('[P-02] walls whose network fails and whose gateway is killed are told everything once and in order', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'wanglou-feed-network-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const result = await feedRounds({
    directory,
    walls: 2,
    disconnects: 16,
    eventsPerS: 500,
    killEvery: 4,
    proxyKillEvery: 3,
    freezeEvery: 0,
    holeEvery: 0,
    outageMs: 0,
  });
  expect([result.gatewayKills, result.proxyKills]).toEqual([2, 2]);
  expect(result.sent).toBeGreaterThan(500);
  expect(result.commands).toBeGreaterThan(10);
  expect([result.lost, result.duplicated, result.outOfOrder, result.revJumps, result.snapshots]).toEqual([[], [], [], [], 0]);
}, 120_000);
