import { onScopeDispose, shallowRef } from 'vue';

/** Frames looked back upon: about ten seconds at 60 a second. */
const FRAMES = 600;

export interface FrameTimes {
  medianMs: number;
  p95Ms: number;
  longestMs: number;
}

/** Median, 95th percentile (nearest rank) and longest of the gaps between frames; null before there are ten. */
export function frameTimes(gapsMs: readonly number[]): FrameTimes | null {
  if (gapsMs.length < 10) return null;
  const sorted = [...gapsMs].sort((a, b) => a - b);
  const rank = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1]!;
  return { medianMs: rank(0.5), p95Ms: rank(0.95), longestMs: sorted.at(-1)! };
}

/** Measures the gaps between frames while its scope lives; read anew with each `sample`. */
export function useFrameTimes() {
  const gaps: number[] = [];
  let lastMs: number | null = null;
  let handle = 0;
  const times = shallowRef<FrameTimes | null>(null);
  const onFrame = (atMs: number): void => {
    if (lastMs !== null) gaps.push(atMs - lastMs);
    if (gaps.length > FRAMES) gaps.shift();
    lastMs = atMs;
    handle = requestAnimationFrame(onFrame);
  };
  handle = requestAnimationFrame(onFrame);
  onScopeDispose(() => cancelAnimationFrame(handle));
  return { times, sample: (): void => void (times.value = frameTimes(gaps)) };
}
