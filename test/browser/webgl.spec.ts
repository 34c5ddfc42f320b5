import { chromium } from '@playwright/test';
import { expect, test, watchPage } from '../support/wallTest.ts';
import { CHROMIUM_FLAGS, findChromium } from '../support/findChromium.ts';
import { createWallPage } from '../support/wallPage.ts';

test('the graphics card drops its context: the map says so and draws again within 10 s', async ({ page, gateway, problems }) => {
  problems.expect(/context.*lost|lost.*context/i);
  const wall = createWallPage(page);
  await wall.open(gateway.wallUrl);
  await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('[data-testid=map-canvas] canvas, canvas[data-testid=map-canvas]')!;
    canvas.getContext('webgl2')!.getExtension('WEBGL_lose_context')!.loseContext();
  });
  await expect.poll(async () => (await wall.mapStats())?.status).toBe('restoring');
  await expect.poll(async () => (await wall.mapStats())?.status, { timeout: 10_000 }).toBe('ready');
  const frames = (await wall.mapStats())!.frames;
  await expect.poll(async () => (await wall.mapStats())!.frames).toBeGreaterThan(frames);
  expect((await wall.mapStats())!.heads).toBeGreaterThanOrEqual(26);
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
