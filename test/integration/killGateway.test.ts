import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { killRounds } from '../soak/killRounds.ts';

test('[P-05] kill -9 while desks write: what was acknowledged or told is there after the restart, once, and the picture is the same', async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'wanglou-test-'));
  onTestFinished(() => rmSync(dataDirectory, { recursive: true, force: true }));
  const { kills, acknowledged, compared, events, lost, changed, doubled, differences } = await killRounds({ kills: 5, dataDirectory });
  expect({ lost, changed, doubled, differences }).toEqual({ lost: [], changed: [], doubled: [], differences: [] });
  expect(kills).toBe(5);
  expect(acknowledged).toBeGreaterThan(20);
  expect(events).toBeGreaterThanOrEqual(acknowledged);
  expect(compared).toBeGreaterThan(1);
}, 120_000);
