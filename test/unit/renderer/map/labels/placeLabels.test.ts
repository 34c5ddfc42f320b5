import { describe, expect, it } from 'vitest';
import { placeLabels } from '../../../../../renderer/map/labels/placeLabels.ts';
import type { LabelSide, LabelWish } from '../../../../../renderer/map/labels/placeLabels.ts';
import { createRandom } from '../../../../../renderer/map/town/random.ts';

const wish = (id: string, rank: number, x: number, y: number): LabelWish => ({ id, rank, x, y, width: 80, height: 18, offset: 5 });
const none = new Map<string, LabelSide>();

describe('placeLabels', () => {
  it('lets no two labels overlap and none leave the map', () => {
    const random = createRandom(7);
    const wishes = Array.from({ length: 300 }, (_, i) => wish(`p${i}`, Math.floor(random() * 5), random() * 1000, random() * 700));
    const placed = placeLabels(wishes, 1000, 700, none);
    expect(placed.length).toBeGreaterThan(60);
    for (const [i, a] of placed.entries()) {
      expect(a.left).toBeGreaterThanOrEqual(0);
      expect(a.top + a.wish.height).toBeLessThanOrEqual(700);
      for (const b of placed.slice(i + 1))
        expect(a.left < b.left + 80 && a.left + 80 > b.left && a.top < b.top + 18 && a.top + 18 > b.top).toBe(false);
    }
  });
  it('gives way by rank', () => {
    const crowd = [1, 2, 3, 4, 5, 6].map((rank) => wish(`r${rank}`, rank, 400, 300));
    const placed = placeLabels([...crowd].reverse(), 1000, 700, none).map((p) => p.wish.id);
    expect(placed.slice(0, 2)).toEqual(['r1', 'r2']);
    expect(placed).not.toContain('r6');
  });
  it('keeps to the side it had, and a shown label is not pushed out by an equal', () => {
    const a = wish('a', 2, 400, 300);
    expect(placeLabels([a], 1000, 700, new Map([['a', 'left' as const]]))[0]!.side).toBe('left');
    const around = ['top', 'left', 'right', 'bottom'].map((s, i) => wish(s, 2, 400, 300 + i * 0.1));
    const shown = placeLabels(around, 1000, 700, none);
    const before = new Map(shown.map((p) => [p.wish.id, p.side]));
    const again = placeLabels([wish('0new', 2, 400, 300), ...around], 1000, 700, before);
    expect(new Map(again.filter((p) => before.has(p.wish.id)).map((p) => [p.wish.id, p.side]))).toEqual(before);
  });
  it('covers no pin', () => {
    const pin = { left: 380, right: 420, top: 270, bottom: 297 };
    const placed = placeLabels([wish('a', 1, 400, 300)], 1000, 700, none, [pin]);
    expect(placed[0]!.side).not.toBe('top');
  });
});
