/** Main-thread time of the last frames, in a ring that never grows. */
export interface FrameStats {
  add(jsMs: number): void;
  readonly frames: number;
  /** Quantile of the ring, 0..1; 0 before the first frame. Sorts a copy: call it at 1 Hz, not each frame. */
  quantile(q: number): number;
}

export function createFrameStats(capacity = 240): FrameStats {
  const ring = new Float64Array(capacity);
  const sorted = new Float64Array(capacity);
  let frames = 0;
  return {
    add(jsMs) {
      ring[frames % capacity] = jsMs;
      frames++;
    },
    get frames() {
      return frames;
    },
    quantile(q) {
      const n = Math.min(frames, capacity);
      if (n === 0) return 0;
      const part = sorted.subarray(0, n);
      part.set(ring.subarray(0, n));
      part.sort();
      return part[Math.min(n - 1, Math.floor(q * n))] ?? 0;
    },
  };
}
