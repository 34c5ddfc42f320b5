import { watch } from 'vue';
import type { Incident } from '../../protocol/messages/index.ts';
import type { CommandResult } from '../feed/feedTypes.ts';

/** How often a decision is repeated on a newer rev before the conflict is shown. */
const MOST_REPEATS = 3;
/** The event that made the conflict is on its way already; a wall that does not hear it soon shows the conflict. */
const NEWER_WITHIN_MS = 1500;

/**
 * What an operator's decision about an incident rests on: whether it is over, who has it, who is on it. Arrival times, routes and steps of
 * others change every few seconds and are no reason to refuse a click.
 */
function decisionGround(incident: Incident): string {
  const active = incident.assignments.filter((a) => a.releasedAtMs === null).map((a) => a.unitId);
  return JSON.stringify([incident.state === 'handled', incident.state === 'closed', incident.tier, active.sort()]);
}

function newerThan(current: () => Incident | undefined, rev: number, withinMs: number): Promise<Incident | null> {
  return new Promise((resolve) => {
    const done = (incident: Incident | null): void => {
      clearTimeout(timer);
      // `immediate` may call before watch() has returned its stop.
      queueMicrotask(() => stop());
      resolve(incident);
    };
    const timer = setTimeout(() => done(null), withinMs);
    const stop = watch(
      current,
      (incident) => {
        if (incident !== undefined && incident.rev > rev) done(incident);
      },
      { immediate: true, flush: 'sync' },
    );
  });
}

/**
 * Sends a decision with the rev that the operator saw (rule P-05). A conflict over something that the decision does not rest on is settled
 * here, by sending it again on the newer rev; any other is the operator's to see.
 */
export async function decide(
  current: () => Incident | undefined,
  send: (rev: number | null) => Promise<CommandResult>,
  withinMs = NEWER_WITHIN_MS,
): Promise<CommandResult> {
  let seen = current();
  const ground = seen && decisionGround(seen);
  let result = await send(seen?.rev ?? null);
  for (let repeats = 0; result.status === 'conflict' && seen !== undefined && repeats < MOST_REPEATS; repeats++) {
    const newer: Incident | null = await newerThan(current, seen.rev, withinMs);
    if (newer === null || decisionGround(newer) !== ground) break;
    seen = newer;
    result = await send(newer.rev);
  }
  return result;
}
