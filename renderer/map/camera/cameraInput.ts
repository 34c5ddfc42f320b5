import type { RigPose, Viewport } from './cameraRig.ts';
import { panPose, turnPose } from './cameraRig.ts';

export interface InputTarget {
  pose(): RigPose;
  viewport(): Viewport;
  /** CSS pixels to one of those in which `viewport` and all that is told here are measured. */
  unitPx(): number;
  /** Takes a pose by hand: ends a flight. */
  move(pose: RigPose): void;
  zoom(factor: number, px: number, py: number): void;
  click(px: number, py: number): void;
  home(): void;
}

/** Further than this from where it went down, a press is a drag and no click. */
const CLICK_SLOP_PX = 5;
const RAD_PER_PX = 0.005;
const WHEEL_PER_PX = 0.0016;
const KEY_PAN_PX = 60;
const KEY_TURN_RAD = 0.12;

/**
 * Mouse: drag pans; right, middle or Ctrl/Shift drag turns and tilts; wheel zooms at the pointer; double click goes home.
 * Touch: one finger pans, two pinch, twist and tilt. Keys while the map has focus: arrows, + -, Shift with arrows turns, Home.
 * @returns a function that removes every listener
 */
export function attachCameraInput(element: HTMLElement, target: InputTarget): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const pointers = new Map<number, { x: number; y: number }>();
  let travelled = 0;
  let wasMany = false;
  let turning = false;
  let lastClickAt = -Infinity;

  const local = (e: MouseEvent): { x: number; y: number } => {
    const r = element.getBoundingClientRect();
    const px = target.unitPx();
    return { x: (e.clientX - r.left) / px, y: (e.clientY - r.top) / px };
  };

  element.addEventListener(
    'pointerdown',
    (e) => {
      element.focus({ preventScroll: true });
      if (typeof element.setPointerCapture === 'function') element.setPointerCapture(e.pointerId);
      pointers.set(e.pointerId, local(e));
      if (pointers.size === 1) {
        travelled = 0;
        wasMany = false;
        turning = e.button === 1 || e.button === 2 || e.ctrlKey || e.shiftKey;
      } else wasMany = true;
    },
    { signal },
  );
  element.addEventListener(
    'pointermove',
    (e) => {
      const before = pointers.get(e.pointerId);
      if (!before) return;
      const now = local(e);
      const dx = now.x - before.x;
      const dy = now.y - before.y;
      if (pointers.size === 1) {
        travelled += Math.hypot(dx, dy);
        if (travelled > CLICK_SLOP_PX)
          target.move(
            turning
              ? turnPose(target.pose(), dx * RAD_PER_PX, -dy * RAD_PER_PX)
              : panPose(target.pose(), target.viewport(), before.x, before.y, now.x, now.y),
          );
      } else if (pointers.size === 2) {
        const other = [...pointers].find(([id]) => id !== e.pointerId)![1];
        const a0 = Math.atan2(before.y - other.y, before.x - other.x);
        const a1 = Math.atan2(now.y - other.y, now.x - other.x);
        const d0 = Math.hypot(before.x - other.x, before.y - other.y);
        const d1 = Math.hypot(now.x - other.x, now.y - other.y);
        const cx = (now.x + other.x) / 2;
        const cy = (now.y + other.y) / 2;
        target.move(turnPose(target.pose(), Math.atan2(Math.sin(a0 - a1), Math.cos(a0 - a1)), 0));
        target.zoom(Math.max(0.5, Math.min(2, d0 / Math.max(1, d1))), cx, cy);
        target.move(panPose(target.pose(), target.viewport(), cx - dx / 2, cy - dy / 2, cx, cy));
      }
      pointers.set(e.pointerId, now);
    },
    { signal },
  );
  const release = (e: PointerEvent) => {
    const at = pointers.get(e.pointerId);
    if (!at) return;
    pointers.delete(e.pointerId);
    if (e.type !== 'pointerup' || pointers.size > 0 || wasMany || turning || travelled > CLICK_SLOP_PX) return;
    // A second click of a pair is the way home and not another pick.
    if (e.timeStamp - lastClickAt < 350) return;
    lastClickAt = e.timeStamp;
    target.click(at.x, at.y);
  };
  element.addEventListener('pointerup', release, { signal });
  element.addEventListener('pointercancel', release, { signal });
  element.addEventListener('contextmenu', (e) => e.preventDefault(), { signal });
  element.addEventListener('dblclick', () => target.home(), { signal });
  element.addEventListener(
    'wheel',
    (e) => {
      e.preventDefault();
      const px = e.deltaY * (e.deltaMode === 1 ? 16 : 1);
      const at = local(e);
      target.zoom(Math.exp(Math.max(-300, Math.min(300, px)) * WHEEL_PER_PX), at.x, at.y);
    },
    { signal, passive: false },
  );
  element.addEventListener(
    'keydown',
    (e) => {
      const v = target.viewport();
      const cx = v.width / 2;
      const cy = v.height / 2;
      const slide = (x: number, y: number) => target.move(panPose(target.pose(), v, cx, cy, cx + x * KEY_PAN_PX, cy + y * KEY_PAN_PX));
      const turn = (h: number, p: number) => target.move(turnPose(target.pose(), h * KEY_TURN_RAD, p * KEY_TURN_RAD));
      const act: Record<string, () => void> = {
        ArrowLeft: () => (e.shiftKey ? turn(-1, 0) : slide(1, 0)),
        ArrowRight: () => (e.shiftKey ? turn(1, 0) : slide(-1, 0)),
        ArrowUp: () => (e.shiftKey ? turn(0, 1) : slide(0, 1)),
        ArrowDown: () => (e.shiftKey ? turn(0, -1) : slide(0, -1)),
        '+': () => target.zoom(0.8, cx, cy),
        '=': () => target.zoom(0.8, cx, cy),
        '-': () => target.zoom(1.25, cx, cy),
        Home: () => target.home(),
      };
      const run = act[e.key];
      if (!run || e.ctrlKey || e.metaKey || e.altKey) return;
      e.preventDefault();
      run();
    },
    { signal },
  );
  return () => stop.abort();
}
