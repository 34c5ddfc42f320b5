import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { buildIfStale } from '../../scripts/build.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const npmTest = (args: readonly string[], env: Record<string, string> = {}) => {
  const done = spawnSync(process.execPath, ['scripts/test.ts', ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { ...done, lastLine: done.stdout.trimEnd().split('\n').at(-1) };
};

beforeAll(() => expect(buildIfStale(console.log)).toBe(true), 120_000);

it('ends with the sum also where there is no browser, after what to do about it', () => {
  const { status, stderr, stdout, lastLine } = npmTest(['--only', 'browser,desktop'], { CHROMIUM_PATH: '/nonexistent/browser' });
  expect(stderr).toContain('CHROMIUM_PATH names no executable: /nonexistent/browser');
  expect(stdout).toContain('failed: browser: not run: there is no browser');
  expect([status, lastLine]).toEqual([1, '0 passed, 2 failed, 0 skipped']);
});

it('refuses a runner that does not exist in one line, with code 2', () =>
  expect(npmTest(['--only', 'everything'])).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^wanglou: .*\n$/) as string,
  }));
