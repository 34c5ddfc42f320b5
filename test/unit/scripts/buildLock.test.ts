import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock } from '../../../scripts/buildLock.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'wanglou-lock-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('takeLock', () => {
  it('waits for whoever holds it, and then has it', async () => {
    const file = join(folder, 'build.lock');
    writeFileSync(file, String(process.ppid));
    let taken = false;
    const taking = takeLock(file).then(() => (taken = true));
    await new Promise((done) => setTimeout(done, 300));
    expect(taken).toBe(false);
    rmSync(file);
    await taking;
    expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
  });

  it.each([
    ['a process that is gone', '999999999', 0],
    ['an earlier process of this number', String(process.pid), 0],
    ['a process of long ago whose number somebody else has now', String(process.ppid), 3600],
    ['a writer that ended in the middle, long ago', '', 3600],
  ])('takes over from %s', { timeout: 2000 }, async (_who, text, ageS) => {
    const file = join(folder, 'deep/build.lock');
    await takeLock(file);
    writeFileSync(file, text);
    const atS = Date.now() / 1000 - ageS;
    utimesSync(file, atS, atS);
    await takeLock(file);
    expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
  });
});
