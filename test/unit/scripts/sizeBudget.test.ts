import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BUDGETS, measureBudgets } from '../../../scripts/sizeBudget.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wanglou-size-'));
  mkdirSync(join(folder, 'cesium'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const failing = () => BUDGETS.filter((_, i) => measureBudgets(folder)[i]?.ok !== true).map(({ name }) => name);
const limitOf = (name: string) => (BUDGETS.find((budget) => budget.name === name)?.limitKiB ?? NaN) * 1024;

it('fails on a folder that holds nothing: there was no build', () => expect(failing()).toHaveLength(BUDGETS.length));
it('passes a small build', () => {
  writeFileSync(join(folder, 'index.js'), 'x'.repeat(10_000_000)); // compresses to almost nothing
  expect(failing()).toEqual([]);
});
it('counts compressed scripts, the largest by itself', () => {
  writeFileSync(join(folder, 'a.js'), randomBytes(limitOf('largest script, gzip') + 2000));
  expect(failing()).toEqual(['largest script, gzip']);
  writeFileSync(join(folder, 'b.js'), randomBytes(limitOf('scripts, gzip') - limitOf('largest script, gzip')));
  expect(failing()).toEqual(['scripts, gzip', 'largest script, gzip']);
});
it('leaves Cesium’s own workers to the total', () => {
  writeFileSync(join(folder, 'cesium/worker.js'), randomBytes(limitOf('scripts, gzip') + 5000));
  expect(failing()).toEqual([]);
  writeFileSync(join(folder, 'picture.png'), Buffer.alloc(limitOf('everything in dist/renderer')));
  expect(failing()).toEqual(['everything in dist/renderer']);
});
it('counts styles', () => {
  writeFileSync(join(folder, 'a.css'), randomBytes(limitOf('styles, gzip') + 2000));
  expect(failing()).toEqual(['styles, gzip']);
});
