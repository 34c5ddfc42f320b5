import type { Journal } from '../journal/journal.ts';

/** Handles of units from outside begin here, far from those that a scene counts from 1. */
const FIRST = 0x1000_0000;

/** Gives each unit a handle of its own when it is first heard of. The journal keeps it with the unit, so a restart gives the same. */
export function createFirstHandles(journal: Journal) {
  let next = FIRST;
  for (const { handle } of journal.all('unit.updated')) next = Math.max(next, handle + 1);
  return {
    of: (unitId: string): number => journal.latest('unit.updated', unitId)?.handle ?? next++,
  };
}
export type FirstHandles = ReturnType<typeof createFirstHandles>;
