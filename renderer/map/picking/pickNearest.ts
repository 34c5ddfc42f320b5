import type { Projection, ScreenPoint } from '../camera/cameraRig.ts';
import type { MapContents } from '../mapContents.ts';
import { PIN_PX } from '../layers/incidents.ts';
import type { HeadPosition } from '../units/trackBook.ts';

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

/** Pins (by head and by foot) and heads that are in front of the camera. */
export function* candidatesOf(
  contents: Pick<MapContents, 'incidents' | 'units' | 'book'>,
  project: Projection,
  renderMs: number,
): Generator<PickCandidate> {
  const at: ScreenPoint = { x: 0, y: 0, depthM: 0 };
  const head: HeadPosition = { x: 0, y: 0, z: 0, headingRad: 0, ageS: 0 };
  for (const { incident, x, y } of contents.incidents) {
    if (!project(x, y, 0, at)) continue;
    yield { kind: 'incident', id: incident.id, x: at.x, y: at.y - PIN_PX, weight: 6 };
    yield { kind: 'incident', id: incident.id, x: at.x, y: at.y, weight: 0 };
  }
  for (const [id, unit] of contents.units)
    if (unit.vehicleId === null && contents.book.positionAt(id, renderMs, head) && project(head.x, head.y, head.z, at))
      yield { kind: 'unit', id, x: at.x, y: at.y, weight: 3 };
}
