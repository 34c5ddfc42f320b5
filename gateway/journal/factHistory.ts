import type { Alarm, Detection, Incident } from '../../protocol/messages/index.ts';
import type { Fact, Journal } from './journal.ts';

/** Facts of one kind as they stood last, read from the journal: the latest state forgets what was over yesterday. */
export interface FactHistory<F> {
  /**
   * Those that began from `fromMs` to `toMs`, in order, as they stood at `atMs`. What the journal no longer keeps is not in it. The first
   * question of a span reads it whole, in the journal's reading thread; a later one goes on from there.
   */
  begun(fromMs: number, toMs: number, atMs: number): Promise<F[]>;
}
export interface FactHistories {
  /** By their report; without routes. */
  readonly incidents: FactHistory<Incident>;
  readonly detections: FactHistory<Detection>;
  /** Every alarm as it stood when the span began, and every change of one in it, in order. */
  alarms(fromMs: number, toMs: number): Promise<{ before: Alarm[]; changes: { atMs: number; alarm: Alarm }[] }>;
}

interface Kind<T extends 'incident.updated' | 'detection.updated'> {
  type: T;
  beganAtMs(fact: Fact<T>): number;
  /** Without what nobody who counts needs. */
  slim(fact: Fact<T>): Fact<T>;
}
interface Known<F> {
  fromMs: number;
  /** The longest way back that was asked for: what lies further back is let go. */
  spanMs: number;
  seq: number;
  atMs: number;
  byId: Map<string, F>;
}

function createFactHistory<T extends 'incident.updated' | 'detection.updated'>(
  journal: Pick<Journal, 'stateAt' | 'between'>,
  { type, beganAtMs, slim }: Kind<T>,
): FactHistory<Fact<T>> {
  /** What the newest question left behind: the next one asks, mostly, for the same days and a minute more. */
  let known: Known<Fact<T>> | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  const inOrder = (a: Fact<T>, b: Fact<T>): number => beganAtMs(a) - beganAtMs(b) || (a.id < b.id ? -1 : 1);

  const begin = async (fromMs: number): Promise<Known<Fact<T>>> => {
    const state = await journal.stateAt(fromMs);
    const byId = new Map<string, Fact<T>>();
    for (const fact of state.all(type)) if (beganAtMs(fact) >= fromMs) byId.set(fact.id, slim(fact));
    return { fromMs, spanMs: 0, seq: state.seq, atMs: fromMs, byId };
  };
  const read = async (fromMs: number, toMs: number, atMs: number): Promise<Fact<T>[]> => {
    const goesOn = known !== null && known.fromMs <= fromMs && known.atMs <= atMs;
    const book = goesOn ? known! : await begin(fromMs);
    for await (const entry of journal.between(book.seq, atMs)) {
      book.seq = entry.seq;
      if (!('message' in entry) || entry.message.type !== type) continue;
      const fact = entry.message.data as Fact<T>;
      if (beganAtMs(fact) >= book.fromMs) book.byId.set(fact.id, slim(fact));
    }
    book.atMs = Math.max(book.atMs, atMs);
    book.spanMs = Math.max(book.spanMs, atMs - fromMs);
    book.fromMs = Math.max(book.fromMs, atMs - book.spanMs);
    for (const [id, fact] of book.byId) if (beganAtMs(fact) < book.fromMs) book.byId.delete(id);
    // A question about a moment of the past (a replay) does not take the place of what walls ask for every minute.
    if (goesOn || known === null || known.atMs <= atMs) known = book;
    return [...book.byId.values()].filter((fact) => beganAtMs(fact) >= fromMs && beganAtMs(fact) <= toMs).sort(inOrder);
  };

  return {
    begun(fromMs, toMs, atMs) {
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

export const createFactHistories = (journal: Pick<Journal, 'stateAt' | 'between'>): FactHistories => ({
  incidents: createFactHistory(journal, {
    type: 'incident.updated',
    beganAtMs: (incident) => incident.reportedAtMs,
    slim: (incident) => ({ ...incident, assignments: incident.assignments.map((assignment) => ({ ...assignment, route: [] })) }),
  }),
  detections: createFactHistory(journal, {
    type: 'detection.updated',
    beganAtMs: (detection) => detection.detectedAtMs,
    slim: (detection) => detection,
  }),
  async alarms(fromMs, toMs) {
    const state = await journal.stateAt(fromMs);
    const changes: { atMs: number; alarm: Alarm }[] = [];
    for await (const entry of journal.between(state.seq, toMs)) {
      if ('message' in entry && entry.message.type === 'alarm.updated') changes.push({ atMs: entry.atMs, alarm: entry.message.data });
    }
    return { before: [...state.all('alarm.updated')], changes };
  },
});
