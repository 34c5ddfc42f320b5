/** A wish for a label: where its anchor is on the screen and how big the text is, CSS pixels. Lower rank goes first. */
export interface LabelWish {
  id: string;
  rank: number;
  x: number;
  y: number;
  width: number;
  height: number;
  /** Gap between the anchor and the text. */
  offset: number;
}
export type LabelSide = 'top' | 'right' | 'left' | 'bottom';
export interface PlacedLabel {
  wish: LabelWish;
  side: LabelSide;
  /** Top left of the text box. */
  left: number;
  top: number;
}

/** A label shown in the last round goes before new ones of up to this much better rank, so that labels do not take turns flickering. */
const HOLD_RANK = 0.8;
const PAD = 3;

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Greedy placement by rank: each takes the first free side, or is left out. No two boxes overlap, and none leaves the map.
 * @param obstacles pins that no text may cover
 */
export function placeLabels(
  wishes: readonly LabelWish[],
  width: number,
  height: number,
  before: ReadonlyMap<string, LabelSide>,
  obstacles: readonly Box[] = [],
): PlacedLabel[] {
  const order = wishes
    .map((wish) => ({ wish, rank: wish.rank - (before.has(wish.id) ? HOLD_RANK : 0) }))
    .sort((a, b) => a.rank - b.rank || (a.wish.id < b.wish.id ? -1 : 1));
  const taken: Box[] = [...obstacles];
  const placed: PlacedLabel[] = [];
  for (const { wish } of order) {
    const last = before.get(wish.id);
    const sides: LabelSide[] = ['top', 'right', 'left', 'bottom'];
    if (last) sides.sort((a, b) => Number(b === last) - Number(a === last));
    for (const side of sides) {
      const box = boxOf(wish, side);
      if (box.left < 0 || box.top < 0 || box.right > width || box.bottom > height) continue;
      if (taken.some((t) => box.left < t.right && box.right > t.left && box.top < t.bottom && box.bottom > t.top)) continue;
      taken.push(box);
      placed.push({ wish, side, left: box.left + PAD, top: box.top + PAD });
      break;
    }
  }
  return placed;
}

function boxOf(w: LabelWish, side: LabelSide): Box {
  const left = side === 'right' ? w.x + w.offset : side === 'left' ? w.x - w.offset - w.width : w.x - w.width / 2;
  const top = side === 'top' ? w.y - w.offset - w.height : side === 'bottom' ? w.y + w.offset : w.y - w.height / 2;
  return { left: left - PAD, top: top - PAD, right: left + w.width + PAD, bottom: top + w.height + PAD };
}
