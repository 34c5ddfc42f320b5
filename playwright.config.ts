import { defineConfig } from '@playwright/test';
import { CHROMIUM_FLAGS } from './test/support/findChromium.ts';
import { findBrowser } from './scripts/findBrowser.ts';

const browser = findBrowser();

/**
 * `browser`: the wall from the real gateway in a real Chromium. `standin`: the built main process on the stand-in for Electron.
 * `electron`: the tests of the wall in Electron itself, where its binary is. One worker: the wall draws in software, and two at a time starve.
 */
export default defineConfig({
  testDir: 'test',
  outputDir: 'test-results/playwright',
  workers: 1,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['./scripts/reporters/playwrightRows.ts']],
  projects: [
    {
      name: 'browser',
      testMatch: 'browser/**/*.spec.ts',
      use: {
        viewport: { width: 1920, height: 1080 },
        trace: 'retain-on-failure',
        screenshot: 'only-on-failure',
        launchOptions: { args: CHROMIUM_FLAGS, ...(browser === null ? {} : { executablePath: browser }) },
      },
    },
    { name: 'standin', testMatch: 'desktop/**/*.spec.ts' },
    { name: 'electron', testMatch: 'desktop/wall.spec.ts' },
  ],
});
