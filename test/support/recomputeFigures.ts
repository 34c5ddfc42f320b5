import type { JournalEntry } from '../../gateway/journal/journal.ts';
import type { Detection, Incident } from '../../protocol/messages/index.ts';

/** The figures of a day, counted a second time from the events alone: numbers where the product has lists. */
export interface RecomputedFigures {
  /** By channel and local hour. */
  arrivals: Record<string, number[]>;
  incidents: number;
  open: number;
  /** By channel: nobody was sent yet. */
  pending: Record<string, number>;
  byTier: Record<string, number>;
  byAgency: Record<string, number>;
  selfRectified: number;
}

const tally = (keys: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
};

/**
 * Shares no code with the product: a report is known by its own name wherever it went, an alert by what came of it in the end, and hours are
 * those of the time zone's own rules. @param date local date as 2026-10-03.
 */
export function recomputeFigures(events: Iterable<JournalEntry>, timeZone: string, date: string): RecomputedFigures {
  const local = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' });
  const onTheDay = (atMs: number): boolean => local.format(atMs).startsWith(date);
  const hourOf = (atMs: number): number => Number(/ (\d\d):/.exec(local.format(atMs))![1]);
  const reports = new Map<string, { channelId: string; atMs: number }>();
  const incidents = new Map<string, Incident>();
  const alerts = new Map<string, Detection>();
  for (const { message } of events) {
    if (message.type === 'incident.updated') {
      incidents.set(message.data.id, message.data);
      for (const { id, channelId, atMs } of message.data.reports ?? []) reports.set(id, { channelId, atMs });
    }
    if (message.type === 'detection.updated') alerts.set(message.data.id, message.data);
  }
  const arrivals: Record<string, number[]> = {};
  const arrive = (channelId: string, atMs: number): void => {
    if (!onTheDay(atMs)) return;
    arrivals[channelId] ??= new Array<number>(24).fill(0);
    arrivals[channelId][hourOf(atMs)]! += 1;
  };
  for (const { channelId, atMs } of reports.values()) arrive(channelId, atMs);
  const ofTheDay = [...alerts.values()].filter(({ detectedAtMs }) => onTheDay(detectedAtMs));
  for (const { channelId, detectedAtMs, outcome } of ofTheDay) if (outcome !== 'incident') arrive(channelId, detectedAtMs);
  const own = [...incidents.values()].filter(({ outcome, reportedAtMs }) => outcome !== 'merged' && onTheDay(reportedAtMs));
  return {
    arrivals,
    incidents: own.length,
    open: own.filter(({ outcome }) => outcome === null).length,
    pending: tally(own.filter(({ state }) => ['reported', 'accepted', 'triaged'].includes(state)).map(({ channelId }) => channelId)),
    byTier: tally(own.map(({ tier }) => tier)),
    byAgency: tally(own.map(({ leadAgencyId }) => leadAgencyId)),
    selfRectified: ofTheDay.filter(({ outcome }) => outcome === 'selfRectified').length,
  };
}
