import type { ErrorCode } from '../../protocol/frames/server.ts';

/** What the feed did since it started; shown by `/healthz`. */
export interface FeedCounters {
  accepted: number;
  refusedUpgrades: number;
  resumed: number;
  snapshots: number;
  events: number;
  positionFrames: number;
  /** Position ticks that a full socket skipped (rule P-03). */
  skippedTicks: number;
  /** Clients cut because they were silent or took nothing. */
  cut: number;
  refusedFrames: Partial<Record<ErrorCode, number>>;
}
export const createFeedCounters = (): FeedCounters => ({
  accepted: 0,
  refusedUpgrades: 0,
  resumed: 0,
  snapshots: 0,
  events: 0,
  positionFrames: 0,
  skippedTicks: 0,
  cut: 0,
  refusedFrames: {},
});
