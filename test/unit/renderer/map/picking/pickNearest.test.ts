import { describe, expect, it } from 'vitest';
import { PICK_RADIUS_PX, pickNearest } from '../../../../../renderer/map/picking/pickNearest.ts';

const unit = (id: string, x: number, y: number) => ({ kind: 'unit' as const, id, x, y, weight: 3 });
const pin = (id: string, x: number, y: number) => ({ kind: 'incident' as const, id, x, y, weight: 6 });

describe('pickNearest', () => {
  it('takes the nearest within reach', () => {
    expect(pickNearest([unit('far', 130, 100), unit('near', 108, 100)], 100, 100)?.id).toBe('near');
    expect(pickNearest([unit('a', 100 + PICK_RADIUS_PX + 1, 100)], 100, 100)).toBeNull();
    expect(pickNearest([unit('a', 100 + PICK_RADIUS_PX, 100)], 100, 100)?.id).toBe('a');
    expect(pickNearest([], 0, 0)).toBeNull();
  });
  it('prefers a pin to a head at the same place, but not to one clearly nearer', () => {
    expect(pickNearest([unit('u', 100, 100), pin('i', 101, 100)], 100, 100)?.id).toBe('i');
    expect(pickNearest([unit('u', 100, 100), pin('i', 112, 100)], 100, 100)?.id).toBe('u');
  });
});
