import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Incident } from '../../../../protocol/messages/index.ts';
import { makeReport } from '../../../integration/tinyTown.ts';
import { openTestDesk, startMs } from './openTestDesk.ts';

type Desk = ReturnType<typeof openTestDesk>;
const HOUR_MS = 3_600_000;
const offsetMs = 8 * HOUR_MS;
const localDate = (atMs: number): string => new Date(atMs + offsetMs).toISOString().slice(0, 10);
const localHour = (atMs: number): number => new Date(atMs + offsetMs).getUTCHours();

/** Counts everything anew from the incidents and detections themselves, knowing nothing of how the desk counts. */
function recount(channelId: string, incidents: Iterable<Incident>, { journal, clock }: Desk) {
  const ofChannel = [...incidents].filter((incident) => incident.channelId === channelId);
  const alerts = [...journal.all('detection.updated')].filter((d) => d.channelId === channelId && d.outcome !== 'incident');
  const times = [...ofChannel.map((incident) => incident.reportedAtMs), ...alerts.map((alert) => alert.detectedAtMs)];
  const todays = times.filter((atMs) => localDate(atMs) === localDate(clock.nowMs()));
  return {
    today: todays.length,
    pending: ofChannel.filter(({ state }) => state === 'reported' || state === 'accepted' || state === 'triaged').length,
    byHour: Array.from({ length: 24 }, (_, hour) => todays.filter((atMs) => localHour(atMs) === hour).length),
  };
}

const channel = fc.constantFrom('public', 'ai');
const nth = fc.nat({ max: 30 });
const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('report' as const), channel }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('alert' as const),
      channel,
      outcome: fc.constantFrom('open', 'selfRectified', 'dismissed', 'incident'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('alertBecomesIncident' as const), nth }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('accept', 'dispatch', 'recall', 'close'), nth }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.double({ min: 0, max: 9, noNaN: true }) }) },
);

test('the counts of every channel equal an independent recount after any run of operations, over midnights', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const desk = openTestDesk();
      const { intake, journal, clock, command } = desk;
      const every = new Map<string, Incident>();
      intake.onIncident((incident) => every.set(incident.id, incident));
      let alerts = 0;
      const place = { zh: '处', en: 'place' };
      const alert = (
        id: string,
        channelId: string,
        outcome: 'open' | 'selfRectified' | 'dismissed' | 'incident',
        detectedAtMs: number,
      ): void =>
        intake.detection({
          id,
          cameraId: null,
          channelId,
          typeId: 'dog',
          place,
          lonDeg: 120.49,
          latDeg: 30.74,
          confidence: 0.9,
          detectedAtMs,
          outcome,
          incidentId: null,
          simulated: true,
        });
      for (const step of operations) {
        const ids = [...every.keys()];
        const incidentId = 'nth' in step ? (ids[step.nth % Math.max(1, ids.length)] ?? 'none') : '';
        if (step.do === 'report') intake.report(makeReport({ channelId: step.channel }));
        else if (step.do === 'alert') alert(`a${(alerts += 1)}`, step.channel, step.outcome, clock.nowMs());
        else if (step.do === 'alertBecomesIncident') {
          const [first] = [...journal.all('detection.updated')].filter(({ outcome }) => outcome === 'open');
          if (first) {
            intake.report(makeReport({ channelId: first.channelId }));
            alert(first.id, first.channelId, 'incident', first.detectedAtMs);
          }
        } else if (step.do === 'wait') clock.advance(step.hours * HOUR_MS);
        else if (step.do === 'accept') command('incident.accept', { incidentId });
        else if (step.do === 'dispatch') command('incident.dispatch', { incidentId, unitIds: ['car-1'] });
        else if (step.do === 'recall') command('incident.recall', { incidentId, unitId: 'car-1' });
        else command('incident.close', { incidentId, outcome: 'noAction' }, { reason: 'because' });
      }
      for (const id of ['public', 'ai'])
        expect(journal.latest('channel.updated', id) ?? { today: 0 }).toMatchObject(recount(id, every.values(), desk));
    }),
    { numRuns: 150, seed: 13 },
  );
});

test('restored incidents and alerts are counted by their own hour', () => {
  const { intake, journal, incident } = openTestDesk();
  const model = incident(intake.report(makeReport()));
  const past = [3, 3, 25].map((hoursAgo, i) => ({
    ...model,
    id: `past-${i}`,
    number: `20260513-01${i}0`,
    state: 'closed' as const,
    reportedAtMs: startMs - hoursAgo * HOUR_MS,
  }));
  intake.restore({ incidents: past, detections: [] });
  const count = journal.latest('channel.updated', 'public')!;
  expect(count).toMatchObject({ today: 3, pending: 1, lastReportAtMs: startMs });
  expect([count.byHour[16], count.byHour[19]]).toEqual([2, 1]);
});

test('midnight empties the day of every channel without any report, and keeps what is pending', () => {
  const { intake, journal, clock } = openTestDesk();
  intake.report(makeReport());
  clock.advance(4 * HOUR_MS + 40 * 60_000 - 1);
  expect(journal.latest('channel.updated', 'public')).toMatchObject({ today: 1 });
  clock.advance(10);
  expect(journal.latest('channel.updated', 'public')).toMatchObject({ today: 0, pending: 1, byHour: new Array(24).fill(0) });
});

test('a desk that finds a journal goes on counting where the last one stopped, on the next day from zero', () => {
  const first = openTestDesk();
  const ids = [1, 2, 3].map(() => first.intake.report(makeReport()));
  first.command('incident.close', { incidentId: ids[0], outcome: 'noAction' }, { reason: 'because' });
  const before = first.journal.latest('channel.updated', 'public')!;
  first.desk.dispose();

  const second = openTestDesk(first.journal, startMs + HOUR_MS);
  expect(second.journal.latest('channel.updated', 'public')).toEqual(before);
  expect(second.command('incident.dispatch', { incidentId: ids[1], unitIds: ['car-1'] })).toMatchObject({ status: 'applied' });
  second.intake.report(makeReport());
  expect(second.journal.latest('channel.updated', 'public')).toMatchObject({ today: 4, pending: 2 });
  second.desk.dispose();

  const third = openTestDesk(first.journal, startMs + 24 * HOUR_MS);
  expect(third.journal.latest('channel.updated', 'public')).toMatchObject({ today: 0, pending: 2, byHour: new Array(24).fill(0) });
});
