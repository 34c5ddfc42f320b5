import { expect, test } from 'vitest';
import { clockRulesOf } from '../../../../../protocol/clocks/promiseClocks.ts';
import { midnightBefore, townFigures } from '../../../../../protocol/figures/townFigures.ts';
import { createFactHistories } from '../../../../../gateway/journal/factHistory.ts';
import type { JournalEntry } from '../../../../../gateway/journal/journal.ts';
import { expectLegal } from '../../../../support/legalIncidents.ts';
import { byIncidentAndPromise, clocksOf, recomputeClocks } from '../../../../support/recomputeClocks.ts';
import { recomputeFigures } from '../../../../support/recomputeFigures.ts';
import { golden, playScene, wuzhen } from './playScene.ts';

const DAY_MS = 86_400_000;
const { town } = wuzhen;
const sum = (numbers: Iterable<number>): number => [...numbers].reduce((all, n) => all + n, 0);
const lengths = <K>(lists: ReadonlyMap<K, readonly unknown[]>): Record<string, number> =>
  Object.fromEntries([...lists].filter(([, list]) => list.length > 0).map(([key, list]) => [String(key), list.length]));

test('a golden-week day of 719 leads, 55 in the peak hour, played at 60 times: every state legal, every clock and figure as the journal has it', async () => {
  const midnightMs = midnightBefore(golden.startAtMs, town.scene.utcOffsetMin);
  const { journal, incidents, advance, faults, clock } = playScene({
    rate: 60,
    tickMs: 1000,
    retention: 200_000,
    change: () => ({ ...golden, startAtMs: midnightMs }),
  });
  const rules = clockRulesOf(town);
  const histories = createFactHistories(journal);
  const log = (): JournalEntry[] => [...(journal.since(0) as Iterable<JournalEntry>)];
  const checkMoment = async (): Promise<void> => {
    const nowMs = clock.nowMs();
    expectLegal(incidents());
    // What was closed yesterday is in the record only.
    const all = await histories.incidents.begun(midnightMs, nowMs, nowMs);
    const told = all.flatMap((incident) => clocksOf(incident, rules, nowMs));
    const again = recomputeClocks(log(), town, town.calendar ?? [], nowMs);
    expect(told.sort(byIncidentAndPromise)).toEqual(again.sort(byIncidentAndPromise));

    const dayEndMs = midnightMs + DAY_MS - 1;
    const figures = townFigures({
      town,
      rules,
      incidents: await histories.incidents.begun(midnightMs, dayEndMs, nowMs),
      detections: await histories.detections.begun(midnightMs, dayEndMs, nowMs),
      dayMs: midnightMs,
      nowMs,
    });
    const counted = recomputeFigures(log(), town.scene.timeZone, '2026-10-03');
    for (const channel of journal.all('channel.updated')) {
      const byHour = figures.arrivals.get(channel.id)!.map((list) => list.length);
      expect([channel.id, byHour]).toEqual([channel.id, counted.arrivals[channel.id] ?? new Array<number>(24).fill(0)]);
      // After midnight the tiles count the next day.
      if (nowMs <= dayEndMs) expect([channel.id, channel.byHour, channel.today]).toEqual([channel.id, byHour, sum(byHour)]);
      if (nowMs <= dayEndMs) expect([channel.id, channel.pending]).toEqual([channel.id, counted.pending[channel.id] ?? 0]);
    }
    expect(lengths(figures.byTier)).toEqual(counted.byTier);
    expect(lengths(figures.byAgency)).toEqual(counted.byAgency);
    expect(sum(Object.values(lengths(figures.byVillage)))).toBe(counted.incidents);
    expect([figures.incidents.length, figures.open.length, figures.pending.length, figures.selfRectified.length]).toEqual([
      counted.incidents,
      counted.open,
      sum(Object.values(counted.pending)),
      counted.selfRectified,
    ]);
    const ofTheDay = new Set(all.filter(({ reportedAtMs }) => reportedAtMs <= dayEndMs).map(({ id }) => id));
    for (const { id, total, met, medianS, p90S } of figures.promises) {
      const clocks = again.filter(({ promiseId, incidentId }) => promiseId === id && ofTheDay.has(incidentId));
      const took = clocks
        .filter(({ endedAtMs }) => endedAtMs !== null)
        .map((one) => (one.endedAtMs! - one.startedAtMs - one.pausedMs) / 1000);
      took.sort((a, b) => a - b);
      const rank = (share: number): number | null => took[Math.ceil(took.length * share) - 1] ?? null;
      expect([id, met, total, medianS, p90S]).toEqual([
        id,
        clocks.filter(({ verdict }) => verdict === 'kept').length,
        clocks.filter(({ verdict }) => ['kept', 'broken', 'late'].includes(verdict)).length,
        rank(0.5),
        rank(0.9),
      ]);
    }
  };

  for (let hour = 0; hour < 24; hour += 4) {
    advance(4 * 3600 - (hour === 20 ? 1 : 0));
    await checkMoment();
  }
  const byHour = Array.from({ length: 24 }, (_, h) => sum([...journal.all('channel.updated')].map((channel) => channel.byHour[h]!)));
  expect([sum(byHour), Math.max(...byHour), byHour.indexOf(55)]).toEqual([719, 55, 16]);
  advance(3 * 3600);
  await checkMoment();
  expect(incidents().filter(({ state }) => state !== 'closed')).toEqual([]);
  expect(faults).toEqual([]);
}, 60_000);
