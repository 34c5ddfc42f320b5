import { expect, test as base, type ConsoleMessage, type Page } from '@playwright/test';
import { startGateway, type RunningGateway } from './startGateway.ts';

/** What a page did that a working wall never does. */
export interface PageProblems {
  /** Lines such as `console.error: ...`, in the order they came; the first two hundred. */
  readonly lines: string[];
  /** From now on, problems that match are the point of the test and do not fail it. */
  expect(pattern: RegExp): void;
}

const KEPT = 200;
/** Chromium's own notes on software drawing; they say nothing about the wall. */
const NOISE = [/GPU stall due to ReadPixels/, /Automatic fallback to software WebGL/, /\[\.WebGL-[^\]]*\]/, /swiftshader/i];

/** Records what goes wrong on a page: console errors and warnings of the wall, uncaught errors, crashed pages, failed and refused requests. */
export function watchPage(page: Page): PageProblems {
  const lines: string[] = [];
  const expected: RegExp[] = [];
  const add = (line: string) => {
    if (lines.length < KEPT && !NOISE.some((noise) => noise.test(line)) && !expected.some((pattern) => pattern.test(line)))
      lines.push(line);
  };
  page.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error' || message.type() === 'warning')
      add(`console.${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => add(`uncaught: ${error.stack ?? error.message}`));
  page.on('crash', () => add('the page crashed'));
  page.on('requestfailed', (request) => {
    // A request that the page itself gave up, e.g. a player that was closed, is no failure.
    const reason = request.failure()?.errorText ?? 'failed';
    if (reason !== 'net::ERR_ABORTED') add(`request: ${reason} ${request.method()} ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) add(`response: ${response.status()} ${response.request().method()} ${response.url()}`);
  });
  return { lines, expect: (pattern) => void expected.push(pattern) };
}

interface TestFixtures {
  /** Fails the test at its end when anything is in it. Always on. */
  problems: PageProblems;
}
interface WorkerFixtures {
  /** Flags of the gateway; change them with `test.use({ gatewayArgs: [...] })` at the top of a file. */
  gatewayArgs: readonly string[];
  /** The real gateway on a free port, one for the tests of a worker. */
  gateway: RunningGateway;
}

/** Playwright's test over the real gateway. A test that wants a gateway of its own starts one with `startGateway`. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  gatewayArgs: [[], { option: true, scope: 'worker' }],
  gateway: [
    async ({ gatewayArgs }, use) => {
      const gateway = await startGateway(gatewayArgs);
      await use(gateway);
      await gateway.stop();
    },
    { scope: 'worker' },
  ],
  problems: [
    async ({ page }, use) => {
      const problems = watchPage(page);
      await use(problems);
      expect(problems.lines, 'what the page complained of').toEqual([]);
    },
    { auto: true },
  ],
});
export { expect } from '@playwright/test';
