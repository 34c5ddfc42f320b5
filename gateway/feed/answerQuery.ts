import { MAX_ANSWER_FIXES } from '../../protocol/queries/tracks.ts';
import { queries } from '../../protocol/queries/index.ts';
import type { QueryData, QueryItem, QueryKind } from '../../protocol/queries/index.ts';
import type { QueryFrame } from '../../protocol/frames/client.ts';
import type { Candidate } from '../desk/candidates.ts';
import { alarmStats } from '../desk/alarms/alarmStats.ts';
import { firstIssue } from '../desk/firstIssue.ts';
import type { Reach } from '../reach/createReach.ts';
import type { FreeUnit } from '../reach/reachTown.ts';
import type { ReachKind, ReachQuestions } from '../reach/threadMessages.ts';
import type { FactHistories, FactHistory } from '../journal/factHistory.ts';
import type { TrackStore } from '../tracks/trackStore.ts';
import type { VitalsRegistry } from '../vitals/createVitals.ts';
import { LIMITS } from './feedSettings.ts';
import type { FrameFault } from './parseClientFrame.ts';

export interface QueryContext {
  nearest(incidentId: string, limit: number): Candidate[] | null;
  /** Who could be sent this moment. */
  freeUnits(): FreeUnit[];
  /** Null where the town promises no arrival. */
  reach: Reach | null;
  hasUnit(unitId: string): boolean;
  /** Server time, of now or of a replay: nothing later is told. */
  nowMs(): number;
  tracks: TrackStore;
  histories: FactHistories;
  /** Puts down in the access log who asked for what. */
  log(action: string, detail: Readonly<Record<string, unknown>>): void;
  vitals: Pick<VitalsRegistry, 'read'>;
  /** What can be replayed; null while nothing can. */
  record(): QueryItem['record'] | null;
}
type Items<I> = Iterable<I> | AsyncIterable<I>;
type QueryHandler<K extends QueryKind> = (data: QueryData[K], context: QueryContext) => Items<QueryItem[K]> | FrameFault;

/** A month and the days around it. */
const MOST_DAYS = 40;
/** Bytes of one part. */
const PART_BYTES = LIMITS.maxDownBytes / 4;

async function* trackOf(
  { unitId, fromMs, toMs, limit, toleranceM = 0 }: QueryData['track'],
  tracks: TrackStore,
): AsyncGenerator<QueryItem['track']> {
  const points: QueryItem['track'][] = [];
  for await (const piece of tracks.tracks({ unitIds: [unitId], fromMs, toMs, toleranceM, limit: MAX_ANSWER_FIXES })) {
    for (let i = 0; i < piece.observedAtMs.length; i++) {
      points.push({
        lonDeg: piece.lonDeg[i]!,
        latDeg: piece.latDeg[i]!,
        headingDeg: piece.headingDeg[i]!,
        speedMps: piece.speedMps[i]!,
        observedAtMs: piece.observedAtMs[i]!,
      });
    }
  }
  if (points.length <= limit) yield* points;
  else if (limit === 1) yield points.at(-1)!;
  else for (let i = 0; i < limit; i++) yield points[Math.round((i * (points.length - 1)) / (limit - 1))]!;
}

async function* begunIn<F>(history: FactHistory<F>, { fromMs, toMs }: { fromMs: number; toMs: number }, atMs: number): AsyncGenerator<F> {
  yield* await history.begun(fromMs, toMs, atMs);
}
async function* reachOf<K extends ReachKind>(reach: Reach, kind: K, question: ReachQuestions[K], { freeUnits, nowMs }: QueryContext) {
  yield* await reach.ask(kind, freeUnits(), Math.round(nowMs()), question);
}
const askReach = <K extends ReachKind>(kind: K, question: ReachQuestions[K], context: QueryContext) =>
  context.reach
    ? reachOf(context.reach, kind, question, context)
    : ({ code: 'notFound', path: 'kind', message: 'this town promises no arrival within a time' } as const);
async function* statsIn({ fromMs, toMs }: { fromMs: number; toMs: number }, histories: FactHistories, nowMs: number) {
  const { before, changes } = await histories.alarms(fromMs, Math.min(toMs, nowMs));
  yield* alarmStats(before, changes);
}
const tooLong = ({ fromMs, toMs }: { fromMs: number; toMs: number }, days = MOST_DAYS): FrameFault | null =>
  toMs - fromMs > days * 86_400_000 ? { code: 'badField', path: 'data.fromMs', message: `a span of ${days} days at most` } : null;

