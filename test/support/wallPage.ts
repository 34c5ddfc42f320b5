import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

export type Language = 'zh' | 'en';

/** What the map tells of itself in `data-map-stats`, about once a second. */
export interface MapStats {
  status: string;
  heads: number;
  trails: number;
  labels: number;
  frames: number;
  /** Pieces of recorded ways. */
  tracks: number;
  /** Stretches of road of the shown reach. */
  reach: number;
  lookingAt: [lonDeg: number, latDeg: number];
}

/** The wall as a person at the console sees it; every locator is a `data-testid`. */
export function createWallPage(page: Page) {
  const at = (id: string): Locator => page.getByTestId(id);

  async function mapStats(): Promise<MapStats | null> {
    const text = await at('map-canvas').getAttribute('data-map-stats');
    return text === null || text === '' ? null : (JSON.parse(text) as MapStats);
  }

  return {
    at,
    mapStats,
    /** Opens the wall, in Chinese unless told otherwise, and waits until the map draws at least `heads` units. */
    async open(wallUrl: string, language: Language = 'zh', heads = 26): Promise<void> {
      await page.goto(wallUrl);
      await expect(at('wall')).toBeVisible();
      await expect.poll(async () => (await mapStats())?.heads ?? 0, { timeout: 60_000 }).toBeGreaterThanOrEqual(heads);
      await expect.poll(async () => (await mapStats())?.frames ?? 0, { timeout: 60_000 }).toBeGreaterThan(0); // known and drawn are two things
      if (language === 'en') await page.keyboard.press('l');
      await expect(page.locator('html')).toHaveAttribute('lang', language === 'zh' ? /^zh/ : /^en/);
    },
    queueItem: (text: string | RegExp): Locator => at('queue-item').filter({ hasText: text }),
    /** Number in a channel's tile. */
    async channelToday(id: string): Promise<number> {
      return Number(await at(`today-${id}`).innerText());
    },
    /** Open incidents of a channel; its tile says nothing where there is none. */
    async channelPending(id: string): Promise<number> {
      const shown = at(`channel-${id}`).locator('.pending');
      return (await shown.count()) === 0 ? 0 : parseInt(await shown.innerText(), 10);
    },
    /** How many of a promise's clocks have ended, kept or broken. */
    async promisesEnded(id: string): Promise<number> {
      return Number(/(\d+)\D+(\d+)/.exec((await at(`promise-${id}`).getAttribute('title')) ?? '')?.[2] ?? NaN);
    },
    /** The video shows a picture that changes: two frames, `gapMs` apart, differ in at least `share` of their pixels. */
    async expectMoving(video: Locator, gapMs = 1500, share = 0.01): Promise<void> {
      await expect(video).toBeVisible();
      await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.readyState >= 2 && v.videoWidth > 0)).toBe(true);
      const changed = await video.evaluate(async (v: HTMLVideoElement, gap) => {
        const canvas = document.createElement('canvas');
        canvas.width = 160;
        canvas.height = 90;
        const pen = canvas.getContext('2d', { willReadFrequently: true })!;
        const grab = (): Uint8ClampedArray => {
          pen.drawImage(v, 0, 0, 160, 90);
          return pen.getImageData(0, 0, 160, 90).data;
        };
        const before = grab();
        await new Promise((done) => setTimeout(done, gap));
        const after = grab();
        let different = 0;
        for (let i = 0; i < before.length; i += 4)
          if (Math.abs(before[i]! - after[i]!) + Math.abs(before[i + 1]! - after[i + 1]!) + Math.abs(before[i + 2]! - after[i + 2]!) > 12)
            different += 1;
        return different / (160 * 90);
      }, gapMs);
      expect(changed).toBeGreaterThan(share);
    },
  };
}
export type WallPage = ReturnType<typeof createWallPage>;
