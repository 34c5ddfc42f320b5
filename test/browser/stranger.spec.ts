import { expect, test } from '../support/wallTest.ts';
import { startGateway } from '../support/startGateway.ts';
import type { RunningGateway } from '../support/startGateway.ts';
import { startStrangerBackend } from '../support/strangerBackend.ts';
import type { StrangerBackend } from '../support/strangerBackend.ts';
import { createWallPage } from '../support/wallPage.ts';

let backend: StrangerBackend;
let gateway: RunningGateway;
test.beforeEach(async () => {
  backend = await startStrangerBackend('guest-token');
  gateway = await startGateway(['--scene', 'wuzhen', '--relay', backend.url, '--relay-token', 'guest-token']);
});
test.afterEach(async () => {
  await gateway.stop();
  await backend.close();
});

test("a stranger's backend: its car and its matter are on the wall, and its car is sent", async ({ page }) => {
  const wall = createWallPage(page);
  await wall.open(gateway.wallUrl, 'zh', 1);
  const item = wall.queueItem('外联测试点');
  await item.click();
  const card = wall.at('incident-card');
  await expect(card).toBeVisible();
  await expect(wall.at('dispatch-0')).toContainText('外联 01');
  await wall.at('dispatch-0').click();
  await expect(wall.at('assignment')).toHaveAttribute('data-unit-id', 'car-1');
  await expect(card).toHaveAttribute('data-state', /dispatched|onTheWay/);
  // Sent ten per cent of the rest of its way each second, the car leaves a trail.
  await expect.poll(async () => (await wall.mapStats())!.trails).toBeGreaterThan(1);
  expect(backend.hellos.every((hello) => hello['token'] === 'guest-token')).toBe(true);
  expect(await page.content()).not.toContain('guest-token'); // the wall never sees the upstream secret
});

test('[P-09] a backend that sends rubbish: counted and passed over, the wall lives on', async ({ page }) => {
  const wall = createWallPage(page);
  await wall.open(gateway.wallUrl, 'zh', 1);
  await expect(wall.queueItem('外联测试点')).toBeVisible();
  const rubbish = [
    '',
    '{',
    '[]',
    'null',
    '{"frame":"unheard"}',
    '{"frame":"pos","fixes":[{"id":"car-1","lonDeg":"east"}]}',
    `{"frame":"ev","seq":1,"ce":{"specversion":"1.0","id":"x","source":"x","type":"incident.updated","subject":"x","time":"2026-01-01T00:00:00Z","data":{"id":"x","rev":1}}}`,
  ];
  for (const text of rubbish) backend.sendRaw(text);
  await page.keyboard.press('d');
  // Every line is refused; a frame of a kind that this wall does not know is passed over, for a newer backend may send it.
  const counted = async (name: string): Promise<number> => Number(await wall.at(`diagnostics-${name}`).innerText());
  await expect.poll(async () => (await counted('refused')) + (await counted('unknown'))).toBeGreaterThanOrEqual(rubbish.length);
  await page.keyboard.press('Escape');
  const before = (await wall.mapStats())!.frames;
  await expect.poll(async () => (await wall.mapStats())!.frames).toBeGreaterThan(before);
  await expect(wall.queueItem('外联测试点')).toBeVisible();
});
