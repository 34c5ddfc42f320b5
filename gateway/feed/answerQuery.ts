import { MAX_FIXES } from '../../protocol/frames/position.ts';
import { queries } from '../../protocol/queries/index.ts';
import type { QueryData, QueryItem, QueryKind } from '../../protocol/queries/index.ts';
import type { QueryFrame } from '../../protocol/frames/client.ts';
import type { Candidate } from '../desk/candidates.ts';
import { firstIssue } from '../desk/firstIssue.ts';
import type { TrackPiece } from '../../protocol/queries/tracks.ts';
import type { TrackHistory, TrackPoint } from '../journal/trackHistory.ts';
import type { VitalsRegistry } from '../vitals/createVitals.ts';
import { LIMITS } from './feedSettings.ts';
import type { FrameFault } from './parseClientFrame.ts';

export interface QueryContext {
  nearest(incidentId: string, limit: number): Candidate[] | null;
  hasUnit(unitId: string): boolean;
  /** Server time, of now or of a replay: nothing later is told. */
  nowMs(): number;
  tracks: TrackHistory;
  vitals: Pick<VitalsRegistry, 'read'>;
  /** What can be replayed; null while nothing can. */
  record(): QueryItem['record'] | null;
}
type QueryHandler<K extends QueryKind> = (data: QueryData[K], context: QueryContext) => QueryItem[K][] | FrameFault;

const toPiece = (unitId: string, points: readonly TrackPoint[]): TrackPiece[] => {
  if (points.length === 0) return [];
  return [
    {
      unitId,
      joined: false,
      cut: false,
      lonDeg: points.map((point) => point.lonDeg),
      latDeg: points.map((point) => point.latDeg),
      headingDeg: points.map((point) => point.headingDeg),
      speedMps: points.map((point) => point.speedMps),
      observedAtMs: points.map((point) => point.observedAtMs),
    },
  ];
};

const handlers: { readonly [K in QueryKind]: QueryHandler<K> } = {
  nearest: ({ incidentId, limit }, { nearest }) =>
    nearest(incidentId, limit) ?? { code: 'notFound', path: 'data.incidentId', message: `no incident ${incidentId}` },
  track: ({ unitId, fromMs, toMs, limit }, { hasUnit, nowMs, tracks }) =>
    hasUnit(unitId)
      ? tracks.read(unitId, fromMs, Math.min(toMs, nowMs()), limit)
      : { code: 'notFound', path: 'data.unitId', message: `no unit ${unitId}` },
  tracksInSpan: ({ unitIds, fromMs, toMs }, { tracks, nowMs }) =>
    (unitIds ?? tracks.units()).flatMap((unitId) => toPiece(unitId, tracks.read(unitId, fromMs, Math.min(toMs, nowMs()), MAX_FIXES))),
  tracksInArea: ({ area, fromMs, toMs }, { tracks, nowMs }) =>
    tracks.units().flatMap((unitId) =>
      toPiece(
        unitId,
        tracks
          .read(unitId, fromMs, Math.min(toMs, nowMs()), MAX_FIXES)
          .filter(
            ({ lonDeg, latDeg }) => lonDeg >= area.westDeg && lonDeg <= area.eastDeg && latDeg >= area.southDeg && latDeg <= area.northDeg,
          ),
      ),
    ),
  vitals: (_nothing, { vitals }) => [vitals.read()],
  record: (_data, { record }) => {
    const span = record();
    return span ? [span] : [];
  },
};
const isQueryKind = (kind: string): kind is QueryKind => Object.hasOwn(handlers, kind);

/** Answers a question, or says what is wrong with it. */
function itemsOf({ kind, data }: QueryFrame, context: QueryContext): readonly object[] | FrameFault {
  if (!isQueryKind(kind)) return { code: 'unknownQuery', path: 'kind', message: `no query ${kind}` };
  const parsed = queries.find((query) => query.kind === kind)!.schema.safeParse(data);
  if (!parsed.success) return { code: 'badField', ...firstIssue(parsed.error, 'data') };
  return handlers[kind](parsed.data as never, context);
}

interface Answer {
  fault: FrameFault | null;
  parts: string[];
}

/** A question that is not looked at: whoever asked must not wait for it. */
export const refuseQuery = ({ id }: QueryFrame, message: string): Answer => ({
  fault: { code: 'tooFast', path: null, message },
  parts: [`{"frame":"part","id":${JSON.stringify(id)},"n":0,"last":true,"items":[]}`],
});

/** @returns `part` frames, each below the frame limit; a question that failed has its fault and one empty last part. */
export function answerQuery(query: QueryFrame, context: QueryContext): Answer {
  const items = itemsOf(query, context);
  const fault = 'code' in items ? items : null;
  const pages: string[][] = [[]];
  let usedBytes = 0;
  for (const item of 'code' in items ? [] : items) {
    const text = JSON.stringify(item);
    usedBytes += Buffer.byteLength(text) + 1;
    if (usedBytes > LIMITS.maxDownBytes - 1024) {
      pages.push([]);
      usedBytes = Buffer.byteLength(text) + 1;
    }
    pages.at(-1)!.push(text);
  }
  const id = JSON.stringify(query.id);
  const parts = pages.map((page, n) => `{"frame":"part","id":${id},"n":${n},"last":${n === pages.length - 1},"items":[${page.join(',')}]}`);
  return { fault, parts };
}
