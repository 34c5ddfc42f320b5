import type { QueryItem } from '../../protocol/queries/index.ts';
import type { FreeUnit } from './reachTown.ts';

/** What the thread of the reach is asked, and what it answers. */
export interface ReachQuestions {
  reach: Record<never, never>;
  reachWithout: { unitIds: readonly string[] };
  moveUp: { limit: number };
}
export type ReachKind = keyof ReachQuestions;
export type ToThread = {
  [K in ReachKind]: { id: number; ask: K; units: readonly FreeUnit[]; atMs: number } & ReachQuestions[K];
}[ReachKind];
export type FromThread = { id: number; items: QueryItem[ReachKind][] } | { id: number; reason: string };
