import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { AppError } from '../appError.ts';

export const badRequest = (message: string): AppError => new AppError('badRequest', message);

/** A time in an address: ISO 8601 or epoch milliseconds. @throws {AppError} `badRequest` with one line that names the parameter. */
export function timeOf(name: string, text: string | null): number {
  if (text === null || text === '') throw badRequest(`${name}: expected a time, like ${name}=2026-05-13T11:00:00Z`);
  const atMs = /^\d{10,16}$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(atMs)) throw badRequest(`${name}: "${text}" is no time; expected ISO 8601 or epoch milliseconds`);
  return atMs;
}
/** @throws {AppError} `badRequest`. */
export function refuseUnknown(params: URLSearchParams, known: readonly string[]): void {
  const unknown = [...params.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) throw badRequest(`${unknown}: there is no such parameter; there are ${known.join(', ')}`);
}

/**
 * Sends a file made piece by piece, as fast as it is taken. A reader that goes away ends the making; a file that cannot be made to its end is
 * cut short, so that nobody takes half of it for the whole.
 */
export async function sendFile(
  response: ServerResponse,
  file: { contentType: string; name: string },
  pieces: AsyncIterable<string> | null,
): Promise<void> {
  response.writeHead(200, {
    'Content-Type': file.contentType,
    'Content-Disposition': `attachment; filename="${file.name}"`,
    'Cache-Control': 'no-store',
  });
  if (pieces === null) return void response.end();
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    for await (const piece of pieces) {
      if (gone.signal.aborted) return;
      if (!response.write(piece)) await once(response, 'drain', { signal: gone.signal });
    }
    response.end();
  } catch (error) {
    response.destroy();
    if (!gone.signal.aborted) throw error;
  }
}
