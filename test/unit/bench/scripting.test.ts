import { describe, expect, it } from 'vitest';
import { frameScripting } from '../../bench/scripting.ts';

const FRAME_US = 33_000;

/** A trace of 40 frames; each has animation callbacks of these lengths, one right after the other. */
function traceOf(...callbacksUs: number[]): string {
  const traceEvents = Array.from({ length: 40 }, (_, frame) => {
    let ts = 1000 + frame * FRAME_US;
    return callbacksUs.map((dur) => {
      const event = { name: 'FireAnimationFrame', ph: 'X', pid: 1, tid: 1, ts, dur, tts: ts, tdur: dur };
      ts += dur + 10;
      return event;
    });
  }).flat();
  return JSON.stringify({ traceEvents });
}

describe('frameScripting', () => {
  it('adds up the callbacks of one frame, however long the first one takes', () => {
    for (const lengths of [
      [6000, 6000],
      [200, 11_800],
      [3000, 3000, 6000],
    ]) {
      const { frames, p50Ms, p95Ms } = frameScripting(traceOf(...lengths));
      expect({ frames, p50Ms: Math.round(p50Ms), p95Ms: Math.round(p95Ms) }, lengths.join()).toEqual({ frames: 39, p50Ms: 12, p95Ms: 12 });
    }
  });

  it('counts what lies inside another span once', () => {
    const trace = JSON.parse(traceOf(5000)) as { traceEvents: object[] };
    const inner = trace.traceEvents.map((event) => ({ ...event, name: 'FunctionCall' }));
    expect(Math.round(frameScripting(JSON.stringify({ traceEvents: [...trace.traceEvents, ...inner] })).p95Ms)).toBe(5);
  });

  it('refuses a trace that shows too little', () => {
    expect(() => frameScripting(JSON.stringify({ traceEvents: [] }))).toThrow('no animation frame');
  });
});
