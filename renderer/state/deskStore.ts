import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { CommandData, CommandType } from '../../protocol/commands/index.ts';
import type { Call, DeskMode, Incident, Weather } from '../../protocol/messages/index.ts';
import type { CommandOptions, CommandResult, FeedClient, QueryResult } from '../feed/feedTypes.ts';
import type { QueryData, QueryKind } from '../../protocol/queries/index.ts';
import { decide } from './decide.ts';
import { useIncidentStore } from './incidentStore.ts';

export type Selection = { kind: 'incident' | 'unit'; id: string } | null;

/** Something the operator must know about: shown as a toast. Codes are translated by the catalogue. */
export interface Notice {
  id: number;
  kind: 'command' | 'feed' | 'call' | 'replay' | 'gateway';
  /** A command's status or error code, a feed reason, or a call's fault. */
  code: string;
  /** The command type, or null. */
  command: CommandType | null;
  /** What the server said; not translated. */
  message: string | null;
  /** Server time. */
  atMs: number;
}

/** Notices kept; the oldest goes first. */
const MOST_NOTICES = 20;
/** Fixes asked for at most when a track is drawn: a day at one in five seconds is 17,280. */
const MOST_TRACK_FIXES = 20_000;

export type DeskPort = Pick<FeedClient, 'send' | 'query' | 'nowMs'>;

/** The desk: what is selected, what it asks for, and what came of it. */
export const useDeskStore = defineStore('desk', () => {
  const modeFact = shallowRef<DeskMode | null>(null);
  const weather = shallowRef<Weather | null>(null);
  const selection = shallowRef<Selection>(null);
  const notices = shallowRef<readonly Notice[]>([]);
  const incidents = useIncidentStore();
  let port: DeskPort | null = null;
  let noticeId = 0;

  function notify(kind: Notice['kind'], code: string, command: CommandType | null = null, message: string | null = null): void {
    noticeId += 1;
    const notice: Notice = { id: noticeId, kind, code, command, message, atMs: port?.nowMs() ?? Date.now() };
    notices.value = [...notices.value, notice].slice(-MOST_NOTICES);
  }

  async function transmit<T extends CommandType>(type: T, data: CommandData[T], options?: CommandOptions): Promise<CommandResult> {
    if (port !== null) return port.send(type, data, options);
    return { status: 'closed', seq: null, error: { code: 'closed', message: 'no feed', path: null } };
  }
  function tell(type: CommandType, result: CommandResult): CommandResult {
    if (result.status !== 'applied' && result.status !== 'duplicate')
      notify('command', result.error?.code ?? result.status, type, result.error?.message ?? null);
    return result;
  }
  const send = async <T extends CommandType>(type: T, data: CommandData[T], options?: CommandOptions): Promise<CommandResult> =>
    tell(type, await transmit(type, data, options));
  const sendDecision = async <T extends CommandType>(
    type: T,
    data: CommandData[T] & { incidentId: string },
    reason: string | null = null,
  ): Promise<CommandResult> =>
    tell(
      type,
      await decide(
        () => incidents.byId.get(data.incidentId),
        (rev) => transmit(type, data, { rev, reason }),
      ),
    );
  async function query<K extends QueryKind>(kind: K, data: QueryData[K]): Promise<QueryResult<K>> {
    if (port !== null) return port.query(kind, data);
    return { ok: false, code: 'closed', message: 'no feed' };
  }

  return {
    mode: computed(() => modeFact.value),
    weather,
    selection,
    selectedIncident: computed<Incident | null>(() =>
      selection.value?.kind === 'incident' ? (incidents.byId.get(selection.value.id) ?? null) : null,
    ),
    notices,
    select: (next: Selection): void => void (selection.value = next),
    notify,
    dismiss: (id: number): void => void (notices.value = notices.value.filter((notice) => notice.id !== id)),
    dismissAll: (): void => void (notices.value = []),
    connect: (next: DeskPort | null): void => void (port = next),
    setModeFact: (next: DeskMode | null): void => void (modeFact.value = next),
    accept: (incidentId: string) => send('incident.accept', { incidentId }),
    decide: sendDecision,
    dispatch: (incidentId: string, unitIds: string[]) => sendDecision('incident.dispatch', { incidentId, unitIds }),
    recall: (incidentId: string, unitId: string, reason: string | null = null) =>
      sendDecision('incident.recall', { incidentId, unitId }, reason),
    /** Before the incident is handled a reason is required. */
    close: (incidentId: string, outcome: CommandData['incident.close']['outcome'], reason: string | null = null) =>
      sendDecision('incident.close', { incidentId, outcome }, reason),
    pauseClock: (incidentId: string, reason: string) => sendDecision('incident.pauseClock', { incidentId }, reason),
    resumeClock: (incidentId: string) => sendDecision('incident.resumeClock', { incidentId }),
    acknowledgeAlarms: (alarmIds: string[]) => send('alarm.acknowledge', { alarmIds }),
    shelveAlarm: (alarmId: string, minutes: number, reason: string) => send('alarm.shelve', { alarmId, minutes }, { reason }),
    unshelveAlarm: (alarmId: string) => send('alarm.unshelve', { alarmId }),
    setMode: (mode: DeskMode['mode'], reason: string) => send('mode.set', { mode }, { reason }),
    /** Moves a free unit up to a post; null sends it back to its own. */
    standBy: (unitId: string, postId: string | null) => send('unit.standby', { unitId, postId }),
    addBookmark: (data: CommandData['bookmark.add']) => send('bookmark.add', data),
    editBookmark: (data: CommandData['bookmark.edit']) => send('bookmark.edit', data),
    reportCall: (data: CommandData['call.report']) => send('call.report', data),
    /** Nobody at the desk asked for it, so a refusal is not told: what still is open is looked at again. */
    endLostCall: ({ id, unitId, incidentId, media }: Call) =>
      transmit('call.report', { callId: id, unitId, incidentId, media, state: 'ended' }),
    /** The units that can be there first, by road, best first. */
    nearest: (incidentId: string, limit = 3) => query('nearest', { incidentId, limit }),
    /** Incidents reported in a span, those that the wall no longer holds too. */
    incidentsReported: (fromMs: number, toMs: number) => query('incidents', { fromMs, toMs }),
    detectionsRaised: (fromMs: number, toMs: number) => query('detections', { fromMs, toMs }),
    alarmStats: (fromMs: number, toMs: number) => query('alarmStats', { fromMs, toMs }),
    /** How the gateway is. */
    vitals: () => query('vitals', {}),
    track: (unitId: string, fromMs: number, toMs: number) => query('track', { unitId, fromMs, toMs, limit: MOST_TRACK_FIXES }),
  };
});
