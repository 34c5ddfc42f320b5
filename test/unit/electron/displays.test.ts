import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planWindows, type DisplayLike } from '../../../electron/app/displays.ts';

const display = (id: number, x: number, y = 0, width = 1920, height = 1080): DisplayLike => ({
  id,
  bounds: { x, y, width, height },
  workArea: { x, y: y + 40, width, height: height - 40 },
});
const [left, middle, right] = [display(7, -1920), display(3, 0), display(5, 1920)];

describe('planWindows', () => {
  it('takes the primary display, without the task bar unless it is a kiosk', () => {
    expect(planWindows([right, middle, left], 3, 'primary', true)).toEqual([{ key: 'wall', bounds: middle.bounds }]);
    expect(planWindows([right, middle, left], 3, 'primary', false)).toEqual([{ key: 'wall', bounds: middle.workArea }]);
  });
  it('counts displays from left to right', () => {
    expect(planWindows([right, middle, left], 3, 1, true)[0]?.bounds.x).toBe(-1920);
    expect(planWindows([right, middle, left], 3, 3, true)[0]?.bounds.x).toBe(1920);
  });
  it('falls back to the primary when the wanted display is gone, and keeps the window', () => {
    const [before] = planWindows([left, middle, right], 3, 3, true);
    const [after] = planWindows([left, middle], 3, 3, true);
    expect(after?.bounds).toEqual(middle.bounds);
    expect(after?.key).toBe(before?.key);
  });
  it('opens one wall a display, each under a key of its own', () => {
    const plans = planWindows([right, middle, left], 3, 'all', true);
    expect(plans.map(({ key }) => key)).toEqual(['wall-7', 'wall-3', 'wall-5']);
  });
  it('spans all displays, wherever they stand', () => {
    expect(planWindows([display(1, -100, -50, 300, 200), display(2, 200, 150, 100, 400)], 1, 'span', true)).toEqual([
      { key: 'wall', bounds: { x: -100, y: -50, width: 400, height: 600 } },
    ]);
  });
  it('plans nothing without a display', () => expect(planWindows([], 1, 'all', true)).toEqual([]));
  it('does not depend on the order in which the system lists displays', () => {
    const displays = fc.uniqueArray(fc.record({ id: fc.integer({ min: 1, max: 9 }), x: fc.integer(), y: fc.integer() }), {
      selector: ({ id }) => id,
      minLength: 1,
    });
    fc.assert(
      fc.property(displays, fc.constantFrom('primary' as const, 'all' as const, 'span' as const, 1, 2), (given, choice) => {
        const all = given.map(({ id, x, y }) => display(id, x, y));
        const plan = planWindows(all, all[0]?.id ?? 0, choice, true);
        expect(planWindows(all.toReversed(), all[0]?.id ?? 0, choice, true)).toEqual(plan);
        expect(new Set(plan.map(({ key }) => key)).size).toBe(plan.length);
      }),
    );
  });
});
