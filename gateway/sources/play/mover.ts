import type { Unit } from '../../../protocol/messages/index.ts';
import type { Order, Progress } from '../source.ts';
import type { Pose } from './pathMotion.ts';

/** One unit of the scene in motion. Steps are `STEP_S` long; `atMs` is server time at the end of the step. */
export interface Mover {
  readonly unitId: string;
  readonly kind: Unit['kind'];
  step(atMs: number): void;
  pose(): Pose & { altM: number };
  /** True while the position changes. */
  readonly moving: boolean;
  /** True while it follows an order: from the order until it is free again. */
  readonly busy: boolean;
  /** Standing at an incident: its crew is out of the vehicle. */
  readonly onScene: boolean;
  order(order: Order, atMs: number): void;
}

/** How a mover tells its desk what it does. */
export type Tell = (progress: Progress) => void;
