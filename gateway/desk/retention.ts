import type { Ledger } from './ledger.ts';
import type { LocalDay } from './localDay.ts';

export interface RetentionBounds {
  closedIncidents: number;
  detections: number;
  endedCalls: number;
  deletedBookmarks: number;
}
const defaultBounds: RetentionBounds = { closedIncidents: 5000, detections: 1000, endedCalls: 500, deletedBookmarks: 500 };

const dropOldest = (ids: readonly string[], keep: number, forget: (id: string) => void): void => {
  for (const id of ids.slice(0, Math.max(0, ids.length - keep))) forget(id);
};

/**
 * Keeps snapshots bounded: everything open stays; closed incidents stay until the local day after their closing, and all
 * kinds have a hard bound. Their events stay in the journal as long as any other.
 */
export function pruneLatest(ledger: Ledger, localDay: LocalDay, onForget: (incidentId: string) => void, bounds = defaultBounds): void {
  const todayMs = localDay.startOf(localDay.dayOf(ledger.nowMs()));
  const forgetIncident = (id: string): void => {
    ledger.forget('incident.updated', id);
    onForget(id);
  };
  const closed: string[] = [];
  for (const incident of [...ledger.all('incident.updated')]) {
    if (incident.state !== 'closed') continue;
    const closedAtMs = incident.steps.at(-1)?.atMs ?? incident.reportedAtMs;
    if (closedAtMs < todayMs) forgetIncident(incident.id);
    else closed.push(incident.id);
  }
  dropOldest(closed, bounds.closedIncidents, forgetIncident);

  // Those that still wait go last: one that is forgotten and then settles would be counted as a new arrival.
  const detections = [...ledger.all('detection.updated')].sort((a, b) => Number(a.outcome === 'open') - Number(b.outcome === 'open'));
  const detectionIds = detections.map((detection) => detection.id);
  dropOldest(detectionIds, bounds.detections, (id) => ledger.forget('detection.updated', id));

  const over = [...ledger.all('call.updated')].filter((call) => call.endedAtMs !== null).map((call) => call.id);
  dropOldest(over, bounds.endedCalls, (id) => ledger.forget('call.updated', id));

  const deleted = [...ledger.all('bookmark.updated')].filter((bookmark) => bookmark.state === 'deleted').map((bookmark) => bookmark.id);
  dropOldest(deleted, bounds.deletedBookmarks, (id) => ledger.forget('bookmark.updated', id));
}
