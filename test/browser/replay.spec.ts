import { readFile } from 'node:fs/promises';
import { createWallPage } from '../support/wallPage.ts';
import { expect, test } from '../support/wallTest.ts';

test.use({ gatewayArgs: ['--rate', '10'] });

/** The review after the matter: into the past by hand, at speed, with a note, and back to now at one key. */
test('the wall shows a moment of the past, says so, changes nothing in it, and comes back to now', async ({ page, gateway }) => {
  test.setTimeout(120_000);
  const wall = createWallPage(page);
  await wall.open(gateway.wallUrl);
  const clockS = async (): Promise<number> => {
    const [h, m, s] = (await wall.at('header-clock').locator('time').innerText()).split(':').map(Number);
    return h! * 3600 + m! * 60 + s!;
  };
  const openNow = async (): Promise<number> => page.locator('[data-testid="queue-item"]').count();
  const item = wall.queueItem(/擅自开挖/);
  await expect(item).toBeVisible({ timeout: 30_000 });

  await test.step('drag to the beginning of the record', async () => {
    await page.keyboard.press('z');
    const box = (await wall.at('time-track').boundingBox())!;
    await page.mouse.move(box.x + box.width - 4, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 2, box.y + 10, { steps: 8 });
    await page.mouse.up();
    await expect(wall.at('replay-mark')).toContainText('回放');
    await wall.at('time-track').press('ArrowRight'); // ten seconds on, when the town has filled
    await expect(item).toHaveCount(0); // not reported yet at that moment
    await expect(wall.at('live-video').first()).toHaveAttribute('data-state', 'noCamera');
    await expect(wall.at('live-video').first()).toContainText('画面未录像');
    await expect.poll(openNow).toBeGreaterThan(0);
    await expect.poll(async () => (await wall.mapStats())!.heads).toBeGreaterThanOrEqual(26);
  });

  await test.step('at speed the matter comes in again', async () => {
    await wall.at('rate-30').click();
    await expect(wall.at('replay-mark')).toContainText('30×');
    await expect(item).toBeVisible({ timeout: 20_000 });
    await page.keyboard.press('.');
    await expect(wall.at('replay-mark')).toContainText('已暂停');
    await page.waitForTimeout(1000); // the clock on the wall is drawn twice a second
    const stopped = await clockS();
    await page.waitForTimeout(1500);
    expect(Math.abs((await clockS()) - stopped)).toBeLessThanOrEqual(1);
  });

  await test.step('nothing in the past can be changed, and the card says why', async () => {
    await item.click();
    await expect(wall.at('incident-card')).toHaveAttribute('data-state', 'reported');
    await expect(wall.at('dispatch-0')).toBeDisabled();
    await page.keyboard.press('a');
    await expect(wall.at('refusal')).toContainText('过去不能更改');
    await expect(wall.at('incident-card')).toHaveAttribute('data-state', 'reported');
  });

  await test.step('a bookmark with a note stays, here and for every wall', async () => {
    await page.keyboard.press('w');
    await page.keyboard.type('派单慢了四十秒');
    await page.keyboard.press('Enter');
    await expect(wall.at('bookmark-flag')).toHaveCount(1);
    await page.keyboard.press('Escape');
  });

  await test.step('a clip from here to half a minute later is saved as a file', async () => {
    await page.keyboard.press('g');
    await wall.at('time-track').press('Shift+ArrowRight');
    await page.waitForTimeout(1000);
    const download = page.waitForEvent('download');
    await page.keyboard.press('g');
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^clip-wuzhen-\d{8}T\d{4}\.ndjson$/);
    expect((await readFile(await file.path(), 'utf8')).split('\n').length).toBeGreaterThan(200);
  });

  await test.step('back to now at one key', async () => {
    const past = await clockS();
    await page.keyboard.press('0');
    await expect(wall.at('replay-mark')).toHaveCount(0);
    await expect.poll(clockS).toBeGreaterThan(past + 10);
    await expect(wall.at('live-video').first()).toHaveAttribute('data-state', 'live', { timeout: 15_000 });
    await wall.at('bookmarks-toggle').click();
    await expect(wall.at('bookmark')).toContainText('派单慢了四十秒');
    await wall.at('bookmark-remove').click();
    await expect(wall.at('bookmark')).toHaveCount(0);
    await page.keyboard.press('z');
    await expect(wall.at('timeline')).toHaveCount(0);
  });
});