const handlers: { readonly [K in QueryKind]: QueryHandler<K> } = {
  nearest: ({ incidentId, limit }, { nearest }) =>
    nearest(incidentId, limit) ?? { code: 'notFound', path: 'data.incidentId', message: `no incident ${incidentId}` },
  track(data, { hasUnit, nowMs, tracks, log }) {
    if (!hasUnit(data.unitId)) return { code: 'notFound', path: 'data.unitId', message: `no unit ${data.unitId}` };
    log('track', data);
    return trackOf({ ...data, toMs: Math.min(data.toMs, nowMs()) }, tracks);
  },
  tracksInSpan(data, { tracks, nowMs, log }) {
    log('tracksInSpan', data);
    return tracks.tracks({ ...data, toMs: Math.min(data.toMs, nowMs()) });
  },
  tracksInArea(data, { tracks, nowMs, log }) {
    log('tracksInArea', data);
    return tracks.tracks({ ...data, toMs: Math.min(data.toMs, nowMs()) });
  },
  reach: (_nothing, context) => askReach('reach', {}, context),
  reachWithout: (data, context) => askReach('reachWithout', data, context),
  moveUp: (data, context) => askReach('moveUp', data, context),
  incidents: (span, { histories, nowMs }) => tooLong(span) ?? begunIn(histories.incidents, span, Math.floor(nowMs())),
  alarmStats: (span, { histories, nowMs }) => tooLong(span, 2) ?? statsIn(span, histories, Math.floor(nowMs())),
  detections: (span, { histories, nowMs }) => tooLong(span) ?? begunIn(histories.detections, span, Math.floor(nowMs())),
  vitals: (_nothing, { vitals }) => [vitals.read()],
  record: (_data, { record }) => {
    const span = record();
    return span ? [span] : [];
  },
};
const isQueryKind = (kind: string): kind is QueryKind => Object.hasOwn(handlers, kind);

/** What the question asks for, or what is wrong with it. */
function itemsOf({ kind, data }: QueryFrame, context: QueryContext): Items<object> | FrameFault {
  if (!isQueryKind(kind)) return { code: 'unknownQuery', path: 'kind', message: `no query ${kind}` };
  const parsed = queries.find((query) => query.kind === kind)!.schema.safeParse(data);
  if (!parsed.success) return { code: 'badField', ...firstIssue(parsed.error, 'data') };
  return handlers[kind](parsed.data as never, context);
}

/** A part of an answer, ready to be sent; `fault` is told before it. */
export interface AnswerPart {
  text: string;
  fault: FrameFault | null;
}
const partOf = (id: string, n: number, last: boolean, items: readonly string[], fault: FrameFault | null = null): AnswerPart => ({
  text: `{"frame":"part","id":${JSON.stringify(id)},"n":${n},"last":${last},"items":[${items.join(',')}]}`,
  fault,
});

/** A question that is not looked at: whoever asked must not wait for it. */
export const refuseQuery = ({ id }: QueryFrame, message: string): AnswerPart =>
  partOf(id, 0, true, [], { code: 'tooFast', path: null, message });

/** Parts of a list, each far below the frame limit so that it can be shown as it comes. */
function createPages(id: string) {
  let n = 0;
  let page: string[] = [];
  let usedBytes = 0;
  return {
    /** @returns a part that is full, or null. */
    add(item: object): AnswerPart | null {
      const text = JSON.stringify(item);
      const bytes = Buffer.byteLength(text) + 1;
      let full: AnswerPart | null = null;
      if (page.length > 0 && usedBytes + bytes > PART_BYTES) {
        full = partOf(id, n, false, page);
        n += 1;
        page = [];
        usedBytes = 0;
      }
      page.push(text);
      usedBytes += bytes;
      return full;
    },
    last: (): AnswerPart => partOf(id, n, true, page),
  };
}
async function* partsAsTheyCome(id: string, items: AsyncIterable<object>): AsyncGenerator<AnswerPart> {
  const pages = createPages(id);
  for await (const item of items) {
    const full = pages.add(item);
    if (full) yield full;
  }
  yield pages.last();
}

/**
 * The parts of an answer: at once where everything is at hand, made as they are asked for where it must be read. A question that failed has
 * its fault and an empty last part.
 */
export function answerQuery(query: QueryFrame, context: QueryContext): AnswerPart[] | AsyncGenerator<AnswerPart> {
  const { id } = query;
  const items = itemsOf(query, context);
  if ('code' in items) return [partOf(id, 0, true, [], items)];
  if (Symbol.asyncIterator in items) return partsAsTheyCome(id, items);
  const pages = createPages(id);
  return [...[...items].flatMap((item) => pages.add(item) ?? []), pages.last()];
}
