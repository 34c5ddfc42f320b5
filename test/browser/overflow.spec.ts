import { test, expect } from '../support/wallTest.ts';
import { createWallPage } from '../support/wallPage.ts';

/** Text that is wider than its box: none may run out of it, and what is cut with an ellipsis must be readable in a title. */
const overflowing = () =>
  [...document.querySelectorAll<HTMLElement>('.wall *')].flatMap((element) => {
    const style = getComputedStyle(element);
    if (style.visibility === 'hidden' || style.display === 'inline' || element.clientWidth === 0) return [];
    if (element.scrollWidth <= element.clientWidth + 1) return [];
    if (style.textOverflow === 'ellipsis' && element.closest('[title]:not([title=""])') !== null) return [];
    return [`${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 60)}`];
  });

test('no text runs out of its place, in either language', async ({ page, gateway }) => {
  const wall = createWallPage(page);
  await wall.open(gateway.wallUrl, 'en');
  // Clicked from inside: a form has the keyboard, a dialog covers the button.
  const changeLanguage = () => wall.at('locale-toggle').evaluate((button: HTMLElement) => button.click());
  const look = async (what: string) => {
    for (const language of ['en', 'zh']) {
      await page.waitForTimeout(200);
      expect(await page.evaluate(overflowing), `${what}, ${language}`).toEqual([]);
      await changeLanguage();
    }
  };
  await look('at rest');
  for (const dialog of ['?', 'd']) {
    await page.keyboard.press(dialog);
    await look(`dialog ${dialog}`);
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('m');
  await look('mode form');
  await page.keyboard.press('Escape');

  // The longest name of the first minutes, and nobody but the duty leader sends a unit there.
  const row = wall.queueItem(/road excavation/);
  await expect(row).toBeVisible({ timeout: 60_000 });
  const name = row.locator('.type');
  expect(await name.evaluate((element) => element.scrollWidth - element.clientWidth), 'cut in its row').toBeLessThanOrEqual(1);
  await row.click();
  await expect(wall.at('dispatch-0')).toBeVisible();
  await look('incident card');
  await page.keyboard.press('e');
  await look('close form');
  await page.keyboard.press('Escape');
  await page.keyboard.press('1');
  await expect(wall.at('assignment')).toBeVisible();
  await page.keyboard.press('c');
  await expect(wall.at('call-panel')).toBeVisible();
  await look('a unit sent, a call');
  await page.keyboard.press('x');
  await page.keyboard.press('x');
  await expect(wall.at('call-panel')).toBeHidden();
  await page.keyboard.press('b'); // from the incident to the body camera of its crew
  await expect(wall.at('unit-card').getByTestId('live-video')).toBeVisible();
  await look('unit card');
  await page.keyboard.press('u');
  await expect(wall.at('incident-card')).toBeVisible();
});
