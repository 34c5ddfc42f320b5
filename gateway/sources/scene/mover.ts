import type { LonLat } from '../../../protocol/primitives.ts';
import type { Pose } from './legs.ts';

/** Something that moves by itself and can be sent. Poses are in metres of the town's local frame. */
export interface Mover {
  pose(tMs: number): Pose;
  /**
   * Sets out for a place at this time and stays there until it is released.
   * @returns when it will be there, or null when there is no way; it goes on as before then.
   */
  go(target: LonLat, atMs: number): number | null;
  /** Stays where it is until it is released: it had arrived before this gateway started. */
  hold(atMs: number): void;
  /** Goes back to what it does when nothing is ordered. @param leavesMs Not before: its crew may still be out. */
  release(atMs: number, leavesMs: number): void;
  /** Pieces of its way kept in memory. */
  readonly size: number;
}
