import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Incident, IncidentState } from '../../../../protocol/messages/index.ts';
import type { DeskRules } from '../../../../gateway/desk/incidentBook.ts';
import type { JournalEntry } from '../../../../gateway/journal/journal.ts';
import { clockRulesOf } from '../../../../protocol/clocks/promiseClocks.ts';
import { expectLegal } from '../../../support/legalIncidents.ts';
import { byIncidentAndPromise, clocksOf, recomputeClocks } from '../../../support/recomputeClocks.ts';
import { makeReport, tinyTown } from '../../../integration/tinyTown.ts';
import { openTestDesk, startMs } from './openTestDesk.ts';

const rules: DeskRules = {
  merging: { basis: 'inferred', source: 'test', usual: { radiusM: 100, withinMin: 5 }, byType: {} },
  triage: [],
};
const units = ['car-1', 'car-2', 'walker-1', 'drone-1', 'rider-1', 'nobody'];
const order: readonly IncidentState[] = ['reported', 'accepted', 'triaged', 'dispatched', 'onTheWay', 'onScene', 'handled', 'closed'];
const at = fc.nat(5);
const fieldSteps = ['acknowledged', 'declined', 'setOut', 'arrived', 'handled'] as const;
const commandTypes = [
  'accept',
  'triage',
  'dispatch',
  'recall',
  'reassign',
  'standDown',
  'chair',
  'merge',
  'split',
  'answer',
  'pauseClock',
  'resumeClock',
  'close',
] as const;

/** What two desks, the channels and the crews may do; numbers name an incident and a unit, whichever there are. */
const action = fc.oneof(
  fc.record({ do: fc.constant('report' as const), spot: fc.nat(2) }),
  fc.record({ do: fc.constant('wait' as const), s: fc.integer({ min: 1, max: 120 }) }),
  fc.record({ do: fc.constant('field' as const), step: fc.constantFrom(...fieldSteps), incident: at, unit: at }),
  fc.record({
    do: fc.constant('command' as const),
    type: fc.constantFrom(...commandTypes),
    desk: fc.constantFrom('left', 'right'),
    incident: at,
    other: at,
    unit: at,
    second: at,
    tier: fc.constantFrom('simple', 'general', 'major'),
    reason: fc.constantFrom(null, 'because'),
    /** How many changes ago the desk saw the incident; null does not say. */
    stale: fc.option(fc.nat(3)),
  }),
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

const clockRules = clockRulesOf(tinyTown);
function checkLegal(
  incidents: readonly Incident[],
  unitOf: (id: string) => { incidentId: string | null; status: string } | undefined,
): void {
  const busy = expectLegal(incidents);
  for (const unitId of units) {
    const unit = unitOf(unitId);
    if (!unit || unitId === 'rider-1') continue;
    expect(unit.incidentId).toBe(busy.get(unitId) ?? null);
    expect(unit.status === 'available').toBe(!busy.has(unitId));
  }
}

test('no sequence of commands from two desks reaches an illegal state or loses a command that was acknowledged', () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 20, maxLength: 120 }), (actions: readonly Action[]) => {
      const { intake, command, clock, journal, faults } = openTestDesk(undefined, startMs, [], rules);
      const incidents = (): Incident[] => [...journal.all('incident.updated')];
      const acknowledged: { seq: number; deskId: string; incidentId: string }[] = [];
      let reported = 0;
      const nth = (n: number): Incident | undefined => incidents()[n];
      for (const one of actions) {
        switch (one.do) {
          case 'report':
            intake.report(makeReport({ lonDeg: makeReport().lonDeg + one.spot * 0.01 }));
            reported += 1;
            break;
          case 'wait':
            clock.advance(one.s * 1000);
            break;
          case 'command': {
            const incident = nth(one.incident);
            if (!incident) break;
            const other = nth(one.other)?.id ?? 'nobody';
            const [unitId, second] = [units[one.unit]!, units[one.second]!];
            const report = incident.reports![one.second % incident.reports!.length]!.id;
            const data = {
              accept: {},
              triage: { tier: one.tier },
              dispatch: { unitIds: [unitId, second] },
              recall: { unitId },
              reassign: { unitId },
              standDown: { unitIds: [unitId] },
              chair: { chairId: one.tier === 'simple' ? null : 'mayor' },
              merge: { otherId: other },
              split: { reportId: report },
              answer: { reportIds: [report] },
              pauseClock: {},
              resumeClock: {},
              close: { outcome: 'handled' },
            }[one.type];
            const answer = command(
              `incident.${one.type}`,
              { incidentId: incident.id, ...data },
              { deskId: one.desk, reason: one.reason, rev: one.stale === null ? null : Math.max(0, incident.rev - one.stale) },
            );
            if (answer.status === 'applied') acknowledged.push({ seq: answer.seq!, deskId: one.desk, incidentId: incident.id });
            else expect(answer.error).not.toBeNull();
            break;
          }
          case 'field': {
            const incident = nth(one.incident);
            if (incident) intake.progress({ unitId: units[one.unit]!, incidentId: incident.id, step: one.step, note: 'from the field' });
          }
        }
        checkLegal(incidents(), (id) => journal.latest('unit.updated', id));
      }
      // Each acknowledged command stands in the log under its number, by the desk that asked.
      const history = [...(journal.since(0) as Iterable<JournalEntry>)];
      for (const { seq, deskId } of acknowledged) {
        const entry = history.find((event) => event.seq === seq)!;
        expect(entry.message.type).toBe('incident.updated');
        expect((entry.message.data as Incident).steps.some(({ by }) => by.deskId === deskId)).toBe(true);
      }
      const ids = new Set(incidents().flatMap(({ reports }) => reports!.map(({ id }) => id)));
      expect(ids.size).toBe(reported);
      const counted = [...journal.all('channel.updated')].reduce((sum, { today }) => sum + today, 0);
      expect(counted).toBe(reported);
      const waiting = incidents().filter(({ state }) => order.indexOf(state) < 3).length;
      expect([...journal.all('channel.updated')].reduce((sum, { pending }) => sum + pending, 0)).toBe(waiting);
      // Every clock equals what the log alone says.
      const nowMs = clock.nowMs();
      const counts = incidents().flatMap((incident) => clocksOf(incident, clockRules, nowMs));
      const again = recomputeClocks(history, tinyTown, [], nowMs);
      expect(counts.sort(byIncidentAndPromise)).toEqual(again.sort(byIncidentAndPromise));
      expect(faults).toEqual([]);
    }),
    { numRuns: 500 },
  );
}, 60_000);
