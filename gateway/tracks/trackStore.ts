import type { Fix } from '../../protocol/frames/position.ts';
import type { TrackArea, TrackPiece } from '../../protocol/queries/tracks.ts';

/** What is asked of the tracks. Times are of observation, both ends included. */
export interface TrackQuestion {
  fromMs: number;
  toMs: number;
  /** All units where it is left out. */
  unitIds?: readonly string[] | undefined;
  /** Only what lies inside. */
  area?: TrackArea | undefined;
  /** Metres; 0 gives every fix. */
  toleranceM: number;
  /** Most fixes in all. */
  limit: number;
}

/** A fix and the server time at which the gateway took it. */
export interface HeardFix {
  fix: Fix;
  heardAtMs: number;
}

export interface TrackStats {
  /** Fixes that are on the disk. */
  fixes: number;
  /** Packed pieces of one unit and hour. */
  blocks: number;
  sizeBytes: number;
  /** Begin of the oldest hour that is kept; null while there is none. */
  oldestAtMs: number | null;
  /** Fixes that are safe and not packed yet. */
  recentFixes: number;
  /** Fixes handed in and not safe yet; bounded. */
  queuedFixes: number;
  /** Fixes that were lost because the queue was full, e.g. while the disk was. */
  droppedFixes: number;
  /** Fixes observed before the oldest month that is kept. */
  tooOldFixes: number;
  /** Blocks that could not be read and were left out, each time one was met. */
  damagedBlocks: number;
  /** Files that were damaged and moved aside. */
  damagedFiles: number;
  /** One sentence each for what a person should see to. */
  warnings: readonly string[];
}

/** Where everything has been: every fix that the gateway took, for as long as the store keeps months. */
export interface TrackStore {
  /**
   * Takes a fix that was quantised (`quantiseFix`). It is safe about a second later: a gateway that is killed loses the fixes of the last
   * second and of the commit under way, at most two seconds in all; nobody was told that they were safe.
   * @param heardAtMs Server time.
   */
  add(fix: Fix, heardAtMs: number): void;
  /** Hour by hour, within an hour unit by unit. A reader that stops early ends the work behind it. */
  tracks(question: TrackQuestion): AsyncIterable<TrackPiece>;
  /**
   * Where every unit was at a moment, as the walls saw it: of the fixes heard by then the one observed last.
   * A unit that had been silent for seven days is left out. In no particular order.
   */
  positionsAt(atMs: number): Promise<HeardFix[]>;
  /** What was heard after one moment, up to and at another, in order of hearing, in lists of some thousands. */
  fixesBetween(afterMs: number, untilMs: number): AsyncIterable<HeardFix[]>;
  stats(): TrackStats;
  /** Resolves when everything handed in so far is safe, or was given up and counted. */
  flushed(): Promise<void>;
  /** Makes everything safe and closes. */
  dispose(): Promise<void>;
}
