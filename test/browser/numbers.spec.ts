import { expect, test } from '../support/wallTest.ts';
import { startGateway } from '../support/startGateway.ts';
import { createWallPage } from '../support/wallPage.ts';

test('each figure opens the list that it counts, the tiles too, and a row opens its incident', async ({ page }) => {
  test.setTimeout(60_000);
  const gateway = await startGateway([]);
  try {
    const wall = createWallPage(page);
    await wall.open(gateway.wallUrl);
    const tile = wall.at('today-grid');
    const today = await tile.innerText();
    await tile.click();
    await expect(wall.at('list-count')).toHaveText(today.trim());

    const figures = page.locator('[data-testid^="figure-"]');
    const shown = await figures.evaluateAll((buttons) =>
      buttons.map((button) => ({ id: button.getAttribute('data-testid')!, count: /\d+/.exec(button.textContent)?.[0] ?? '' })),
    );
    expect(shown.length).toBeGreaterThan(100);
    // Every seventh: each kind of figure is among them.
    const kinds = new Set(shown.map(({ id }) => id.split('|')[0]));
    const chosen = shown.filter(({ id }, i) => i % 7 === 0 || !id.includes('arrivals|'));
    expect(new Set(chosen.map(({ id }) => id.split('|')[0]))).toEqual(kinds);
    for (const { id } of chosen) {
      // Asked at one moment: the figure may grow while it is looked at, and its list grows with it.
      const both = await page.evaluate(async (figure) => {
        const at = (name: string) => document.querySelectorAll<HTMLElement>(`[data-testid="${name}"]`);
        at(figure)[0]!.click();
        await new Promise(requestAnimationFrame);
        return [at(figure)[0]!.textContent, at('list-count')[0]!.textContent, at('list-row').length] as const;
      }, id);
      const number = Number(/\d+(?=\D*$)|^\s*\d+/.exec(both[0])![0]);
      expect([id, Number(both[1]), both[2]]).toEqual([id, number, number]);
    }
    await wall.at('figure-open').click();
    await wall.at('list-row').first().locator('button').first().click();
    await expect(wall.at('numbers')).toHaveCount(0);
    await expect(wall.at('incident-card')).toBeVisible();

    await page.keyboard.press('8');
    await wall.at('day-before').click();
    await expect(page.locator('[data-state="known"]')).toBeVisible();
    await expect(wall.at('figure-incidents')).toContainText('0');
  } finally {
    await gateway.stop();
  }
});
