import type { PlayerStats } from './player.ts';

/** Counts presented frames of a video element until the signal is aborted. `stats` is updated in place. */
export function watchFrames(video: HTMLVideoElement, signal: AbortSignal): { stats: PlayerStats } {
  const startMs = performance.now();
  const stats: PlayerStats = { firstFrameMs: null, frames: 0, lastFrameAtMs: null, width: 0, height: 0 };
  const onFrame = (_nowMs: number, metadata: VideoFrameCallbackMetadata) => {
    if (signal.aborted) return;
    const nowMs = performance.now();
    stats.firstFrameMs ??= nowMs - startMs;
    stats.frames++;
    stats.lastFrameAtMs = nowMs;
    stats.width = metadata.width;
    stats.height = metadata.height;
    handle = video.requestVideoFrameCallback(onFrame);
  };
  let handle = video.requestVideoFrameCallback(onFrame);
  signal.addEventListener('abort', () => video.cancelVideoFrameCallback(handle), { once: true });
  return { stats };
}
