import type { ServerResponse } from 'node:http';
import type { Welcome } from '../../protocol/frames/server.ts';
import { writeClip } from '../clip/writeClip.ts';
import type { ClipSources } from '../clip/writeClip.ts';
import { badRequest, refuseUnknown, sendFile, timeOf } from './sendFile.ts';

export interface ClipExportPorts extends ClipSources {
  scene: Welcome['scene'];
  /** What is recorded; null while nothing is. */
  span(): { fromMs: number; toMs: number } | null;
  /** Puts down in the access log who took what. */
  log(deskId: string, detail: Readonly<Record<string, unknown>>): void;
}

const KNOWN = ['from', 'to', 'desk'] as const;
const MOST_SPAN_MS = 86_400_000;

/** `GET /export/clip?from=..&to=..[&desk=id]`: a stretch of the record as a clip that `--clip` plays. @throws {AppError} `badRequest` before anything was written. */
export function createClipExport({ scene, span, log, journal, tracks }: ClipExportPorts) {
  return async (url: URL, response: ServerResponse, headOnly: boolean): Promise<void> => {
    const params = url.searchParams;
    refuseUnknown(params, KNOWN);
    const asked = { fromMs: timeOf('from', params.get('from')), toMs: timeOf('to', params.get('to')) };
    if (asked.toMs <= asked.fromMs || asked.toMs - asked.fromMs > MOST_SPAN_MS)
      throw badRequest('to: expected after from, and at most a day later');
    const record = span();
    if (!record || asked.toMs < record.fromMs || asked.fromMs > record.toMs) throw badRequest('from: nothing of that time is recorded');
    const fromMs = Math.max(asked.fromMs, record.fromMs);
    const toMs = Math.min(asked.toMs, record.toMs);
    const { townId, title, simulated } = scene;
    if (!headOnly) log((params.get('desk') ?? 'http').slice(0, 64), { clip: true, fromMs, toMs });
    const stamp = new Date(fromMs).toISOString().slice(0, 16).replaceAll(/[:-]/g, '');
    const pieces = headOnly ? null : writeClip({ townId, title, simulated, fromMs, toMs }, { journal, tracks });
    await sendFile(response, { contentType: 'application/x-ndjson; charset=utf-8', name: `clip-${townId}-${stamp}.ndjson` }, pieces);
  };
}
