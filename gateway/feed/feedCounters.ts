/** What the feed did since it started; shown by `/healthz`, `/metrics` and Diagnostics. Refused frames are in the refusal book. */
export interface FeedCounters {
  accepted: number;
  refusedUpgrades: number;
  resumed: number;
  snapshots: number;
  /** Walls that began to look at the past. */
  replays: number;
  events: number;
  positionFrames: number;
  /** Position ticks that a full socket skipped (rule P-03). */
  skippedTicks: number;
  /** Clients cut because nothing was heard from them for `silenceMs`. */
  cutSilent: number;
  /** Clients cut because they took nothing for `stallMs`. */
  cutStalled: number;
}
export const createFeedCounters = (): FeedCounters => ({
  accepted: 0,
  refusedUpgrades: 0,
  resumed: 0,
  snapshots: 0,
  replays: 0,
  events: 0,
  positionFrames: 0,
  skippedTicks: 0,
  cutSilent: 0,
  cutStalled: 0,
});
