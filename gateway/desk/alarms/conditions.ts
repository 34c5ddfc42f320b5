import { promiseClocks } from '../../../protocol/clocks/promiseClocks.ts';
import type { ClockRules } from '../../../protocol/clocks/promiseClocks.ts';
import type { Alarm, AlarmKind, Channel, Incident, IncidentState, Unit } from '../../../protocol/messages/index.ts';
import type { ChannelRow } from '../../../protocol/town/town.ts';
import type { AlarmRule } from '../../scene/alarmFile.ts';

/** What is so at a moment and is an alarm by the rules of the town. */
export type Condition = Pick<Alarm, 'id' | 'kind' | 'priority' | 'incidentId' | 'unitId' | 'channelId' | 'promiseId'>;

const UNSENT: readonly IncidentState[] = ['reported', 'accepted', 'triaged'];
const HOUR_MS = 3_600_000;
const nothing = { incidentId: null, unitId: null, channelId: null, promiseId: null };

function ruleFor(rules: readonly AlarmRule[], kind: AlarmKind, incident: Incident | null, promiseId: string | null): AlarmRule | null {
  const fits = (rule: AlarmRule): boolean =>
    rule.kind === kind &&
    (!rule.severities || (incident !== null && rule.severities.includes(incident.severity))) &&
    (!rule.promiseIds || (promiseId !== null && rule.promiseIds.includes(promiseId)));
  return rules.find(fits) ?? null;
}

/** What another server decides on raises its alarms there. */
export function conditionsOfIncident(incident: Incident, rules: readonly AlarmRule[], clocks: ClockRules, nowMs: number): Condition[] {
  if (incident.state === 'closed' || incident.origin) return [];
  const found: Condition[] = [];
  const raise = (kind: AlarmKind, promiseId: string | null = null): void => {
    const rule = ruleFor(rules, kind, incident, promiseId);
    if (!rule) return;
    const id = `alarm-${kind}-${incident.id}${promiseId === null ? '' : `-${promiseId}`}`;
    found.push({ ...nothing, id, kind, priority: rule.priority, incidentId: incident.id, promiseId });
  };
  if (UNSENT.includes(incident.state)) raise('incidentUnsent');
  if (incident.tier === 'major' && !incident.chair) raise('majorWithoutChair');
  for (const { promise, state, endedAtMs } of promiseClocks(incident, clocks, nowMs)) {
    if (endedAtMs !== null) continue;
    if (state === 'breached') raise('promiseBroken', promise.id);
    if (state === 'warned') raise('promiseAtRisk', promise.id);
  }
  return found;
}

export function conditionsOfUnit(unit: Unit, rules: readonly AlarmRule[]): Condition[] {
  const rule = unit.status === 'emergency' && !unit.origin ? ruleFor(rules, 'unitEmergency', null, null) : null;
  if (!rule) return [];
  return [
    {
      ...nothing,
      id: `alarm-unitEmergency-${unit.id}`,
      kind: 'unitEmergency',
      priority: rule.priority,
      unitId: unit.id,
      incidentId: unit.incidentId,
    },
  ];
}

/** Hours of a span in which the channel is open. @param hours local, from included, to not; all day where left out. */
function openHours(fromMs: number, toMs: number, hours: ChannelRow['hours'], utcOffsetMin: number): number {
  if (!hours) return Math.max(0, toMs - fromMs) / HOUR_MS;
  const isOpen = (h: number): boolean => (hours.from < hours.to ? h >= hours.from && h < hours.to : h >= hours.from || h < hours.to);
  let sum = 0;
  for (let atMs = fromMs; atMs < toMs;) {
    const local = atMs + utcOffsetMin * 60_000;
    const nextMs = atMs + HOUR_MS - (local % HOUR_MS);
    if (isOpen(Math.floor(local / HOUR_MS) % 24)) sum += (Math.min(nextMs, toMs) - atMs) / HOUR_MS;
    atMs = nextMs;
  }
  return sum;
}
const DAYS_BACK_MS = 7 * 24 * HOUR_MS;

/** A channel from which nothing has come for longer than chance explains. @param sinceMs From when on it is listened to. */
export function conditionsOfChannel(
  row: ChannelRow,
  channel: Channel | undefined,
  rules: readonly AlarmRule[],
  span: { sinceMs: number; nowMs: number; utcOffsetMin: number },
): Condition[] {
  const rule = ruleFor(rules, 'channelSilent', null, null);
  if (!rule?.missedReports) return [];
  const fromMs = Math.max(channel?.lastReportAtMs ?? span.sinceMs, span.nowMs - DAYS_BACK_MS);
  const dayH = row.hours ? (row.hours.to - row.hours.from + 24) % 24 || 24 : 24;
  const expected = (row.expectedPerDay / dayH) * openHours(fromMs, span.nowMs, row.hours, span.utcOffsetMin);
  if (expected < rule.missedReports) return [];
  return [{ ...nothing, id: `alarm-channelSilent-${row.id}`, kind: 'channelSilent', priority: rule.priority, channelId: row.id }];
}
