import { chromium } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import { findBrowser } from '../../scripts/findBrowser.ts';
import { CHROMIUM_FLAGS } from '../support/findChromium.ts';

export interface BenchPage {
  browser: Browser;
  page: Page;
  errors: string[];
}

/** Opens the wall at 1920×1080 in the browser that the tests use. @throws Error when none is installed. */
export async function openBenchPage(wallUrl: string): Promise<BenchPage> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error('no Chromium, Chrome or Edge found: install one, or set CHROMIUM_PATH');
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS, '--enable-precise-memory-info'] });
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(wallUrl);
  return { browser, page, errors };
}

export interface MapStats {
  status: string;
  heads: number;
  trails: number;
  frames: number;
}

/** What the map says of itself once a second, or null before its first word. */
export async function readMapStats(page: Page): Promise<MapStats | null> {
  const text = await page.getByTestId('map-canvas').getAttribute('data-map-stats', { timeout: 30_000 });
  return text === null || text === '' ? null : (JSON.parse(text) as MapStats);
}

/** Waits until the map draws at least `heads` units. @throws Error after `timeoutMs`. */
export async function waitForHeads(page: Page, heads: number, timeoutMs = 60_000): Promise<void> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const stats = await readMapStats(page);
    if (stats !== null && stats.heads >= heads && stats.frames > 0) return;
    if (performance.now() > until) throw new Error(`the map draws ${stats?.heads ?? 0} units after ${timeoutMs} ms, not ${heads}`);
    await page.waitForTimeout(100);
  }
}
