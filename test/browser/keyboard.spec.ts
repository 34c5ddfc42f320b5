import { expect, test } from '../support/wallTest.ts';
import { startGateway } from '../support/startGateway.ts';
import { createWallPage } from '../support/wallPage.ts';

test('the whole loop by keyboard alone', async ({ page }) => {
  test.setTimeout(180_000);
  const gateway = await startGateway(['--rate', '4']);
  try {
    const wall = createWallPage(page);
    await wall.open(gateway.wallUrl);
    await page.keyboard.press('?');
    await expect(wall.at('help')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(wall.at('help')).toHaveCount(0);

    await page.keyboard.press('Enter');
    const card = wall.at('incident-card');
    await expect(card).toBeVisible();
    const first = await card.getAttribute('data-incident-id');
    await page.keyboard.press('j');
    await expect(card).not.toHaveAttribute('data-incident-id', first!);
    await page.keyboard.press('k');
    await expect(card).toHaveAttribute('data-incident-id', first!);

    await expect(wall.at('candidate-0')).toBeVisible();
    await page.keyboard.press('1');
    await expect(wall.at('assignment')).toHaveCount(1);
    await page.keyboard.press('c');
    await expect(wall.at('call-state')).toHaveAttribute('data-state', 'connected', { timeout: 15_000 });
    await page.keyboard.press('x');
    await expect(wall.at('call-state')).not.toHaveAttribute('data-state', 'connected');
    await page.keyboard.press('r');
    await expect(wall.at('assignment')).toHaveCount(0);
    await expect(card).toHaveAttribute('data-state', 'triaged');

    await page.keyboard.press('e');
    await page.keyboard.type('核实为误报');
    await page.keyboard.press('Enter');
    await expect(card).toHaveAttribute('data-state', 'closed');
    await page.keyboard.press('Escape');
    await expect(card).toHaveCount(0);
    await page.keyboard.press('l');
    await expect(page.locator('html')).toHaveAttribute('lang', /^en/);
  } finally {
    await gateway.stop();
  }
});
