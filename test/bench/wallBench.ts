import { startGateway } from '../support/startGateway.ts';
import { frameScripting, quantile, TRACE_CATEGORIES } from './scripting.ts';
import type { Figure } from './table.ts';
import { openBenchPage, waitForHeads } from './wallPage.ts';

const UNITS = 200;
const TRACE_S = 20;
const AGE_S = 60;

/** 200 units, nine channels, six tiles: JavaScript a frame on the main thread, and how old the newest position on the wall is. */
export async function wallBench(): Promise<Figure[]> {
  const gateway = await startGateway(['--units', String(UNITS)]);
  const { browser, page, errors } = await openBenchPage(gateway.wallUrl);
  try {
    await waitForHeads(page, UNITS); // all of them, or the figure is not of 200
    const channels = await page.locator('[data-testid^="channel-"]').count();
    const tiles = await page.getByTestId('camera-tile').count();
    if (channels < 9 || tiles < 6) throw new Error(`the wall shows ${channels} channels and ${tiles} tiles, not 9 and 6`);
    await page.waitForTimeout(10_000); // start-up work is not what runs for months

    await browser.startTracing(page, { categories: TRACE_CATEGORIES });
    await page.waitForTimeout(TRACE_S * 1000);
    const scripting = frameScripting((await browser.stopTracing()).toString());

    const ages: number[] = [];
    for (let i = 0; i < AGE_S * 2; i++) {
      await page.waitForTimeout(500);
      const age = await page.getByTestId('feed-age').getAttribute('data-age-ms');
      if (age === null || age === '') throw new Error('the wall shows no feed age');
      ages.push(Number(age));
    }
    if (errors.length > 0) throw new Error(`console errors on the wall: ${errors.join(' | ')}`);
    const how = `${UNITS} units, ${channels} channels, ${tiles} tiles, ${scripting.frames} frames traced over ${TRACE_S} s`;
    return [
      { name: 'JavaScript a frame, p50', value: scripting.p50Ms, unit: 'ms', budget: null, how },
      { name: 'JavaScript a frame, p95', value: scripting.p95Ms, unit: 'ms', budget: 8, how: '' },
      { name: 'JavaScript, share of time', value: scripting.busyShare * 100, unit: '%', budget: null, how: '' },
      { name: 'feed age, p50', value: quantile(ages, 0.5), unit: 'ms', budget: null, how: `${ages.length} samples over ${AGE_S} s` },
      { name: 'feed age, p95', value: quantile(ages, 0.95), unit: 'ms', budget: 1000, how: '' },
    ];
  } finally {
    await browser.close();
    await gateway.stop();
  }
}
