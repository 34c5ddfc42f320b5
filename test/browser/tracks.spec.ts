import { readFile } from 'node:fs/promises';
import { createWallPage } from '../support/wallPage.ts';
import { expect, test } from '../support/wallTest.ts';

test.use({ gatewayArgs: ['--rate', '20'] });

test('the ways of all units, of one place and of one unit, on the map and along the time', async ({ page, gateway }) => {
  test.setTimeout(120_000);
  const wall = createWallPage(page);
  await wall.open(gateway.wallUrl);
  const panel = wall.at('tracks');
  const fixes = async (): Promise<number> => Number(/(\d+) 点/.exec(await wall.at('tracks-line').innerText())?.[1] ?? NaN);
  const ask = async (what: 'all' | 'place' | 'unit'): Promise<number> => {
    await wall.at(`tracks-${what}`).click();
    await wall.at('tracks-ask').click();
    await expect(panel).toHaveAttribute('data-state', 'shown');
    return fixes();
  };
  await page.waitForTimeout(6000); // two minutes of the scene
  await page.keyboard.press('y');
  const all = await ask('all');
  expect(all).toBeGreaterThan(100);
  const place = await ask('place');
  expect(place).toBeLessThan(all);
  const one = await ask('unit');
  expect(one).toBeGreaterThan(1);
  expect(one).toBeLessThan(all / 5);

  await test.step('the map draws them up to the moment of the slider', async () => {
    await ask('all');
    await expect.poll(async () => (await wall.mapStats())!.tracks).toBeGreaterThan(20);
    const head = wall.at('tracks-head');
    await head.focus();
    await page.keyboard.press('Home');
    await expect(panel.locator('.slider b')).toHaveText(/^\d\d:00:00$/);
    await page.keyboard.press('End');
    await expect(panel.locator('.slider b')).toHaveText(/^\d\d:59:59$/);
  });

  await test.step('the same as a file', async () => {
    const download = page.waitForEvent('download');
    await wall.at('tracks-save-csv').click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^tracks-\d{8}T\d{4}\.csv$/);
    const lines = (await readFile(await file.path(), 'utf8')).split('\r\n');
    expect(lines[0]).toBe('unitId,observedAt,lonDeg,latDeg,headingDeg,speedMps');
    expect(lines.length).toBeGreaterThan(1000);
  });

  await test.step('a day without a record is said to have none', async () => {
    await wall.at('tracks-date').fill('2020-01-01');
    await wall.at('tracks-ask').click();
    await expect(wall.at('tracks-line')).toContainText('没有记录');
    await wall.at('tracks-clear').click();
    await expect(panel).toHaveAttribute('data-state', 'none');
    await expect.poll(async () => (await wall.mapStats())!.tracks).toBe(0);
    await page.keyboard.press('y');
  });
});
