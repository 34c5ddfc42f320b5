import type { TrackPiece } from '../../protocol/queries/tracks.ts';

/** A file that is written piece by piece: what goes before, for each piece, and after. */
export interface ExportFormat {
  readonly contentType: string;
  readonly extension: string;
  readonly head: string;
  /** @param first Whether it is the first piece of the file. */
  piece(piece: TrackPiece, first: boolean): string;
  readonly tail: string;
}

const timeOf = (atMs: number): string => new Date(atMs).toISOString();

const XML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
/** XML 1.0 has no control characters, not even escaped. */
const xmlText = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => XML[sign]!).replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?');
/** RFC 4180. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
const csvText = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** RFC 7946: one feature a piece, a line or for a single fix a point; times and speeds in the order of the coordinates. */
const geojson: ExportFormat = {
  contentType: 'application/geo+json',
  extension: 'geojson',
  head: '{"type":"FeatureCollection","features":[',
  piece(piece, first) {
    const at = piece.lonDeg.map((lonDeg, i) => [lonDeg, piece.latDeg[i]!]);
    const geometry = at.length === 1 ? { type: 'Point', coordinates: at[0] } : { type: 'LineString', coordinates: at };
    const { unitId, joined, headingDeg, speedMps } = piece;
    const properties = { unitId, joined, times: piece.observedAtMs.map(timeOf), headingDeg, speedMps };
    return `${first ? '' : ','}\n${JSON.stringify({ type: 'Feature', geometry, properties })}`;
  },
  tail: '\n]}\n',
};

/** GPX 1.1: one track a piece, named after the unit. */
const gpx: ExportFormat = {
  contentType: 'application/gpx+xml',
  extension: 'gpx',
  head: '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Wanglou" xmlns="http://www.topografix.com/GPX/1/1">\n',
  piece(piece) {
    const points = piece.observedAtMs.map(
      (atMs, i) => `<trkpt lat="${piece.latDeg[i]!.toFixed(7)}" lon="${piece.lonDeg[i]!.toFixed(7)}"><time>${timeOf(atMs)}</time></trkpt>`,
    );
    return `<trk><name>${xmlText(piece.unitId)}</name><trkseg>\n${points.join('\n')}\n</trkseg></trk>\n`;
  },
  tail: '</gpx>\n',
};

const csv: ExportFormat = {
  contentType: 'text/csv; charset=utf-8',
  extension: 'csv',
  head: 'unitId,observedAt,lonDeg,latDeg,headingDeg,speedMps\r\n',
  piece(piece) {
    const unit = csvText(piece.unitId);
    return piece.observedAtMs
      .map((atMs, i) => `${unit},${timeOf(atMs)},${piece.lonDeg[i]!},${piece.latDeg[i]!},${piece.headingDeg[i]!},${piece.speedMps[i]!}\r\n`)
      .join('');
  },
  tail: '',
};

/** By the value of `format` in the address. A new format is one object and one line here. */
export const exportFormats: Readonly<Record<string, ExportFormat>> = { geojson, gpx, csv };
