/** Something that can be clicked, in CSS pixels; `weight` is subtracted from its distance, so that an incident wins over a head beneath it. */
export interface PickCandidate {
  kind: 'incident' | 'unit';
  id: string;
  x: number;
  y: number;
  weight: number;
}

/** How far from the pointer a thing may be, CSS pixels. */
export const PICK_RADIUS_PX = 24;

/** Exact because it is computed from the same positions as the picture, not read back from it. */
export function pickNearest(candidates: Iterable<PickCandidate>, x: number, y: number): PickCandidate | null {
  let best: PickCandidate | null = null;
  let bestScore = Infinity;
  for (const c of candidates) {
    const distance = Math.hypot(c.x - x, c.y - y);
    const score = distance - c.weight;
    if (distance <= PICK_RADIUS_PX && score < bestScore) {
      best = c;
      bestScore = score;
    }
  }
  return best;
}
