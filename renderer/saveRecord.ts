import type { ExportFormat, TrackQuestion } from './state/trackStore.ts';

export interface SavePorts {
  fetch: (url: string, init: RequestInit) => Promise<Pick<Response, 'ok' | 'status' | 'text' | 'blob' | 'headers'>>;
  /** Hands a file to the person at the console. */
  hand(blob: Blob, name: string): void;
}

function handInPage(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the blob after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Address of the file that answers a question, every fix in it. */
export function exportUrl(gatewayUrl: string, question: TrackQuestion, format: ExportFormat, deskId: string): string {
  const url = new URL('/export/tracks', gatewayUrl);
  const { area, unitId, fromMs, toMs } = question;
  url.searchParams.set('format', format);
  url.searchParams.set('from', String(fromMs));
  url.searchParams.set('to', String(toMs));
  if (unitId !== null) url.searchParams.set('unit', unitId);
  if (area) url.searchParams.set('bbox', [area.westDeg, area.southDeg, area.eastDeg, area.northDeg].join(','));
  url.searchParams.set('desk', deskId);
  return url.href;
}

/** Address of a stretch of the record as a clip. */
function clipUrl(gatewayUrl: string, fromMs: number, toMs: number, deskId: string): string {
  const url = new URL('/export/clip', gatewayUrl);
  url.searchParams.set('from', String(fromMs));
  url.searchParams.set('to', String(toMs));
  url.searchParams.set('desk', deskId);
  return url.href;
}

/** Saves recorded ways, or a clip of the record, as a file. The token goes in a header, never in an address. Rejects with what the gateway said. */
export function createRecordSaver(gateway: { url: string; token: string | null; deskId: string }, given: Partial<SavePorts> = {}) {
  const ports: SavePorts = { fetch: (url, init) => fetch(url, init), hand: handInPage, ...given };
  const save = async (url: string, fallback: string): Promise<void> => {
    const headers: Record<string, string> = gateway.token === null ? {} : { Authorization: `Bearer ${gateway.token}` };
    const response = await ports.fetch(url, { headers });
    if (!response.ok) throw new Error(`HTTP ${response.status}: ${(await response.text()).trim().slice(0, 200)}`);
    const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
    ports.hand(await response.blob(), name ?? fallback);
  };
  return {
    tracks: (question: TrackQuestion, format: ExportFormat): Promise<void> =>
      save(exportUrl(gateway.url, question, format, gateway.deskId), `tracks.${format}`),
    clip: (fromMs: number, toMs: number): Promise<void> => save(clipUrl(gateway.url, fromMs, toMs, gateway.deskId), 'clip.ndjson'),
  };
}
