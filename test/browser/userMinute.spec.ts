import { readFile } from 'node:fs/promises';
import { laterScenes } from '../support/laterScenes.ts';
import { startGateway } from '../support/startGateway.ts';
import type { RunningGateway } from '../support/startGateway.ts';
import { createWallPage } from '../support/wallPage.ts';
import type { Language } from '../support/wallPage.ts';
import { expect, test } from '../support/wallTest.ts';

/**
 * The duty leader's minute on the ordinary day: the road is dug up on Ziye East Road, the nearest unit is sent, seen and spoken to, and the
 * matter is closed. The scene runs six times as fast as the clock on the wall, so that the drive and the work on scene fit into a test; the
 * gateway, the feed, the map, the camera and the call are the real ones.
 */
const RATE = 6;
/** The script waits this much longer, scene time: the wall must be there before the incident to see it counted. */
const LATER_S = 110;
const words: Record<Language, { road: RegExp; place: RegExp; send: RegExp; simulated: RegExp }> = {
  zh: { road: /擅自开挖/, place: /子夜东路/, send: /^派 综执 \d\d/, simulated: /演示数据/ },
  en: { road: /road excavation/i, place: /Ziye East Road/, send: /^Send CE \d\d/, simulated: /simulated/i },
};

async function readScene<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(new URL(`../../scenes/wuzhen/${name}`, import.meta.url), 'utf8')) as T;
}
const metres = ([lonA, latA]: readonly number[], [lonB, latB]: readonly number[]) =>
  Math.hypot((lonA! - lonB!) * 95_700, (latA! - latB!) * 110_900); // at 30.7 degrees north

let gateway: RunningGateway;
let scenes: Awaited<ReturnType<typeof laterScenes>>;
test.beforeEach(async () => {
  scenes = await laterScenes(LATER_S);
  gateway = await startGateway(['--rate', String(RATE), '--scenes', scenes.directory]);
});
test.afterEach(async () => {
  await gateway.stop();
  await scenes.remove();
});

for (const language of ['zh', 'en'] as const) {
  test(`the user's minute from report to closed, in ${language === 'zh' ? 'Chinese' : 'English'}`, async ({ page }) => {
    test.setTimeout(240_000);
    const wall = createWallPage(page);
    const say = words[language];
    const place = (await readScene<{ id: string; lonDeg: number; latDeg: number }[]>('places.json')).find((p) => p.id === 'ziye_east_868')!;
    const { units } = await readScene<{ units: { id: string; crewIds?: string[]; cameraIds: string[] }[] }>('ordinary/units.json');
    const away = async () => metres((await wall.mapStats())!.lookingAt, [place.lonDeg, place.latDeg]);
    const item = wall.queueItem(say.road).filter({ hasText: say.place });
    const card = wall.at('incident-card');
    const unitCard = wall.at('unit-card');

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
    let pending = await wall.channelPending('grid');
    await test.step('an incident comes in and is counted', async () => {
      await expect(item, 'the wall was open too late to see it come in').toHaveCount(0);
      await expect(item).toBeVisible({ timeout: 60_000 });
      await expect.poll(() => wall.channelToday('grid')).toBeGreaterThan(gridBefore);
      await expect.poll(() => wall.channelPending('grid')).toBeGreaterThan(pending);
      pending = await wall.channelPending('grid');
    });

    let unitId = '';
    await test.step('one click: the map flies there, the card has the three nearest units', async () => {
      expect(await away()).toBeGreaterThan(600);
      await item.click();
      await expect(card).toBeVisible();
      await expect.poll(away).toBeLessThan(400);
      for (const n of [0, 1, 2]) await expect(wall.at(`candidate-${n}`)).toContainText(/\d+:\d\d/);
      await expect(wall.at('dispatch-0')).toContainText(say.send);
      unitId = (await wall.at('candidate-0').getAttribute('data-unit-id')) ?? '';
      expect(unitId).not.toBe('');
    });

    await test.step('one click: the unit is sent', async () => {
      await wall.at('dispatch-0').click();
      await expect(wall.at('assignment')).toHaveAttribute('data-unit-id', unitId);
      await expect(card).toHaveAttribute('data-state', 'onTheWay', { timeout: 30_000 });
    });

    const crew = units.filter(({ id }) => units.find((unit) => unit.id === unitId)!.crewIds!.includes(id));
    await test.step('one click: the body camera of its crew shows a live picture', async () => {
      const tile = wall.at('camera-tile').first();
      expect(crew.flatMap(({ cameraIds }) => cameraIds)).toContain(await tile.getAttribute('data-camera-id'));
      await tile.click();
      await expect(unitCard).toBeVisible();
      expect(crew.map(({ id }) => id)).toContain(await unitCard.getAttribute('data-unit-id'));
      await wall.expectMoving(unitCard.locator('video'));
    });

    await test.step('it is seen to turn round and drive there', async () => {
      const figures = async () => (await unitCard.locator('.figures dd').allInnerTexts()).slice(0, 2).map((text) => parseInt(text, 10));
      const courses = new Set<number>();
      await expect
        .poll(
          async () => {
            const [kmh, course] = await figures();
            if (kmh! > 15) courses.add(course!);
            const [low, high] = [Math.min(...courses), Math.max(...courses)];
            return courses.size > 1 ? Math.min(high - low, 360 - (high - low)) : 0;
          },
          { timeout: 60_000, intervals: [250] },
        )
        .toBeGreaterThan(30);
      await unitCard.locator('.facts .link').first().click(); // its task: back to the incident
      await expect(card).toBeVisible();
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

    await test.step('the unit arrives, the matter is handled and closed; clocks and counts follow', async () => {
      const arrivals = await wall.promisesEnded('arriveCore');
      await expect(card).toHaveAttribute('data-state', 'onScene', { timeout: 120_000 });
      await expect.poll(() => wall.promisesEnded('arriveCore'), { timeout: 10_000 }).toBeGreaterThan(arrivals);
      await expect(card).toHaveAttribute('data-state', 'handled', { timeout: 60_000 });
      await expect.poll(() => wall.channelPending('grid')).toBeLessThan(pending);
      const closed = await wall.promisesEnded('closeUrgent');
      await wall.at('close-incident').click();
      await expect(card).toHaveAttribute('data-state', 'closed');
      await expect(item).toHaveCount(0);
      await expect.poll(() => wall.promisesEnded('closeUrgent'), { timeout: 10_000 }).toBeGreaterThan(closed);
    });
  });
}
