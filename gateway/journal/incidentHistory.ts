import type { Incident } from '../../protocol/messages/index.ts';
import type { Journal } from './journal.ts';

/** Incidents of the past as they stood last, read from the journal: the latest state forgets what was closed yesterday. */
export interface IncidentHistory {
  /**
   * Incidents reported from `fromMs` to `toMs`, in order of report, as they stood at `atMs`; without routes. What the journal no longer
   * keeps is not in it. The first question of a span reads it whole, in the journal's reading thread; a later one goes on from there.
   */
  reported(fromMs: number, toMs: number, atMs: number): Promise<Incident[]>;
}

interface Known {
  fromMs: number;
  /** The longest way back that was asked for: what lies further back is let go. */
  spanMs: number;
  seq: number;
  atMs: number;
  byId: Map<string, Incident>;
}

const withoutRoutes = (incident: Incident): Incident => ({
  ...incident,
  assignments: incident.assignments.map((assignment) => ({ ...assignment, route: [] })),
});
const inOrder = (a: Incident, b: Incident): number => a.reportedAtMs - b.reportedAtMs || (a.id < b.id ? -1 : 1);

export function createIncidentHistory(journal: Pick<Journal, 'stateAt' | 'between'>): IncidentHistory {
  /** What the newest question left behind: the next one asks, mostly, for the same days and a minute more. */
  let known: Known | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  const begin = async (fromMs: number): Promise<Known> => {
    const state = await journal.stateAt(fromMs);
    const byId = new Map<string, Incident>();
    for (const incident of state.all('incident.updated')) {
      if (incident.reportedAtMs >= fromMs) byId.set(incident.id, withoutRoutes(incident));
    }
    return { fromMs, spanMs: 0, seq: state.seq, atMs: fromMs, byId };
  };
  const read = async (fromMs: number, toMs: number, atMs: number): Promise<Incident[]> => {
    const goesOn = known !== null && known.fromMs <= fromMs && known.atMs <= atMs;
    const book = goesOn ? known! : await begin(fromMs);
    for await (const entry of journal.between(book.seq, atMs)) {
      book.seq = entry.seq;
      if (!('message' in entry) || entry.message.type !== 'incident.updated') continue;
      const incident = entry.message.data;
      if (incident.reportedAtMs >= book.fromMs) book.byId.set(incident.id, withoutRoutes(incident));
    }
    book.atMs = Math.max(book.atMs, atMs);
    book.spanMs = Math.max(book.spanMs, atMs - fromMs);
    book.fromMs = Math.max(book.fromMs, atMs - book.spanMs);
    for (const [id, { reportedAtMs }] of book.byId) if (reportedAtMs < book.fromMs) book.byId.delete(id);
    // A question about a moment of the past (a replay) does not take the place of what walls ask for every minute.
    if (goesOn || known === null || known.atMs <= atMs) known = book;
    return [...book.byId.values()].filter(({ reportedAtMs }) => reportedAtMs >= fromMs && reportedAtMs <= toMs).sort(inOrder);
  };

  return {
    reported(fromMs, toMs, atMs) {
      const answer = turn.then(() => read(fromMs, toMs, atMs));
      // The next question does not fail because this one did; whoever asked is told.
      turn = answer.then(
        () => undefined,
        () => undefined,
      );
      return answer;
    },
  };
}
