import type { Incident } from '../messages/index.ts';
import type { ServicePromise } from '../town/town.ts';
import { promiseClocks } from './promiseClocks.ts';
import type { ClockRules, ClockState } from './promiseClocks.ts';

export interface PromiseStat {
  id: ServicePromise['id'];
  /** Finished measurements: kept or broken for good. A running one whose time is over counts as broken. */
  total: number;
  met: number;
  /** met / total, 0 to 1; null while there is nothing to divide. */
  share: number | null;
  /** Of the finished ones, seconds counted (pauses left out), by nearest rank. */
  medianS: number | null;
  p90S: number | null;
  /** Still running inside the limit, paused ones too; and past it. */
  running: number;
  breachedNow: number;
  /** The incidents behind each figure, in the order in which they were given. */
  idsByState: Readonly<Record<ClockState, readonly string[]>>;
}

/** Nearest-rank quantile of sorted numbers. */
const quantile = (sorted: readonly number[], share: number): number | null =>
  sorted.length === 0 ? null : sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;

const noIds = (): Record<ClockState, string[]> => ({ running: [], warned: [], paused: [], breached: [], kept: [], broken: [] });

/** How the town's promises were kept, over the incidents given (a day's, usually). What each one counts: `promiseClocks`. */
export function promiseStats(incidents: Iterable<Incident>, rules: ClockRules, nowMs: number): PromiseStat[] {
  const rows = new Map(rules.promises.map(({ id }) => [id, { ids: noIds(), tookS: [] as number[] }]));
  for (const incident of incidents) {
    for (const clock of promiseClocks(incident, rules, nowMs)) {
      const row = rows.get(clock.promise.id)!;
      row.ids[clock.state].push(incident.id);
      if (clock.endedAtMs !== null) row.tookS.push(clock.elapsedMs / 1000);
    }
  }
  return [...rows].map(([id, { ids, tookS }]) => {
    tookS.sort((a, b) => a - b);
    const met = ids.kept.length;
    const total = met + ids.broken.length + ids.breached.length;
    return {
      id,
      total,
      met,
      share: total === 0 ? null : met / total,
      medianS: quantile(tookS, 0.5),
      p90S: quantile(tookS, 0.9),
      running: ids.running.length + ids.warned.length + ids.paused.length,
      breachedNow: ids.breached.length,
      idsByState: ids,
    };
  });
}
