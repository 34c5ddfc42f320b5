import { describe, expect, it } from 'vitest';
import { createRecordSaver, exportUrl } from '../../../renderer/saveRecord.ts';
import type { TrackQuestion } from '../../../renderer/state/trackStore.ts';

const place: TrackQuestion = {
  what: 'place',
  unitId: null,
  area: { westDeg: 120.4, southDeg: 30.7, eastDeg: 120.5, northDeg: 30.8 },
  fromMs: 1000,
  toMs: 2000,
};

describe('recorded ways as a file', () => {
  it('asks for what was shown, with the token in a header only', async () => {
    const asked: { url: string; headers: unknown }[] = [];
    const handed: string[] = [];
    const save = createRecordSaver(
      { url: 'http://127.0.0.1:1', token: 'secret', deskId: 'wall 1' },
      {
        fetch(url, init) {
          asked.push({ url, headers: init.headers });
          return Promise.resolve(
            new Response('x', { headers: { 'content-disposition': 'attachment; filename="tracks-20260513T1100.gpx"' } }),
          );
        },
        hand: (_blob, name) => void handed.push(name),
      },
    );
    await save.tracks(place, 'gpx');
    const url = new URL(asked[0]!.url);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      format: 'gpx',
      from: '1000',
      to: '2000',
      bbox: '120.4,30.7,120.5,30.8',
      desk: 'wall 1',
    });
    expect(url.href).not.toContain('secret');
    expect(asked[0]!.headers).toEqual({ Authorization: 'Bearer secret' });
    expect(handed).toEqual(['tracks-20260513T1100.gpx']);
  });
  it('asks for a stretch of the record as a clip', async () => {
    const asked: string[] = [];
    const handed: string[] = [];
    const save = createRecordSaver(
      { url: 'http://127.0.0.1:1', token: 's', deskId: 'w' },
      { fetch: (url) => (asked.push(url), Promise.resolve(new Response('x'))), hand: (_blob, name) => void handed.push(name) },
    );
    await save.clip(1000, 5000);
    expect(asked).toEqual(['http://127.0.0.1:1/export/clip?from=1000&to=5000&desk=w']);
    expect(handed).toEqual(['clip.ndjson']);
  });
  it('says why there is none', async () => {
    const save = createRecordSaver(
      { url: 'http://127.0.0.1:1', token: null, deskId: 'w' },
      { fetch: () => Promise.resolve(new Response('exports need the token\n', { status: 401 })), hand: () => expect.fail('handed a file') },
    );
    await expect(save.tracks({ ...place, area: null, unitId: 'ce07' }, 'csv')).rejects.toThrow('HTTP 401: exports need the token');
    expect(exportUrl('http://h', { ...place, area: null, unitId: 'ce07' }, 'csv', 'w')).toContain('unit=ce07');
  });
});
