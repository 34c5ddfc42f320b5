import type { Incident } from '../../../protocol/messages/incident.ts';
import type { Unit, UnitKind, UnitStatus } from '../../../protocol/messages/unit.ts';
import type { Town } from '../../../protocol/town/town.ts';
import { createMap } from '../../../renderer/map/createMap.ts';
import type { MapFix, MapSelection, MapStatus } from '../../../renderer/map/townMap.ts';

/**
 * The map alone, on a town given by the server of this page and on units that drive up and down its roads. For looking at it, and for
 * browser tests and the bench: `?units=200&light=night&range=900&lon=..&lat=..&heading=..&pitch=..&locale=en`.
 */
const query = new URLSearchParams(location.search);
const number = (key: string, otherwise: number) => Number(query.get(key) ?? otherwise);
const town = (await (await fetch('/town.json')).json()) as Town;
const startMs = Date.parse(query.get('at') ?? '2026-05-13T19:20:00+08:00');
const nowMs = () => startMs + performance.now();

interface Driver {
  unit: Unit;
  line: readonly (readonly [number, number])[];
  speedMps: number;
  startM: number;
}
const M_LAT = 110_900;
const M_LON = 95_900;
const length = (line: Driver['line']) =>
  line.reduce((sum, p, i) => (i ? sum + Math.hypot((p[0] - line[i - 1]![0]) * M_LON, (p[1] - line[i - 1]![1]) * M_LAT) : 0), 0);
const kinds: UnitKind[] = ['vehicle', 'vehicle', 'vehicle', 'officer', 'officer', 'drone', 'vehicle', 'officer'];
const statuses: UnitStatus[] = [
  'available',
  'available',
  'available',
  'dispatched',
  'available',
  'onScene',
  'available',
  'available',
  'available',
  'available',
  'available',
  'emergency',
];
const roads = town.roads.filter((r) => length(r.line) > 250);

const drivers: Driver[] = Array.from({ length: number('units', 60) }, (_, i) => {
  const kind = kinds[i % kinds.length]!;
  const line = kind === 'drone' ? town.droneRoutes[i % Math.max(1, town.droneRoutes.length)]!.line : roads[(i * 37) % roads.length]!.line;
  const status = i < 26 ? statuses[i % statuses.length]! : 'available';
  return {
    line,
    speedMps: kind === 'officer' ? 1.4 : kind === 'drone' ? 11 : 9 + (i % 5) * 2,
    startM: (i * 353) % 5000,
    unit: {
      id: `u${i}`,
      rev: 1,
      kind,
      name: { zh: `综执 ${String(i).padStart(2, '0')}`, en: `CE ${String(i).padStart(2, '0')}` },
      agencyId: town.agencies[i % Math.min(8, town.agencies.length)]!.id,
      handle: i,
      status,
      crew: [],
      vehicleId: null,
      plate: null,
      postId: null,
      incidentId: null,
      cameraIds: [],
      callAddress: null,
      talkGroup: null,
      simulated: true,
    },
  };
});

function fixOf(d: Driver, atMs: number): MapFix {
  const total = length(d.line);
  const way = (d.startM + ((atMs - startMs + 120_000) / 1000) * d.speedMps) % (total * 2);
  let rest = way > total ? total * 2 - way : way;
  for (let i = 1; i < d.line.length; i++) {
    const a = d.line[i - 1]!;
    const b = d.line[i]!;
    const dx = (b[0] - a[0]) * M_LON;
    const dy = (b[1] - a[1]) * M_LAT;
    const l = Math.hypot(dx, dy);
    if (rest <= l || i === d.line.length - 1) {
      const t = Math.min(1, rest / Math.max(l, 0.01));
      const heading = (Math.atan2(dx, dy) * 180) / Math.PI + (way > total ? 180 : 0);
      return {
        lonDeg: a[0] + (b[0] - a[0]) * t,
        latDeg: a[1] + (b[1] - a[1]) * t,
        altM: d.unit.kind === 'drone' ? 90 : 0,
        headingDeg: ((heading % 360) + 360) % 360,
        speedMps: d.speedMps,
        observedAtMs: atMs,
      };
    }
    rest -= l;
  }
  throw new Error('a road without length');
}

const listeners = new Set<(unitId: string, fix: Readonly<MapFix>) => void>();
const emit = (d: Driver, atMs: number) => {
  const fix = fixOf(d, atMs);
  for (const listener of listeners) listener(d.unit.id, fix);
};

const incidents = town.places.slice(0, number('incidents', 9)).map((p, i) => ({
  id: `i${i}`,
  rev: 1,
  number: `20260513-${i}`,
  channelId: town.channels[0]!.id,
  typeId: town.eventTypes[(i * 5) % town.eventTypes.length]!.id,
  place: p.name,
  lonDeg: p.lonDeg,
  latDeg: p.latDeg,
  inCore: true,
  severity: (i % 4) + 1,
  urgent: i % 4 === 0,
  tier: 'general',
  state: i % 3 === 2 ? 'onScene' : 'reported',
  reportedAtMs: startMs,
  reporterCount: 1,
  leadAgencyId: town.agencies[0]!.id,
  supportAgencyIds: [],
  cameraIds: [],
  assignments: [],
  steps: [],
  outcome: null,
  note: null,
  simulated: true,
})) as Incident[];

const picked: (MapSelection | null)[] = [];
const statusLog: MapStatus[] = [];
const map = createMap(document.getElementById('map')!, {
  town,
  tracks: {
    latest: () => null,
    onFix(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  },
  nowMs,
  reducedMotion: query.get('still') === '1',
  maxFps: number('fps', 30),
  onPick: (s) => picked.push(s),
  onStatus: (s) => statusLog.push(s),
});
map.setUnits(drivers.map((d) => d.unit));
for (let back = 62; back >= 0; back--) for (const d of drivers) emit(d, nowMs() - back * 1000);
const timer = setInterval(() => {
  for (const d of drivers) emit(d, nowMs());
}, 1000);
map.setIncidents(incidents);
map.setLocale(query.get('locale') === 'en' ? 'en' : 'zh');
map.setLight((query.get('light') ?? 'auto') as 'auto');
if (query.has('select')) map.setSelection({ kind: query.get('select')!.startsWith('i') ? 'incident' : 'unit', id: query.get('select')! });
if (query.has('route')) map.setRoutes([{ id: 'a', line: roads[number('route', 3)]!.line, colour: '#57c4b4' }]);
if (query.has('range'))
  map.lookAt({
    lonDeg: number('lon', town.scene.homeView.lonDeg),
    latDeg: number('lat', town.scene.homeView.latDeg),
    rangeM: number('range', 900),
    headingDeg: number('heading', town.scene.homeView.headingDeg),
    pitchDeg: number('pitch', -30),
  });

/** The page is a test page: what a test wants to call is here. */
Object.assign(window, { page: { map, picked, statusLog, drivers, stop: () => clearInterval(timer) } });
