import type { Actor, Incident, IncidentState, Step } from '../../protocol/messages/index.ts';

/** Everything that can move an incident. `recallLast` takes the last unit away, `reinforce` sends units to one that has some. */
export type Trigger = 'accept' | 'triage' | 'dispatch' | 'recallLast' | 'setOut' | 'arrive' | 'handle' | 'close';

/** The states passed, the last one is the new one; an empty path leaves the state as it is; no entry: not allowed. */
type Row = Readonly<Partial<Record<IncidentState, readonly IncidentState[]>>>;

/**
 * The life of an incident as a table. A state may be skipped forward and never goes backward, except that losing its last
 * unit returns it to `triaged`. Whether closing needs a reason is the other table below.
 */
export const transitions: Readonly<Record<Trigger, Row>> = {
  accept: { reported: ['accepted'] },
  // Before anybody is sent the tier may be corrected; afterwards it is history.
  triage: { reported: ['accepted', 'triaged'], accepted: ['triaged'], triaged: ['triaged'] },
  dispatch: {
    reported: ['accepted', 'triaged', 'dispatched'],
    accepted: ['triaged', 'dispatched'],
    triaged: ['dispatched'],
    dispatched: [],
    onTheWay: [],
    onScene: [],
  },
  recallLast: { dispatched: ['triaged'], onTheWay: ['triaged'], onScene: ['triaged'] },
  setOut: { dispatched: ['onTheWay'], onTheWay: [], onScene: [] },
  arrive: { dispatched: ['onScene'], onTheWay: ['onScene'], onScene: [] },
  handle: { onScene: ['handled'] },
  close: {
    reported: ['closed'],
    accepted: ['closed'],
    triaged: ['closed'],
    dispatched: ['closed'],
    onTheWay: ['closed'],
    onScene: ['closed'],
    handled: ['closed'],
  },
};

/** Closing from these states is an ordinary end; from any other one the operator says why. */
const closesWithoutReason: ReadonlySet<IncidentState> = new Set<IncidentState>(['handled']);

/** @returns the states that the trigger passes through, or null when it is not allowed now. */
export function pathOf(state: IncidentState, trigger: Trigger): readonly IncidentState[] | null {
  return transitions[trigger][state] ?? null;
}

export const needsReason = (state: IncidentState): boolean => !closesWithoutReason.has(state);

export interface StepMaker {
  atMs: number;
  by: Actor;
  reason: string | null;
  /** The unit that the last step is about. */
  unitId: string | null;
}

/** Most steps that an incident may gather by commands; the schema allows 200, the rest is kept for its way to `closed`. */
export const MAX_STEPS = 180;

/** The incident after the trigger, every passed state with its own step; null when the trigger is not allowed. */
export function advance(incident: Incident, trigger: Trigger, maker: StepMaker): Incident | null {
  const path = pathOf(incident.state, trigger);
  if (!path) return null;
  if (path.length === 0) return incident;
  const steps: Step[] = path.map((state, index) => ({
    state,
    atMs: maker.atMs,
    by: maker.by,
    unitId: index === path.length - 1 ? maker.unitId : null,
    reason: index === path.length - 1 ? maker.reason : null,
  }));
  return { ...incident, state: path[path.length - 1]!, steps: [...incident.steps, ...steps] };
}
