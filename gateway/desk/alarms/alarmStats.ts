import type { Alarm } from '../../../protocol/messages/index.ts';
import type { QueryItem } from '../../../protocol/queries/index.ts';

const HOUR_MS = 3_600_000;
/** EEMUA 191: ten new alarms in ten minutes are more than one operator can act on. */
const FLOOD = { count: 10, withinMs: 600_000 } as const;

export interface AlarmChange {
  atMs: number;
  alarm: Alarm;
}
type Item = QueryItem['alarmStats'];

const median = (values: number[]): number | null => {
  if (values.length === 0) return null;
  values.sort((a, b) => a - b);
  return values[Math.ceil(values.length / 2) - 1]!;
};

/**
 * Alarms of a span, by hour and by operator. A flood begins with the alarm that makes ten in ten minutes, and is over when fewer are.
 * @param before Every alarm as it stood when the span began. @param changes In order. Hours without any are left out.
 */
export function alarmStats(before: Iterable<Alarm>, changes: Iterable<AlarmChange>): Item[] {
  const latest = new Map<string, Alarm>();
  for (const alarm of before) latest.set(alarm.id, alarm);
  const hours = new Map<number, Item & { took: number[] }>();
  const desks = new Map<string, Item & { took: number[] }>();
  const blank = () => ({ raised: [0, 0, 0, 0], acknowledged: 0, medianAckS: null, shelved: 0, floods: 0, took: [] as number[] });
  const hourOf = (atMs: number) => {
    const hourMs = Math.floor(atMs / HOUR_MS) * HOUR_MS;
    const known = hours.get(hourMs);
    if (known) return known;
    const hour = { hourMs, deskId: null, name: null, ...blank() };
    hours.set(hourMs, hour);
    return hour;
  };
  const deskOf = ({ deskId, name }: { deskId: string; name: Item['name'] }) => {
    const known = desks.get(deskId);
    if (known) return known;
    const desk = { hourMs: null, deskId, name, ...blank() };
    desks.set(deskId, desk);
    return desk;
  };
  let recent: number[] = [];
  let flooding = false;

  for (const { atMs, alarm } of changes) {
    const was = latest.get(alarm.id);
    latest.set(alarm.id, alarm);
    if (alarm.raises > (was?.raises ?? 0)) {
      const hour = hourOf(alarm.raisedAtMs);
      hour.raised[alarm.priority - 1]! += 1;
      recent = [...recent.filter((one) => one > alarm.raisedAtMs - FLOOD.withinMs), alarm.raisedAtMs];
      const isFlood = recent.length >= FLOOD.count;
      if (isFlood && !flooding) hour.floods += 1;
      flooding = isFlood;
    }
    if (alarm.acknowledged && !was?.acknowledged) {
      const tookS = Math.max(0, alarm.acknowledged.atMs - alarm.raisedAtMs) / 1000;
      for (const row of [hourOf(atMs), deskOf(alarm.acknowledged.by)]) {
        row.acknowledged += 1;
        row.took.push(tookS);
      }
    }
    if (alarm.shelved && alarm.shelved.fromMs !== was?.shelved?.fromMs) {
      hourOf(atMs).shelved += 1;
      deskOf(alarm.shelved.by).shelved += 1;
    }
  }
  const finish = ({ took, ...item }: Item & { took: number[] }): Item => ({ ...item, medianAckS: median(took) });
  return [
    ...[...hours.values()].sort((a, b) => a.hourMs! - b.hourMs!).map(finish),
    ...[...desks.values()].sort((a, b) => b.acknowledged - a.acknowledged).map(finish),
  ];
}
