/**
 * Main-thread JavaScript per frame, read from a Chromium trace: every span in which V8 runs on the page's main thread (calls, timers,
 * animation frames, event handlers, microtasks, script evaluation, garbage collection), overlaps counted once, summed between the starts
 * of successive animation frames. Style, layout, paint and the GPU process are not JavaScript and not counted. Counted is the thread's own
 * processor time, as long as the trace has it: on a busy machine wall time measures the other processes.
 */
interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds. */
  ts: number;
  dur?: number;
  /** Processor time of the thread at the start, and spent, microseconds. */
  tts?: number;
  tdur?: number;
  args?: { name?: string };
}

const SCRIPT = new Set([
  'FunctionCall',
  'EvaluateScript',
  'v8.run',
  'v8.callFunction',
  'TimerFire',
  'FireAnimationFrame',
  'EventDispatch',
  'RunMicrotasks',
  'FireIdleCallback',
  'MinorGC',
  'MajorGC',
  'BlinkGC.AtomicPhase',
]);

const BETWEEN_FRAMES_US = 1000;

export const TRACE_CATEGORIES = ['-*', 'devtools.timeline', 'v8.execute', 'v8', 'toplevel', '__metadata'];

export interface FrameScripting {
  frames: number;
  p50Ms: number;
  p95Ms: number;
  maxMs: number;
  /** Share of the traced time in which the main thread ran JavaScript. */
  busyShare: number;
}

/** @param q in [0, 1]. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

/** @throws Error when the trace holds no page main thread or fewer than 10 animation frames. */
export function frameScripting(trace: string): FrameScripting {
  const parsed = JSON.parse(trace) as { traceEvents: TraceEvent[] };
  const events = parsed.traceEvents;
  const animationFrames = events.filter((e) => e.name === 'FireAnimationFrame' && e.ph === 'X');
  const threads = new Map<string, number>();
  for (const e of animationFrames) threads.set(`${e.pid}.${e.tid}`, (threads.get(`${e.pid}.${e.tid}`) ?? 0) + 1);
  const main = [...threads].sort((a, b) => b[1] - a[1])[0]?.[0];
  if (main === undefined) throw new Error('the trace holds no animation frame');

  const scripts = events.filter((e) => e.ph === 'X' && SCRIPT.has(e.name) && `${e.pid}.${e.tid}` === main);
  const onThreadClock = scripts.every((e) => e.tts !== undefined && e.tdur !== undefined);
  const startOf = (e: TraceEvent): number => (onThreadClock ? e.tts! : e.ts);
  const spans = scripts.map((e) => [startOf(e), startOf(e) + ((onThreadClock ? e.tdur : e.dur) ?? 0)] as const).sort((a, b) => a[0] - b[0]);
  const callbacks = animationFrames.filter((e) => `${e.pid}.${e.tid}` === main).sort((a, b) => a.ts - b.ts);
  // Callbacks of one frame run one right after the other; between two frames the thread lays out and paints. Counted from the end of the
  // one before: from its start, a long callback would make two cheap frames of one dear one.
  const endOf = (e: TraceEvent): number => e.ts + (e.dur ?? 0);
  const beginnings = callbacks.filter((e, i) => i === 0 || e.ts - endOf(callbacks[i - 1]!) >= BETWEEN_FRAMES_US);
  if (beginnings.length < 10) throw new Error(`only ${beginnings.length} animation frames in the trace`);
  const frames = beginnings.map(startOf);

  const perFrameMs: number[] = new Array<number>(frames.length - 1).fill(0);
  let frame = 0;
  let coveredTo = 0;
  let busyUs = 0;
  for (const [start, end] of spans) {
    let from = Math.max(start, coveredTo);
    coveredTo = Math.max(coveredTo, end);
    while (from < end) {
      while (frame + 1 < frames.length && frames[frame + 1]! <= from) frame += 1;
      const until = Math.min(end, frames[frame + 1] ?? end);
      if (from >= frames[0]! && frame < perFrameMs.length) {
        perFrameMs[frame]! += (until - from) / 1000;
        busyUs += until - from;
      }
      from = until;
    }
  }
  return {
    frames: perFrameMs.length,
    p50Ms: quantile(perFrameMs, 0.5),
    p95Ms: quantile(perFrameMs, 0.95),
    maxMs: Math.max(...perFrameMs),
    busyShare: busyUs / (beginnings.at(-1)!.ts - beginnings[0]!.ts),
  };
}
