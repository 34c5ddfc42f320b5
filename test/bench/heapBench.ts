import { startGateway } from '../support/startGateway.ts';
import type { Figure } from './table.ts';
import { openBenchPage, waitForHeads } from './wallPage.ts';

/** Heap of the wall after `minutes` against after a fifth of that, garbage collected before each reading. */
export async function heapBench(minutes: number): Promise<Figure[]> {
  const gateway = await startGateway();
  const { browser, page } = await openBenchPage(gateway.wallUrl);
  try {
    await waitForHeads(page, 20);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('HeapProfiler.enable');
    const usedMb = async (): Promise<number> => {
      for (let i = 0; i < 3; i++) await cdp.send('HeapProfiler.collectGarbage');
      const { usedSize } = await cdp.send('Runtime.getHeapUsage');
      return usedSize / 1024 / 1024;
    };
    await page.waitForTimeout((minutes / 5) * 60_000);
    const early = await usedMb();
    await page.waitForTimeout(minutes * 0.8 * 60_000);
    const late = await usedMb();
    return [
      { name: `heap after ${minutes / 5} min`, value: early, unit: 'MB', budget: null, how: 'after garbage collection' },
      { name: `heap after ${minutes} min`, value: late, unit: 'MB', budget: null, how: '' },
      { name: 'growth', value: (late / early - 1) * 100, unit: '%', budget: 10, how: '' },
    ];
  } finally {
    await browser.close();
    await gateway.stop();
  }
}
