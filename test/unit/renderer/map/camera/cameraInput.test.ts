import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { attachCameraInput } from '../../../../../renderer/map/camera/cameraInput.ts';
import { mapKeys } from '../../../../../renderer/keys/bindings.ts';
import type { RigPose } from '../../../../../renderer/map/camera/cameraRig.ts';

describe('camera input', () => {
  const element = document.createElement('div');
  let pose: RigPose;
  const target = {
    pose: () => pose,
    viewport: () => ({ width: 800, height: 600 }),
    unitPx: vi.fn(() => 1),
    move: vi.fn((next: RigPose) => void (pose = next)),
    zoom: vi.fn(),
    click: vi.fn(),
    home: vi.fn(),
  };
  let detach: () => void;
  const pointer = (type: string, x: number, y: number, more: object = {}) =>
    element.dispatchEvent(
      Object.assign(new Event(type, { bubbles: true, cancelable: true }), { pointerId: 1, clientX: x, clientY: y, button: 0, ...more }),
    );
  const key = (name: string, more: object = {}) => {
    const event = Object.assign(new Event('keydown', { cancelable: true }), {
      key: name,
      shiftKey: false,
      ctrlKey: false,
      metaKey: false,
      altKey: false,
      ...more,
    });
    element.dispatchEvent(event);
    return event.defaultPrevented;
  };
  beforeEach(() => {
    pose = { x: 0, y: 0, rangeM: 1000, headingRad: 0, pitchRad: -0.8 };
    vi.clearAllMocks();
    detach = attachCameraInput(element, target);
  });
  afterEach(() => detach());

  it('acts on every key that the list of keys names for it', () => {
    for (const { shift, keys } of mapKeys) for (const name of keys) expect(key(name, { shiftKey: shift })).toBe(true);
  });
  it('takes a press without travel for a click', () => {
    pointer('pointerdown', 100, 120);
    pointer('pointermove', 102, 121);
    pointer('pointerup', 102, 121);
    expect(target.click).toHaveBeenCalledWith(102, 121);
    expect(target.move).not.toHaveBeenCalled();
  });
  it('measures in pixels of the wall, whatever its size', () => {
    target.unitPx.mockReturnValue(2);
    pointer('pointerdown', 100, 120);
    pointer('pointerup', 100, 120);
    expect(target.click).toHaveBeenCalledWith(50, 60);
    target.unitPx.mockReturnValue(1);
  });
  it('pans on a drag and does not click', () => {
    pointer('pointerdown', 400, 300);
    pointer('pointermove', 460, 300);
    pointer('pointerup', 460, 300);
    expect(pose.x).toBeLessThan(0);
    expect(target.click).not.toHaveBeenCalled();
  });
  it('turns on a drag with the right button', () => {
    pointer('pointerdown', 400, 300, { button: 2 });
    pointer('pointermove', 500, 260);
    expect(pose.headingRad).toBeGreaterThan(0.4);
    expect(pose.pitchRad).toBeGreaterThan(-0.8);
    expect(pose.x).toBe(0);
  });
  it('zooms with two fingers and never clicks after', () => {
    pointer('pointerdown', 300, 300);
    pointer('pointerdown', 500, 300, { pointerId: 2 });
    pointer('pointermove', 600, 300, { pointerId: 2 });
    expect((target.zoom.mock.calls[0] as [number])[0]).toBeCloseTo(200 / 300, 3);
    pointer('pointerup', 600, 300, { pointerId: 2 });
    pointer('pointerup', 300, 300);
    expect(target.click).not.toHaveBeenCalled();
  });
  it('answers keys that are the map’s and leaves the others to the page', () => {
    expect(key('ArrowLeft')).toBe(true);
    expect(pose.x).toBeLessThan(0);
    expect(key('ArrowRight', { shiftKey: true })).toBe(true);
    expect(pose.headingRad).toBeGreaterThan(0);
    expect(key('Home')).toBe(true);
    expect(target.home).toHaveBeenCalledOnce();
    expect(key('l')).toBe(false);
    expect(key('+', { ctrlKey: true })).toBe(false);
  });
  it('goes home on a double click', () => {
    element.dispatchEvent(new Event('dblclick'));
    expect(target.home).toHaveBeenCalledOnce();
  });
  it('hears nothing after it was detached', () => {
    detach();
    pointer('pointerdown', 100, 100);
    pointer('pointermove', 300, 100);
    pointer('pointerup', 300, 100);
    element.dispatchEvent(new Event('dblclick'));
    expect(target.move).not.toHaveBeenCalled();
    expect(target.home).not.toHaveBeenCalled();
  });
});
