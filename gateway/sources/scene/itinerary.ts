import type { Leg, Pose } from './legs.ts';

/** The way of one unit through time, leg after leg. */
export interface Itinerary {
  /** Legs are made up to this time as needed. Times may go back by `LOOK_BACK_MS`. */
  pose(tMs: number): Pose;
  legAt(tMs: number): Leg;
  /** From this time on something else: `then` makes the legs from where it is; after the last of them it idles again. */
  change(atMs: number, then: (pose: Pose, leg: Leg) => Leg[]): void;
  /** Legs kept in memory. */
  readonly size: number;
}

/** A fix is up to this much older than the tick that sends it, so a leg that has just ended is still asked for. */
const LOOK_BACK_MS = 2000;
/** Legs without any length, one after the other, are a mistake that would never end. */
const MOST_EMPTY_LEGS = 100;

/** @param idle What it does when nothing is ordered: the next legs, at least one. */
export function createItinerary(first: Leg, idle: (pose: Pose, atMs: number, leg: Leg) => Leg[]): Itinerary {
  const legs: Leg[] = [first];

  const reach = (tMs: number): void => {
    for (let empty = 0; legs.at(-1)!.endMs <= tMs;) {
      const last = legs.at(-1)!;
      const next = idle(last.at(last.endMs), last.endMs, last);
      empty = (next.at(-1)?.endMs ?? last.endMs) > last.endMs ? 0 : empty + 1;
      if (empty > MOST_EMPTY_LEGS) throw new Error('a unit idles without time passing');
      legs.push(...next);
    }
    let over = 0;
    while (over < legs.length - 1 && legs[over]!.endMs < tMs - LOOK_BACK_MS) over += 1;
    legs.splice(0, over);
  };
  const legAt = (tMs: number): Leg => {
    reach(tMs);
    return legs.find((leg) => leg.endMs > tMs) ?? legs.at(-1)!;
  };

  return {
    legAt,
    pose(tMs) {
      const leg = legAt(tMs);
      return leg.at(Math.max(tMs, leg.startMs));
    },
    change(atMs, then) {
      const leg = legAt(atMs);
      const next = then(leg.at(atMs), leg);
      legs.splice(legs.indexOf(leg) + 1);
      leg.endMs = Math.min(leg.endMs, atMs);
      legs.push(...next);
    },
    get size() {
      return legs.length;
    },
  };
}
