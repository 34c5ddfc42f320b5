import { expect, test } from '../support/wallTest.ts';
import { startGateway } from '../support/startGateway.ts';
import { createWallPage } from '../support/wallPage.ts';

test('[P-06] the gateway dies: the wall says since when, dims what is stale, and returns by itself', async ({ page, problems }) => {
  test.setTimeout(150_000);
  problems.expect(/WebSocket connection to .* failed|ERR_CONNECTION_REFUSED/);
  const first = await startGateway(['--token', 'outage-test']);
  const wall = createWallPage(page);
  await wall.open(first.wallUrl);
  const rows = await wall.at('queue-item').count();
  expect(rows).toBeGreaterThan(0);

  await first.kill();
  await expect(wall.at('feed-age')).toContainText(/中断.*\d\d:\d\d:\d\d/, { timeout: 15_000 });
  await expect(page.locator('.stale-dims').first()).toHaveCSS('opacity', /^0\./);
  await expect(wall.at('queue-item')).toHaveCount(rows); // what was known stays readable

  const second = await startGateway(['--token', 'outage-test', '--port', String(first.port)]);
  try {
    await expect(wall.at('feed-age')).not.toContainText('中断', { timeout: 40_000 });
    await expect(page.locator('.stale-dims').first()).toHaveCSS('opacity', '1');
    await expect.poll(async () => (await wall.mapStats())?.heads ?? 0).toBeGreaterThanOrEqual(26);
    await expect.poll(() => wall.at('queue-item').count()).toBeGreaterThan(0);
  } finally {
    await second.stop();
  }
});
