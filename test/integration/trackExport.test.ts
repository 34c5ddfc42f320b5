import { expect, test } from 'vitest';
import { createHandClock } from './handClock.ts';
import { serveTinyTown } from './testGateway.ts';
import { makeFix } from './tinyTown.ts';

const START_MS = Date.UTC(2026, 4, 13, 11);
const FROM = '2026-05-13T11:00:00Z';
const TO = '2026-05-13T12:00:00Z';

/** A minute of three cars, a kilometre apart, eastward at 5 m/s. */
async function served() {
  const clock = createHandClock(START_MS);
  const gateway = await serveTinyTown({ clock });
  for (let second = 0; second < 60; second++) {
    clock.advance(1000);
    gateway.intake.fixes(['car-1', 'car-2', 'car-3'].map((id, n) => makeFix(id, clock.nowMs(), n * 1000 + second * 5)));
  }
  const get = (query: string, init: RequestInit = {}) =>
    fetch(`${gateway.url}/export/tracks?${query}`, { headers: { Authorization: 'Bearer a-test-token' }, ...init });
  return { gateway, get };
}

test('a CSV has a line for every fix, and the access log says who took it', async () => {
  const { gateway, get } = await served();
  const response = await get(`format=csv&from=${FROM}&to=${TO}&unit=car-2&desk=wall-7`);
  expect(response.headers.get('content-type')).toMatch(/^text\/csv/);
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="tracks-20260513T1100.csv"');
  const lines = (await response.text()).trimEnd().split('\r\n');
  expect(lines[0]).toBe('unitId,observedAt,lonDeg,latDeg,headingDeg,speedMps');
  expect(lines).toHaveLength(61);
  expect(lines[1]).toMatch(/^car-2,2026-05-13T11:00:01\.000Z,120\.500\d+,30\.74,90,5$/);
  expect(await gateway.journal.accessLog(1)).toMatchObject([
    { action: 'export', deskId: 'wall-7', detail: { unitIds: ['car-2'], format: 'csv' } },
  ]);
});

test('GeoJSON and GPX hold the same fixes of all units', async () => {
  const { get } = await served();
  const geo = (await (await get(`format=geojson&from=${FROM}&to=${TO}`)).json()) as {
    features: { geometry: { type: string; coordinates: number[][] }; properties: { unitId: string; times: string[] } }[];
  };
  expect(geo.features.map(({ properties }) => properties.unitId)).toEqual(['car-1', 'car-2', 'car-3']);
  for (const { geometry, properties } of geo.features) {
    expect(geometry.type).toBe('LineString');
    expect([geometry.coordinates.length, properties.times.length]).toEqual([60, 60]);
  }
  const gpx = await (await get(`format=gpx&from=${Date.parse(FROM)}&to=${Date.parse(TO)}`)).text();
  expect(gpx.match(/<trk>/g)).toHaveLength(3);
  expect(gpx.match(/<trkpt lat="30\.7400000" lon="120\.\d{7}">/g)).toHaveLength(180);
  expect(gpx).toMatch(/<\/gpx>\n$/);
});

test('an area holds only who was in it, and a tolerance leaves out what lies on the line', async () => {
  const { get } = await served();
  const inArea = await (await get(`format=csv&from=${FROM}&to=${TO}&bbox=120.4999,30.73,120.502,30.75`)).text();
  expect(
    new Set(
      inArea
        .split('\r\n')
        .slice(1, -1)
        .map((line) => line.split(',')[0]),
    ),
  ).toEqual(new Set(['car-2']));
  const simple = await (await get(`format=csv&from=${FROM}&to=${TO}&unit=car-1&tolerance=5`)).text();
  expect(simple.trimEnd().split('\r\n').length).toBeLessThan(10);
});

test.each([
  ['to=2026-05-13', 'from: expected a time, like from=2026-05-13T11:00:00Z'],
  [`from=${FROM}&to=yesterday`, 'to: "yesterday" is no time; expected ISO 8601 or epoch milliseconds'],
  [`from=${TO}&to=${FROM}`, 'to: expected at or after from, and at most 366 days later'],
  [`from=${FROM}&to=${TO}&format=shp`, 'format: there is no "shp"; there are geojson, gpx, csv'],
  [`from=${FROM}&to=${TO}&format=__proto__`, 'format: there is no "__proto__"; there are geojson, gpx, csv'],
  [`from=${FROM}&to=${TO}&bbox=1,2,3`, 'bbox: expected west,south,east,north in degrees'],
  [`from=${FROM}&to=${TO}&unti=car-1`, 'unti: there is no such parameter; there are format, unit, from, to, bbox, tolerance, desk'],
])('says in one line what is wrong with ?%s', async (query, message) => {
  const { get } = await served();
  const response = await get(query);
  expect([response.status, (await response.text()).trim()]).toEqual([400, message]);
});

test('asks for the token, and lets a page of a friendly origin show it', async () => {
  const { gateway, get } = await served();
  expect((await get(`from=${FROM}&to=${TO}`, { headers: {} })).status).toBe(401);
  expect((await get(`from=${FROM}&to=${TO}`, { headers: { Authorization: 'Bearer wrong' } })).status).toBe(401);
  const origin = new URL(gateway.url).origin;
  const asked = await get('', { method: 'OPTIONS', headers: { Origin: origin } });
  expect([asked.status, asked.headers.get('access-control-allow-headers')]).toEqual([204, 'Authorization']);
  expect((await get('', { method: 'OPTIONS', headers: { Origin: 'https://elsewhere.example' } })).status).toBe(405);
});

test('a reader that goes away in the middle leaves a gateway that goes on', async () => {
  const { gateway, get } = await served();
  const gone = new AbortController();
  const response = await get(`format=csv&from=${FROM}&to=${TO}`, { signal: gone.signal });
  gone.abort();
  await expect(response.text()).rejects.toThrow();
  expect((await get(`format=csv&from=${FROM}&to=${TO}`)).status).toBe(200);
  expect(gateway.faults).toEqual([]);
});
