import type { ServerResponse } from 'node:http';
import { queries } from '../../protocol/queries/index.ts';
import { firstIssue } from '../desk/firstIssue.ts';
import { exportFormats } from '../tracks/exportFormats.ts';
import type { TrackQuestion, TrackStore } from '../tracks/trackStore.ts';
import { badRequest, refuseUnknown, sendFile, timeOf } from './sendFile.ts';

export interface TrackExportPorts {
  tracks: Pick<TrackStore, 'tracks'>;
  /** Puts down in the access log who took what. */
  log(deskId: string, detail: Readonly<Record<string, unknown>>): void;
  /** Server time, ms. */
  nowMs(): number;
}

const KNOWN = ['format', 'unit', 'from', 'to', 'bbox', 'tolerance', 'desk'] as const;
const MOST_SPAN_MS = 366 * 86_400_000;
/** The limit of an answer on the wall; a file has none. */
const FORMAL_LIMIT = 1;

/** @throws {AppError} one line that names the parameter. */
function questionOf(params: URLSearchParams): TrackQuestion {
  refuseUnknown(params, KNOWN);
  const span = { fromMs: timeOf('from', params.get('from')), toMs: timeOf('to', params.get('to')) };
  if (span.toMs < span.fromMs || span.toMs - span.fromMs > MOST_SPAN_MS)
    throw badRequest('to: expected at or after from, and at most 366 days later');
  const units = params.getAll('unit');
  const bbox = params.get('bbox');
  const corners = bbox?.split(',').map((text) => (text.trim() === '' ? NaN : Number(text)));
  if (corners && (corners.length !== 4 || corners.some(Number.isNaN))) throw badRequest('bbox: expected west,south,east,north in degrees');
  const [westDeg, southDeg, eastDeg, northDeg] = corners ?? [];
  if (corners && units.length > 0) throw badRequest('bbox: expected either units or an area');
  const toleranceM = Number(params.get('tolerance') ?? 0);
  const asked = { ...span, toleranceM, limit: FORMAL_LIMIT };
  const [kind, data] = corners
    ? (['tracksInArea', { ...asked, area: { westDeg, southDeg, eastDeg, northDeg } }] as const)
    : (['tracksInSpan', units.length > 0 ? { ...asked, unitIds: units } : asked] as const);
  // The rules of the query hold for the file, too.
  const parsed = queries.find((query) => query.kind === kind)!.schema.safeParse(data);
  if (!parsed.success) {
    const { path, message } = firstIssue(parsed.error, '');
    throw badRequest(`${path}: ${message}`);
  }
  return { ...(parsed.data as TrackQuestion), limit: Number.MAX_SAFE_INTEGER };
}

/**
 * `GET /export/tracks?format=geojson|gpx|csv&from=..&to=..[&unit=..]*[&bbox=w,s,e,n][&tolerance=m][&desk=id]`: the fixes as a file, written as
 * fast as it is taken.
 * @throws {AppError} `badRequest` before anything was written.
 */
export function createTrackExport({ tracks, log, nowMs }: TrackExportPorts) {
  return async (url: URL, response: ServerResponse, headOnly: boolean): Promise<void> => {
    const name = url.searchParams.get('format') ?? 'geojson';
    const format = Object.hasOwn(exportFormats, name) ? exportFormats[name]! : null;
    if (!format) throw badRequest(`format: there is no "${name}"; there are ${Object.keys(exportFormats).join(', ')}`);
    const question = questionOf(url.searchParams);
    const stamp = new Date(question.fromMs).toISOString().slice(0, 16).replaceAll(/[:-]/g, '');
    const { fromMs, toMs, unitIds, area, toleranceM } = question;
    if (!headOnly) log((url.searchParams.get('desk') ?? 'http').slice(0, 64), { format: name, fromMs, toMs, unitIds, area, toleranceM });
    async function* pieces(): AsyncGenerator<string> {
      yield format!.head;
      let first = true;
      for await (const piece of tracks.tracks({ ...question, toMs: Math.min(toMs, nowMs()) })) {
        yield format!.piece(piece, first);
        first = false;
      }
      yield format!.tail;
    }
    const file = { contentType: format.contentType, name: `tracks-${stamp}.${format.extension}` };
    await sendFile(response, file, headOnly ? null : pieces());
  };
}
