import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { CHROMIUM_FLAGS, findChromium } from '../support/findChromium.ts';
import { expect, test, watchPage } from '../support/wallTest.ts';
import { createWallPage } from '../support/wallPage.ts';
import type { WallPage } from '../support/wallPage.ts';

/** As when a driver resets: the page learns of it by an event, later. */
async function loseContext(page: Page): Promise<void> {
  await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('[data-testid=map-canvas] canvas')!;
    canvas.getContext('webgl2')!.getExtension('WEBGL_lose_context')!.loseContext();
  });
}

/** @throws when the wall never said that it draws the map again. */
async function loseAndSee(page: Page, wall: WallPage): Promise<void> {
  const { frames } = (await wall.mapStats())!;
  const told = wall.at('map-status').waitFor({ state: 'visible', timeout: 5000 });
  await Promise.all([told, loseContext(page)]);
  await expect(wall.at('map-status')).toHaveCount(0, { timeout: 10_000 });
  await expect.poll(async () => (await wall.mapStats())!.frames, { timeout: 10_000 }).toBeGreaterThan(frames + 1);
  const after = (await wall.mapStats())!;
  expect(after.status).toBe('ready');
  expect(after.heads).toBeGreaterThanOrEqual(26);
}

test('the graphics card drops its context three times: the map says so and draws again within 10 s', async ({
  page,
  gateway,
  problems,
}) => {
  problems.expect(/context.*lost|lost.*context/i);
  const wall = createWallPage(page);
  await wall.open(gateway.wallUrl);
  await expect.poll(async () => (await wall.mapStats())!.frames).toBeGreaterThan(0);
  for (let n = 0; n < 3; n++) await loseAndSee(page, wall);
});

test('a machine without WebGL: the map says why, the panels live on', async ({ gateway }) => {
  const browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_FLAGS, '--disable-3d-apis'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    const problems = watchPage(page);
    problems.expect(/webgl/i);
    const wall = createWallPage(page);
    await page.goto(gateway.wallUrl);
    await expect(wall.at('map-status')).toContainText('WebGL');
    await expect(wall.at('queue-item').first()).toBeVisible();
    await expect(page.locator('[data-testid^="channel-"]')).toHaveCount(9);
    const clock = await wall.at('header-clock').innerText();
    await expect(wall.at('header-clock')).not.toHaveText(clock);
    expect(problems.lines).toEqual([]);
  } finally {
    await browser.close();
  }
});
