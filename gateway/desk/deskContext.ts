import type { Actor, Incident } from '../../protocol/messages/index.ts';
import type { PromiseClock } from '../../protocol/clocks/promiseClocks.ts';
import type { CommandData, CommandType } from '../../protocol/commands/index.ts';
import type { LonLat } from '../../protocol/primitives.ts';
import type { ChairSeat, Place } from '../../protocol/town/town.ts';
import type { LivePositions } from '../journal/livePositions.ts';
import type { Order } from '../sources/source.ts';
import type { Calls } from './calls.ts';
import type { Fleet } from './fleet.ts';
import type { IncidentBook } from './incidentBook.ts';
import type { Ledger } from './ledger.ts';
import type { Outcome } from './outcome.ts';

/** A way along the roads. */
export interface RoadWay {
  line: LonLat[];
  distanceM: number;
  durationS: number;
}
export interface Router {
  /** @returns null when no road leads there. */
  route(from: LonLat, to: LonLat, options?: RouterOptions): RoadWay | null;
  /** Ways of many to one place at once; null for each from where no road leads there. */
  waysTo(to: LonLat, from: readonly LonLat[], options?: RouterOptions): (RouterWay | null)[];
}
export interface RouterOptions {
  kind: 'vehicle' | 'officer';
  /** When they set out: roads are slower at some hours. */
  atMs?: number;
}
/** A way whose time is known; its line is made when it is asked for. */
export interface RouterWay {
  durationS: number;
  route(): RoadWay;
}

/** Who asks, when and why. */
export interface Asked {
  by: Actor;
  reason: string | null;
  atMs: number;
}

/** What a command may touch. */
export interface DeskContext {
  readonly ledger: Ledger;
  readonly fleet: Fleet;
  readonly calls: Calls;
  readonly positions: LivePositions;
  readonly router: Router;
  readonly book: IncidentBook;
  /** Longest time for which an alarm may be put out of sight. */
  readonly longestShelfMin: number;
  readonly chairs: readonly ChairSeat[];
  /** Standby posts of the town. */
  readonly posts: ReadonlyMap<string, Place>;
  incident(id: string): Incident | undefined;
  /** The clock of the promise to close it; null where the town makes none. */
  closingClock(incident: Incident, atMs: number): PromiseClock | null;
  /** Writes the incident. @param minor True when nothing changed that an operator decides on (an ETA). @returns the event's number. */
  save(incident: Incident, minor?: boolean): number;
  /** Sends an order into the field after the journal has everything that the command changed. */
  order(order: Order): void;
}

export type CommandHandler<T extends CommandType> = (data: CommandData[T], asked: Asked, context: DeskContext) => Outcome;
