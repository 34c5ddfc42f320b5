import type { RoadClass } from '../../protocol/town/town.ts';

/** How quick the roads are at a moment. */
export interface Traffic {
  /** Share of the free-flow speed that a class of road makes good, above 0, at most 1. @param atMs UTC epoch milliseconds. */
  flowAt(roadClass: RoadClass, atMs: number): number;
}

/** What a table of a town says; shares are above 0, at most 1. */
export interface TrafficTable {
  /** By local hour, 24 of them. */
  flowByClass: Readonly<Record<RoadClass, readonly number[]>>;
  /** Days on which visitors crowd the roads between two local hours. */
  crowding: {
    days: readonly { from: string; to: string }[];
    fromHour: number;
    toHour: number;
    flowByClass: Readonly<Record<RoadClass, number>>;
  };
}

const HOUR_MS = 3_600_000;

/** Empty roads: what a town without a table has. */
export const freeFlow: Traffic = { flowAt: () => 1 };

/** @param utcOffsetMin of the town: the table counts local hours and days. */
export function createTraffic({ flowByClass, crowding }: TrafficTable, utcOffsetMin: number): Traffic {
  return {
    flowAt(roadClass, atMs) {
      const local = new Date(atMs + utcOffsetMin * 60_000);
      const hour = Math.floor((local.getTime() / HOUR_MS) % 24);
      const flow = flowByClass[roadClass][hour]!;
      if (hour < crowding.fromHour || hour >= crowding.toHour) return flow;
      // Dates written as 2026-05-01 sort like the days themselves.
      const day = local.toISOString().slice(0, 10);
      return crowding.days.some(({ from, to }) => from <= day && day <= to) ? flow * crowding.flowByClass[roadClass] : flow;
    },
  };
}
