import { describe, expect, it } from 'vitest';
import { createFrameGate } from '../../../../renderer/map/scene/frameGate.ts';

describe('frame gate', () => {
  /** Runs a display of 60 Hz for a second; a frame takes the card `costMs`. @returns times of the frames drawn */
  function run(gate: ReturnType<typeof createFrameGate>, costMs: number): number[] {
    const drawn: number[] = [];
    for (let i = 0; i < 60; i++) {
      const at = (i * 1000) / 60;
      if (!gate.mayDraw(at, at - (drawn.at(-1) ?? -Infinity) >= costMs)) continue;
      gate.drawn(at);
      drawn.push(at);
    }
    return drawn;
  }
  it('lets every frame of the display through when the card is fast', () => {
    expect(run(createFrameGate({ maxFps: 60, isSoftware: false }), 3)).toHaveLength(60);
    expect(run(createFrameGate({ maxFps: 30, isSoftware: true }), 3)).toHaveLength(30);
  });
  it('never draws before the last frame is finished', () => {
    const drawn = run(createFrameGate({ maxFps: 60, isSoftware: false }), 90);
    expect(drawn.length).toBeGreaterThan(8);
    for (let i = 1; i < drawn.length; i++) expect(drawn[i]! - drawn[i - 1]!).toBeGreaterThanOrEqual(90);
  });
  it('leaves a quarter of the processor free on software rendering', () => {
    const drawn = run(createFrameGate({ maxFps: 30, isSoftware: true }), 90);
    for (let i = 1; i < drawn.length; i++) expect(drawn[i]! - drawn[i - 1]!).toBeGreaterThanOrEqual(90 / 0.75);
  });
  it('does not wait for ever for a driver that never answers', () => {
    const gate = createFrameGate({ maxFps: 60, isSoftware: false });
    gate.drawn(0);
    expect(gate.mayDraw(1900, false)).toBe(false);
    expect(gate.mayDraw(2001, false)).toBe(true);
  });
});
