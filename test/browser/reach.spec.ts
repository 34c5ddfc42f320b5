import { createWallPage } from '../support/wallPage.ts';
import { expect, test } from '../support/wallTest.ts';

test('the five-minute reach: on the map, what sending one opens, a unit moved up and sent back', async ({ page, gateway }) => {
  test.setTimeout(90_000);
  const wall = createWallPage(page);
  await wall.open(gateway.wallUrl);
  const panel = wall.at('reach');
  const drawn = async (): Promise<number> => (await wall.mapStats())!.reach;
  const km = async (band: string): Promise<number> => Number(/[\d.]+/.exec(await wall.at(`reach-${band}`).locator('b').innerText())![0]);

  await test.step('a key shows it: every band on the map and in the panel', async () => {
    await page.keyboard.press('5');
    await expect(panel).toHaveAttribute('data-state', 'shown');
    await expect.poll(drawn).toBeGreaterThan(50);
    const [core, town, late, out] = [await km('core'), await km('town'), await km('lateInCore'), await km('out')];
    const share = parseFloat(await wall.at('reach-share').innerText());
    expect(Math.abs(share - ((core + town) / (core + town + late + out)) * 100)).toBeLessThan(0.3);
  });

  await test.step('a suggestion is ordered with one click, stands in the list and on the unit, and is taken back', async () => {
    const first = wall.at('move-up-0');
    await expect(first).toContainText(/多守 [\d.]+ 公里/);
    await wall.at('move-up-0-go').click();
    const row = panel.locator('li[data-testid^="standby-"]');
    await expect(row).toHaveCount(1);
    await expect(row).toContainText(/下令/);
    await row.getByRole('button').click();
    await expect(row).toHaveCount(0);
  });

  await test.step('each candidate says what sending it would open; what is looked at is drawn', async () => {
    await page.keyboard.press('j');
    await expect(wall.at('candidate-0').locator('[data-testid^="opens-"]')).toContainText('派出后');
    await page.keyboard.press('5');
    await expect.poll(drawn).toBe(0);
    const gaps = page.locator('[data-testid^="candidate-"]').filter({ hasText: /空出 [\d.]+ 公里/ });
    for (let i = 0; i < 6 && (await gaps.count()) === 0; i += 1) {
      await page.keyboard.press('j');
      await expect(wall.at('candidate-0').locator('[data-testid^="opens-"]')).toContainText('派出后');
    }
    await gaps.first().hover();
    await expect.poll(drawn).toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    await expect.poll(drawn).toBe(0);
  });
});
