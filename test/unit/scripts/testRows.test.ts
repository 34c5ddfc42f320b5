import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readRows, summarise, writeRows, type TestRow } from '../../../scripts/testRows.ts';

const folder = mkdtempSync(join(tmpdir(), 'wanglou-rows-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const row = (state: TestRow['state'], title: string = state, reason: string | null = null): TestRow => ({
  file: 'a.test.ts',
  title,
  state,
  reason,
  durationMs: 1,
});

describe('readRows', () => {
  it('gives back what a runner wrote', () => {
    const file = join(folder, 'deep/good.json');
    writeRows([row('passed'), row('skipped', 'x', 'why')], file);
    expect(readRows('unit', file, 0)).toEqual([row('passed'), row('skipped', 'x', 'why')]);
  });
  it.each([
    ['left nothing', null, 1],
    ['left nothing but says that all is well', null, 0],
    ['left half a file', '[{"file":', 1],
    ['ran no test', '[]', 0],
    ['ended badly though every test passed', JSON.stringify([row('passed')]), 1],
  ])('counts a runner that %s as failed', (name, text, exitCode) => {
    const file = join(folder, `${name}.json`);
    if (text !== null) writeFileSync(file, text);
    expect(readRows('unit', file, exitCode).filter(({ state }) => state === 'failed')).toHaveLength(1);
  });
  it('does not count a failure twice', () => {
    const file = join(folder, 'failed.json');
    writeRows([row('failed')], file);
    expect(readRows('unit', file, 1)).toHaveLength(1);
  });
});

describe('summarise', () => {
  it('ends with the sum, after every failure and every skip with its reason', () => {
    const { lines, ok } = summarise([
      row('passed'),
      row('skipped', 'b', 'no Electron binary'),
      row('failed', 'c'),
      row('skipped', 'd'),
      row('passed'),
    ]);
    expect(lines).toEqual([
      'failed: a.test.ts: c',
      'skipped: a.test.ts: b (no Electron binary)',
      'skipped: a.test.ts: d (no reason given)',
      '2 passed, 1 failed, 2 skipped',
    ]);
    expect(ok).toBe(false);
  });
  it('is well only without a failure', () =>
    expect(summarise([row('passed'), row('skipped')])).toMatchObject({ ok: true, lines: { length: 2 } }));
});
