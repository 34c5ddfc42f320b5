import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { queries } from '../../protocol/queries/index.ts';
import { AppError } from '../appError.ts';
import { firstIssue } from '../desk/firstIssue.ts';
import { exportFormats } from '../tracks/exportFormats.ts';
import type { TrackQuestion, TrackStore } from '../tracks/trackStore.ts';

export interface TrackExportPorts {
  tracks: Pick<TrackStore, 'tracks'>;
  /** Puts down in the access log who took what. */
  log(deskId: string, detail: Readonly<Record<string, unknown>>): void;
  /** Server time, ms. */
  nowMs(): number;
}

const KNOWN = new Set(['format', 'unit', 'from', 'to', 'bbox', 'tolerance', 'desk']);
const MOST_SPAN_MS = 366 * 86_400_000;
/** The limit of an answer on the wall; a file has none. */
const FORMAL_LIMIT = 1;

const bad = (message: string): AppError => new AppError('badRequest', message);

/** ISO 8601 or epoch milliseconds. */
function timeOf(name: string, text: string | null): number {
  if (text === null || text === '') throw bad(`${name}: expected a time, like ${name}=2026-05-13T11:00:00Z`);
  const atMs = /^\d{10,16}$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(atMs)) throw bad(`${name}: "${text}" is no time; expected ISO 8601 or epoch milliseconds`);
  return atMs;
}

/** @throws {AppError} one line that names the parameter. */
function questionOf(params: URLSearchParams): TrackQuestion {
  const unknown = [...params.keys()].find((name) => !KNOWN.has(name));
  if (unknown !== undefined) throw bad(`${unknown}: there is no such parameter; there are ${[...KNOWN].join(', ')}`);
  const span = { fromMs: timeOf('from', params.get('from')), toMs: timeOf('to', params.get('to')) };
  if (span.toMs < span.fromMs || span.toMs - span.fromMs > MOST_SPAN_MS)
    throw bad('to: expected at or after from, and at most 366 days later');
  const units = params.getAll('unit');
  const bbox = params.get('bbox');
  const corners = bbox?.split(',').map((text) => (text.trim() === '' ? NaN : Number(text)));
  if (corners && (corners.length !== 4 || corners.some(Number.isNaN))) throw bad('bbox: expected west,south,east,north in degrees');
  const [westDeg, southDeg, eastDeg, northDeg] = corners ?? [];
  if (corners && units.length > 0) throw bad('bbox: expected either units or an area');
  const toleranceM = Number(params.get('tolerance') ?? 0);
  const asked = { ...span, toleranceM, limit: FORMAL_LIMIT };
  const [kind, data] = corners
    ? (['tracksInArea', { ...asked, area: { westDeg, southDeg, eastDeg, northDeg } }] as const)
    : (['tracksInSpan', units.length > 0 ? { ...asked, unitIds: units } : asked] as const);
  // The rules of the query hold for the file, too.
  const parsed = queries.find((query) => query.kind === kind)!.schema.safeParse(data);
  if (!parsed.success) {
    const { path, message } = firstIssue(parsed.error, '');
    throw bad(`${path}: ${message}`);
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
    if (!format) throw bad(`format: there is no "${name}"; there are ${Object.keys(exportFormats).join(', ')}`);
    const question = questionOf(url.searchParams);
    const stamp = new Date(question.fromMs).toISOString().slice(0, 16).replaceAll(/[:-]/g, '');
    response.writeHead(200, {
      'Content-Type': format.contentType,
      'Content-Disposition': `attachment; filename="tracks-${stamp}.${format.extension}"`,
      'Cache-Control': 'no-store',
    });
    if (headOnly) return void response.end();
    const { fromMs, toMs, unitIds, area, toleranceM } = question;
    log((url.searchParams.get('desk') ?? 'http').slice(0, 64), { format: name, fromMs, toMs, unitIds, area, toleranceM });
    // A reader that goes away ends the reading behind it.
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const write = async (text: string): Promise<void> => {
      if (!response.write(text)) await once(response, 'drain', { signal: gone.signal });
    };
    try {
      await write(format.head);
      let first = true;
      for await (const piece of tracks.tracks({ ...question, toMs: Math.min(toMs, nowMs()) })) {
        if (gone.signal.aborted) return;
        await write(format.piece(piece, first));
        first = false;
      }
      response.end(format.tail);
    } catch (error) {
      // Cut short, so that nobody takes half a file for a whole one.
      response.destroy();
      if (!gone.signal.aborted) throw error;
    }
  };
}
