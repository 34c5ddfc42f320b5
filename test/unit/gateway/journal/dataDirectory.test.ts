import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openDataDirectory } from '../../../../gateway/journal/dataDirectory.ts';
import { makeDirectory } from './journalFixture.ts';

test('holds a directory for one gateway until it lets go; what is in it stays', () => {
  const path = join(makeDirectory(), 'new', 'data');
  const first = openDataDirectory(path);
  // Only its owner reads what people did.
  expect(statSync(path).mode & 0o777).toBe(0o700);
  writeFileSync(join(path, 'journal.db'), 'x');
  expect(() => openDataDirectory(path)).toThrow(`--data ${path}: another gateway (process ${process.pid}) uses this directory`);
  first.dispose();
  const second = openDataDirectory(path);
  expect([second.temporary, existsSync(join(path, 'journal.db'))]).toEqual([false, true]);
  second.dispose();
});

test('without a path makes a directory of its own that goes with it', () => {
  const directory = openDataDirectory(null);
  writeFileSync(join(directory.path, 'journal.db'), 'x');
  expect([directory.temporary, existsSync(directory.path)]).toEqual([true, true]);
  directory.dispose();
  expect(existsSync(directory.path)).toBe(false);
});

test('a path that is a file is refused in one line', () => {
  const file = join(makeDirectory(), 'file');
  writeFileSync(file, '');
  expect(() => openDataDirectory(file)).toThrow(`--data ${file}: `);
});

test.each([
  [79_000, null],
  [85_000, /takes 0\.000 GB, 8\d % of its budget of 0\.000 GB: make room, raise --budget or shorten --keep$/],
  [150_000, /takes 0\.000 GB, more than its budget/],
])('%d bytes of 100,000 that may be used: %s', async (bytes, warning) => {
  const path = makeDirectory();
  writeFileSync(join(path, 'tracks'), Buffer.alloc(bytes));
  const warnings: string[] = [];
  const directory = openDataDirectory(path, { budgetBytes: 100_000, onWarning: (text) => warnings.push(text) });
  onTestFinished(() => directory.dispose());
  for (let i = 0; i < 100 && directory.sizeBytes === 0; i++) await sleep(10);
  expect(directory.sizeBytes).toBeGreaterThanOrEqual(bytes);
  expect(warnings).toEqual(directory.warnings);
  if (warning === null) expect(warnings).toEqual([]);
  else expect(warnings).toEqual([expect.stringMatching(warning)]);
});
