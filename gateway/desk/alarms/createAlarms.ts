import { isDeepStrictEqual } from 'node:util';
import type { ClockRules } from '../../../protocol/clocks/promiseClocks.ts';
import type { Incident } from '../../../protocol/messages/index.ts';
import type { Town } from '../../../protocol/town/town.ts';
import type { Clock } from '../../clock.ts';
import type { AlarmFile } from '../../scene/alarmFile.ts';
import type { Ledger } from '../ledger.ts';
import { onceItIsOver, unshelve, whileItLasts } from './alarmLife.ts';
import type { AlarmFact } from './alarmLife.ts';
import { conditionsOfChannel, conditionsOfIncident, conditionsOfUnit } from './conditions.ts';
import type { Condition } from './conditions.ts';

export interface AlarmsOptions {
  ledger: Ledger;
  clock: Clock;
  town: Town;
  rules: AlarmFile;
  /** What clocks are counted by now; the mode of the desk may warn earlier. */
  clockRules(): ClockRules;
}

/** Server time at normal speed, between two looks at clocks, units and channels; real time where a scene plays faster. */
const LOOK_PERIOD_MS = 1000;
/** Alarms that are over and acknowledged: so many are kept in sight of a snapshot. */
const MOST_NORMAL = 200;

/** Raises, returns and ends alarms by the rules of the town: the one place where that is decided. */
export function createAlarms({ ledger, clock, town, rules, clockRules }: AlarmsOptions) {
  const sinceMs = ledger.nowMs();
  /** Alarms whose condition lasts, by what they are about. */
  const lasting = new Map<string, Set<string>>();
  const subjectOf = ({ unitId, kind, incidentId, channelId }: Condition): string =>
    kind === 'unitEmergency' ? `unit ${unitId}` : incidentId !== null ? `incident ${incidentId}` : `channel ${channelId}`;
  for (const alarm of ledger.all('alarm.updated')) {
    if (alarm.endedAtMs !== null) continue;
    const subject = subjectOf(alarm);
    lasting.set(subject, (lasting.get(subject) ?? new Set()).add(alarm.id));
  }
  const tell = (next: AlarmFact | null): void => {
    if (next) ledger.record('alarm.updated', next);
  };

  function settle(subject: string, conditions: readonly Condition[]): void {
    const before = lasting.get(subject);
    if (!before && conditions.length === 0) return;
    const now = new Set(conditions.map(({ id }) => id));
    const same = before !== undefined && isDeepStrictEqual(before, now);
    ledger.transact(() => {
      for (const condition of conditions) tell(whileItLasts(ledger.latest('alarm.updated', condition.id), condition, ledger.nowMs()));
      if (same) return;
      for (const id of before ?? []) {
        const alarm = now.has(id) ? undefined : ledger.latest('alarm.updated', id);
        if (alarm) tell(onceItIsOver(alarm, ledger.nowMs()));
      }
    });
    if (now.size > 0) lasting.set(subject, now);
    else lasting.delete(subject);
  }

  const lookAtIncident = (incident: Incident): void =>
    settle(`incident ${incident.id}`, conditionsOfIncident(incident, rules.rules, clockRules(), ledger.nowMs()));
  function look(): void {
    const nowMs = ledger.nowMs();
    for (const incident of ledger.all('incident.updated')) {
      // A closed one was looked at when it was closed.
      if (incident.state !== 'closed') lookAtIncident(incident);
    }
    for (const unit of ledger.all('unit.updated')) settle(`unit ${unit.id}`, conditionsOfUnit(unit, rules.rules));
    const span = { sinceMs, nowMs, utcOffsetMin: town.scene.utcOffsetMin };
    for (const row of town.channels)
      settle(`channel ${row.id}`, conditionsOfChannel(row, ledger.latest('channel.updated', row.id), rules.rules, span));
    const normal: string[] = [];
    for (const alarm of [...ledger.all('alarm.updated')]) {
      if (alarm.state === 'shelved' && alarm.shelved!.untilMs <= nowMs) ledger.transact(() => tell(unshelve(alarm)));
      if (alarm.state === 'normal') normal.push(alarm.id);
    }
    for (const id of normal.slice(0, Math.max(0, normal.length - MOST_NORMAL))) ledger.forget('alarm.updated', id);
  }
  const stop = clock.every(LOOK_PERIOD_MS * Math.max(1, clock.rate / 4), look);

  return { incidentChanged: lookAtIncident, longestShelfMin: rules.longestShelfMin, dispose: stop };
}
