import { describe, expect, test } from 'vitest';
import { incidentStateSchema } from '../../../../protocol/messages/incident.ts';
import type { Actor, Incident, IncidentState } from '../../../../protocol/messages/index.ts';
import { advance, needsReason, pathOf, transitions } from '../../../../gateway/desk/incidentSteps.ts';
import type { Trigger } from '../../../../gateway/desk/incidentSteps.ts';

const states = incidentStateSchema.options;
const triggers = Object.keys(transitions) as Trigger[];
const by: Actor = { deskId: 'd', name: { zh: '人', en: 'Somebody' }, simulated: false };
const incidentIn = (state: IncidentState): Incident =>
  ({
    id: 'i',
    rev: 3,
    state,
    steps: [{ state: 'reported', atMs: 1, by, unitId: null, reason: null }],
    assignments: [],
  }) as unknown as Incident;

/** Written by hand from the rules, not from the table: what each trigger makes of each state; absent is refused. */
const expected: Record<Trigger, Partial<Record<IncidentState, string>>> = {
  accept: { reported: 'accepted' },
  triage: { reported: 'accepted triaged', accepted: 'triaged', triaged: 'triaged' },
  dispatch: {
    reported: 'accepted triaged dispatched',
    accepted: 'triaged dispatched',
    triaged: 'dispatched',
    dispatched: '',
    onTheWay: '',
    onScene: '',
  },
  recallLast: { dispatched: 'triaged', onTheWay: 'triaged', onScene: 'triaged' },
  setOut: { dispatched: 'onTheWay', onTheWay: '', onScene: '' },
  arrive: { dispatched: 'onScene', onTheWay: 'onScene', onScene: '' },
  handle: { onScene: 'handled' },
  close: {
    reported: 'closed',
    accepted: 'closed',
    triaged: 'closed',
    dispatched: 'closed',
    onTheWay: 'closed',
    onScene: 'closed',
    handled: 'closed',
  },
};
const pairs = triggers.flatMap((trigger) => states.map((state) => ({ trigger, state, path: expected[trigger][state] })));

describe('every trigger in every state', () => {
  test.each(pairs.filter((pair) => pair.path !== undefined))('$trigger of $state passes "$path"', ({ trigger, state, path }) => {
    expect(pathOf(state, trigger)?.join(' ')).toBe(path);
  });
  test.each(pairs.filter((pair) => pair.path === undefined))('$trigger of $state is refused', ({ trigger, state }) => {
    expect(advance(incidentIn(state), trigger, { atMs: 9, by, reason: null, unitId: null })).toBeNull();
  });
});

test('no path goes backward, except that the last recall returns to triaged', () => {
  for (const { trigger, state, path } of pairs) {
    if (!path || trigger === 'recallLast') continue;
    const places = [state, ...(path.split(' ') as IncidentState[])].map((name) => states.indexOf(name));
    expect([...places].sort((a, b) => a - b)).toEqual(places);
  }
});

test('one click makes the missing steps at one instant by one actor; reason and unit belong to the last', () => {
  const next = advance(incidentIn('reported'), 'dispatch', { atMs: 9, by, reason: 'quick', unitId: 'car-1' })!;
  expect(next.state).toBe('dispatched');
  expect(next.steps.slice(1)).toEqual([
    { state: 'accepted', atMs: 9, by, unitId: null, reason: null },
    { state: 'triaged', atMs: 9, by, unitId: null, reason: null },
    { state: 'dispatched', atMs: 9, by, unitId: 'car-1', reason: 'quick' },
  ]);
});

test('the incident before a step is left as it was', () => {
  const before = Object.freeze(incidentIn('reported'));
  Object.freeze(before.steps);
  expect(advance(before, 'accept', { atMs: 9, by, reason: null, unitId: null })).not.toBe(before);
  expect(before.steps).toHaveLength(1);
});

test('only what was handled closes without a reason', () => {
  expect(states.filter((state) => !needsReason(state))).toEqual(['handled']);
});
