import type { TrackPiece } from '../../protocol/queries/tracks.ts';
import type { FixBatch } from './fixBatch.ts';
import type { HeardFix, TrackQuestion } from './trackStore.ts';
import type { EngineStats, TrackEngineOptions } from './trackEngine.ts';

export type ThreadData = Omit<TrackEngineOptions, 'onWarning'>;

/** What can be asked, and what each part of the answer is. */
export interface Asked {
  tracks: { question: TrackQuestion; part: TrackPiece };
  positionsAt: { question: { atMs: number }; part: HeardFix[] };
  fixesBetween: { question: { afterMs: number; untilMs: number }; part: HeardFix[] };
}
export type AskedKind = keyof Asked;

export type ToThread =
  | { kind: 'add'; batch: FixBatch }
  | { [K in AskedKind]: { kind: 'ask'; id: number; ask: K; question: Asked[K]['question'] } }[AskedKind]
  /** The reader wants the next part: nothing is read ahead of it. */
  | { kind: 'next'; id: number }
  | { kind: 'stop'; id: number }
  | { kind: 'close' };

export type FromThread =
  /** So many of the fixes handed in are safe, or were too old to be kept. */
  | { kind: 'safe'; fixes: number; stats: EngineStats }
  | { kind: 'stats'; stats: EngineStats }
  | { kind: 'part'; id: number; parts: unknown[]; last: boolean }
  | { kind: 'failed'; id: number; reason: string }
  | { kind: 'warning'; warning: string }
  | { kind: 'closed' };
