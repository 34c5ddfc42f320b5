import { chromium } from '@playwright/test';
import type { Browser } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHROMIUM_FLAGS, findChromium } from '../test/support/findChromium.ts';
import { startGateway } from '../test/support/startGateway.ts';
import { createWallPage } from '../test/support/wallPage.ts';
import type { Language, WallPage } from '../test/support/wallPage.ts';
import { buildIfStale } from './build.ts';

/** `npm run screenshots [-- NAME ... --into DIR]`: the pictures of docs/, taken from the real wall over the real gateway. */

interface Shot {
  name: string;
  /** Local time of the scene. */
  at: string;
  language: Language;
  size?: { width: number; height: number };
  /** What a person does before the picture is taken. */
  act?(wall: WallPage): Promise<void>;
}

const ROAD_WORKS = /擅自开挖|road excavation/i;

async function openRoadWorks(wall: WallPage): Promise<void> {
  await wall.queueItem(ROAD_WORKS).first().click({ timeout: 120_000 });
  await wall.at('candidate-0').waitFor();
}
async function sendNearest(wall: WallPage): Promise<void> {
  await openRoadWorks(wall);
  await wall.at('dispatch-0').click();
  await wall.at('assignment').getByTestId('eta').waitFor({ timeout: 60_000 });
}

const SHOTS: readonly Shot[] = [
  { name: 'night', at: '19:20', language: 'zh' },
  { name: 'day', at: '10:30', language: 'zh' },
  { name: 'english', at: '19:20', language: 'en' },
  { name: 'incident', at: '19:20', language: 'zh', act: openRoadWorks },
  {
    name: 'call',
    at: '19:20',
    language: 'en',
    async act(wall) {
      await sendNearest(wall);
      await wall.at('assignment').getByTestId('call-button').click();
      await wall.at('call-panel').locator('[data-testid=call-state][data-state=connected]').waitFor({ timeout: 30_000 });
    },
  },
  { name: 'wide', at: '19:20', language: 'zh', size: { width: 3840, height: 1080 }, act: sendNearest },
];
/** Trails of 60 s want time to grow, and so do the tiles' pictures. */
const WARM_UP_MS = 45_000;
/** After the last click: flights end, labels settle. */
const SETTLE_MS = 7000;

process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  const into = args.includes('--into') ? args[args.indexOf('--into') + 1] : fileURLToPath(new URL('../docs', import.meta.url));
  const names = args.filter((arg, n) => !arg.startsWith('--') && args[n - 1] !== '--into');
  const unknown = names.find((name) => !SHOTS.some((shot) => shot.name === name));
  if (into === undefined || unknown !== undefined) {
    console.error(
      `screenshots: ${into === undefined ? '--into needs a folder' : `"${unknown}" is none of ${SHOTS.map(({ name }) => name).join(', ')}`}`,
    );
    return 2;
  }
  if (!buildIfStale((line) => console.log(line))) return 1;
  mkdirSync(into, { recursive: true });
  const browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_FLAGS });
  try {
    for (const shot of SHOTS) if (names.length === 0 || names.includes(shot.name)) await take(browser, shot, into);
  } finally {
    await browser.close();
  }
  return 0;
}

async function take(browser: Browser, shot: Shot, into: string): Promise<void> {
  const gateway = await startGateway(['--at', shot.at]);
  const page = await browser.newPage({ viewport: shot.size ?? { width: 1920, height: 1080 } });
  try {
    const wall = createWallPage(page);
    await wall.open(gateway.wallUrl, shot.language);
    await page.waitForTimeout(WARM_UP_MS);
    await shot.act?.(wall);
    await page.waitForTimeout(SETTLE_MS);
    const path = join(into, `${shot.name}.jpg`);
    await page.screenshot({ path, type: 'jpeg', quality: 90 });
    console.log(path);
  } finally {
    await page.close();
    await gateway.stop();
  }
}
