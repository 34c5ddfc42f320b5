import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createTrackEngine } from '../../gateway/tracks/trackEngine.ts';

const writer = fileURLToPath(new URL('./trackWriter.ts', import.meta.url));
const ROUNDS = 6;

/** Writes until it is killed. @returns the last fix that it said to be safe. */
async function writeAndDie(directory: string, from: number, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [writer, directory, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const gone = once(child, 'close');
  await once(child.stdout, 'data');
  await new Promise((done) => setTimeout(done, afterMs));
  child.kill('SIGKILL');
  await gone;
  // What stands before the last line break was written whole.
  return Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1));
}

test('kill -9 in the middle of commits and packing loses nothing that was safe and leaves nothing twice', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'wanglou-track-kill-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  let safe = 0;
  for (let round = 0; round < ROUNDS; round++) safe = await writeAndDie(directory, safe, 40 + round * 35);
  expect(safe).toBeGreaterThan(ROUNDS);
  const warnings: string[] = [];
  const engine = createTrackEngine({ directory, keepDays: 365, mostRecentFixes: 1e6, onWarning: (warning) => warnings.push(warning) });
  const found = [...engine.tracks({ fromMs: 0, toMs: 4e12, toleranceM: 0, limit: 1e6 })].flatMap((piece) => piece?.observedAtMs ?? []);
  const { blocks } = engine.stats();
  engine.close();
  const numbers = found.map((atMs) => (atMs - Date.UTC(2026, 4, 13, 10)) / 1000);
  expect(numbers.slice(0, safe + 1)).toEqual(Array.from({ length: safe + 1 }, (_, n) => n));
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(blocks).toBeGreaterThan(0);
  expect(warnings).toEqual([]);
}, 30_000);
