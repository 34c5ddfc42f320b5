export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What the plan needs to know of a display; Electron's own type has it all. */
export interface DisplayLike {
  id: number;
  bounds: Rect;
  /** Without the task bar. */
  workArea: Rect;
}

/** The leader's display, one wall on each, one wall across all (a video wall fed by several outputs), or the nth from the left. */
export type DisplayChoice = 'primary' | 'all' | 'span' | number;

export interface WindowPlan {
  /** Stable while the display stays: a window is kept, moved or closed by its key. */
  key: string;
  bounds: Rect;
}

/** Which window goes where. Displays count from left to right, then from top to bottom; a missing nth display falls back to the primary. */
export function planWindows(displays: readonly DisplayLike[], primaryId: number, choice: DisplayChoice, kiosk: boolean): WindowPlan[] {
  const sorted = [...displays].sort((a, b) => a.bounds.x - b.bounds.x || a.bounds.y - b.bounds.y || a.id - b.id);
  const primary = sorted.find((display) => display.id === primaryId) ?? sorted[0];
  if (primary === undefined) return [];
  const area = (display: DisplayLike) => (kiosk ? display.bounds : display.workArea);
  if (choice === 'span') return [{ key: 'wall', bounds: union(sorted.map(area)) }];
  if (choice === 'all') return sorted.map((display) => ({ key: `wall-${display.id}`, bounds: area(display) }));
  const chosen = choice === 'primary' ? primary : (sorted[choice - 1] ?? primary);
  return [{ key: 'wall', bounds: area(chosen) }];
}

function union(rects: readonly Rect[]): Rect {
  const x = Math.min(...rects.map((r) => r.x));
  const y = Math.min(...rects.map((r) => r.y));
  return { x, y, width: Math.max(...rects.map((r) => r.x + r.width)) - x, height: Math.max(...rects.map((r) => r.y + r.height)) - y };
}
