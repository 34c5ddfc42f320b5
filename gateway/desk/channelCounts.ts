import type { Channel, Detection, Incident, IncidentState } from '../../protocol/messages/index.ts';
import type { Clock } from '../clock.ts';
import type { Ledger } from './ledger.ts';
import type { LocalDay } from './localDay.ts';

const pendingStates: ReadonlySet<IncidentState> = new Set<IncidentState>(['reported', 'accepted', 'triaged']);
const isPending = (state: IncidentState): boolean => pendingStates.has(state);

/** A detection that became an incident is counted as that incident, so that nothing is counted twice. */
const countsAsArrival = (detection: Detection): boolean => detection.outcome !== 'incident';

/**
 * The count of each intake channel. Arrivals of today are reports, also those of one matter, plus detections that did not become one (most
 * alerts of AI cameras settle themselves); pending are all open incidents to which nobody was sent, whatever their day.
 */
export function createChannelCounts(channelIds: readonly string[], ledger: Ledger, clock: Clock, localDay: LocalDay) {
  const counts = new Map<string, Omit<Channel, 'rev'>>();
  const dirty = new Set<string>();
  let today = localDay.dayOf(clock.nowMs());
  let cancelMidnight = (): void => {};

  // A journal that survived a restart knows what arrived, and, as long as that was today, how much.
  for (const id of channelIds) {
    const told = ledger.latest('channel.updated', id);
    const lastReportAtMs = told?.lastReportAtMs ?? null;
    const ofToday = told && lastReportAtMs !== null && localDay.dayOf(lastReportAtMs) === today ? told : null;
    counts.set(id, {
      id,
      today: ofToday?.today ?? 0,
      pending: 0,
      byHour: ofToday?.byHour ?? new Array<number>(24).fill(0),
      lastReportAtMs,
    });
    dirty.add(id);
  }

  const arrive = (channelId: string, atMs: number, by: 1 | -1): void => {
    const count = counts.get(channelId);
    if (!count) return;
    dirty.add(channelId);
    if (by === 1) count.lastReportAtMs = Math.max(count.lastReportAtMs ?? 0, atMs);
    if (localDay.dayOf(atMs) !== today) return;
    count.today += by;
    const hour = localDay.hourOf(atMs);
    // A new array: the old one is part of facts that were already told.
    count.byHour = count.byHour.with(hour, count.byHour[hour]! + by);
  };
  const addPending = (channelId: string, by: 1 | -1): void => {
    const count = counts.get(channelId);
    if (!count) return;
    count.pending += by;
    dirty.add(channelId);
  };
  // What is mirrored is counted where it is decided.
  for (const { channelId, state, origin } of ledger.all('incident.updated')) if (!origin && isPending(state)) addPending(channelId, 1);

  const rollOver = (): void => {
    const day = localDay.dayOf(clock.nowMs());
    if (day === today) return;
    today = day;
    for (const [id, count] of counts) {
      count.today = 0;
      count.byHour = new Array<number>(24).fill(0);
      dirty.add(id);
    }
  };
  const waitForMidnight = (): void => {
    cancelMidnight = clock.after(localDay.startOf(today + 1) - clock.nowMs() + 1, () => {
      ledger.transact(rollOver);
      waitForMidnight();
    });
  };
  waitForMidnight();

  ledger.onSettle(() => {
    for (const id of dirty) ledger.recordChange('channel.updated', { ...counts.get(id)! });
    dirty.clear();
  });

  return {
    /** Opens the day on the first event after midnight, should the timer be late. */
    rollOver,
    has: (channelId: string): boolean => counts.has(channelId),
    incidentChanged(previous: Incident | undefined, next: Omit<Incident, 'rev'>): void {
      if (!previous) arrive(next.channelId, next.reportedAtMs, 1);
      const was = previous ? isPending(previous.state) : false;
      const is = isPending(next.state);
      if (was !== is) addPending(next.channelId, is ? 1 : -1);
    },
    detectionChanged(previous: Detection | undefined, next: Omit<Detection, 'rev'>): void {
      const was = previous ? countsAsArrival(previous) : false;
      const is = countsAsArrival({ ...next, rev: 0 });
      if (was !== is) arrive(next.channelId, next.detectedAtMs, is ? 1 : -1);
    },
    /** One more report of an open incident: it arrived as any other. */
    reportMerged: (channelId: string, atMs: number): void => arrive(channelId, atMs, 1),
    /** Before a report opens an incident of its own, which counts as an arrival. */
    reportMovedOut: (channelId: string, atMs: number): void => arrive(channelId, atMs, -1),
    dispose: (): void => cancelMidnight(),
  };
}
export type ChannelCounts = ReturnType<typeof createChannelCounts>;
