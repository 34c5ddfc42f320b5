import { expect, test } from '../support/wallTest.ts';
import { startGateway } from '../support/startGateway.ts';
import type { RunningGateway } from '../support/startGateway.ts';
import { createWallPage } from '../support/wallPage.ts';
import type { Language } from '../support/wallPage.ts';

/**
 * The duty leader's minute on the ordinary day: the road is dug up on Ziye East Road, the nearest unit is sent, seen and spoken to, and the
 * matter is closed. The scene runs four times as fast as the clock on the wall, so that the drive and the work on scene fit into a test; the
 * gateway, the feed, the map, the camera and the call are the real ones.
 */
const RATE = 4;
const words: Record<Language, { road: RegExp; place: RegExp; send: RegExp; simulated: RegExp }> = {
  zh: { road: /擅自开挖/, place: /子夜东路/, send: /^派 综执 \d\d/, simulated: /演示数据/ },
  en: { road: /road excavation/i, place: /Ziye East Road/, send: /^Send CE \d\d/, simulated: /simulated/i },
};

let gateway: RunningGateway;
test.beforeEach(async () => {
  gateway = await startGateway(['--rate', String(RATE)]);
});
test.afterEach(async () => gateway.stop());

for (const language of ['zh', 'en'] as const) {
  test(`the user's minute from report to closed, in ${language === 'zh' ? 'Chinese' : 'English'}`, async ({ page }) => {
    test.setTimeout(240_000);
    const wall = createWallPage(page);
    const say = words[language];

    await test.step('the town is alive', async () => {
      await wall.open(gateway.wallUrl, language);
      await expect.poll(async () => (await wall.mapStats())!.trails).toBeGreaterThan(0);
      await expect(wall.at('simulated-badge')).toContainText(say.simulated);
      await expect(page.locator('[data-testid^="channel-"]')).toHaveCount(9);
      await expect(wall.at('camera-tile')).toHaveCount(6);
      await expect(wall.at('feed-age')).toBeVisible();
      const before = await wall.at('header-clock').innerText();
      await expect(wall.at('header-clock')).not.toHaveText(before);
    });

    const gridBefore = await wall.channelToday('grid');
    const item = wall.queueItem(say.road).filter({ hasText: say.place });

    await test.step('an incident comes in and is counted', async () => {
      await expect(item).toBeVisible({ timeout: 40_000 });
      await expect.poll(() => wall.channelToday('grid')).toBeGreaterThanOrEqual(gridBefore);
    });

    const card = wall.at('incident-card');
    let unitId = '';
    await test.step('one click: the card with the three nearest units', async () => {
      await item.click();
      await expect(card).toBeVisible();
      for (const n of [0, 1, 2]) await expect(wall.at(`candidate-${n}`)).toContainText(/\d+:\d\d/);
      await expect(wall.at('dispatch-0')).toContainText(say.send);
      unitId = (await wall.at('candidate-0').getAttribute('data-unit-id')) ?? '';
      expect(unitId).not.toBe('');
    });

    await test.step('one click: the unit is sent, turns and drives there', async () => {
      await wall.at('dispatch-0').click();
      const assignment = wall.at('assignment');
      await expect(assignment).toHaveAttribute('data-unit-id', unitId);
      await expect(card).toHaveAttribute('data-state', 'onTheWay', { timeout: 30_000 });
      const seconds = async (): Promise<number> => {
        const found = /(\d+):(\d\d)/.exec(await assignment.getByTestId('eta').innerText());
        return found === null ? 0 : Number(found[1]) * 60 + Number(found[2]);
      };
      const first = await seconds();
      await expect.poll(seconds).toBeLessThan(first);
    });

    await test.step('one click: its body camera shows a live picture', async () => {
      const tile = wall.at('camera-tile').first();
      await wall.expectMoving(tile.locator('video'));
    });

    await test.step('one click: a call, connected, timed, hung up', async () => {
      await wall.at('assignment').getByTestId('call-button').click();
      await expect(wall.at('call-panel')).toBeVisible();
      await expect(wall.at('call-state')).toHaveAttribute('data-state', 'connected', { timeout: 15_000 });
      const timer = await wall.at('call-timer').innerText();
      await expect(wall.at('call-timer')).not.toHaveText(timer);
      await wall.at('hang-up').click();
      await expect(wall.at('call-state')).toHaveAttribute('data-state', /idle|ended/);
    });

    await test.step('the unit arrives, the matter is handled and closed; counts follow', async () => {
      await expect(card).toHaveAttribute('data-state', 'onScene', { timeout: 120_000 });
      await expect(card).toHaveAttribute('data-state', 'handled', { timeout: 60_000 });
      await wall.at('close-incident').click();
      await expect(card).toHaveAttribute('data-state', 'closed');
      await expect(item).toHaveCount(0);
    });
  });
}
