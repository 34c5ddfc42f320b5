import type { Camera, Unit } from '../../../../protocol/messages/index.ts';
import type { Town } from '../../../../protocol/town/town.ts';
import type { MediaContext, MediaPose } from '../../../../renderer/media/mediaContext.ts';

export const ORIGIN = { lonDeg: 120.49, latDeg: 30.74 };
const LON_M = 111_320 * Math.cos((ORIGIN.latDeg * Math.PI) / 180);
/** A place `x` metres east and `y` metres north of the origin. */
const at = (x: number, y: number): [number, number] => [ORIGIN.lonDeg + x / LON_M, ORIGIN.latDeg + y / 110_574];
export const place = (x: number, y: number, headingDeg = 0) => ({ lonDeg: at(x, y)[0], latDeg: at(x, y)[1], headingDeg });
const ring = (x0: number, y0: number, x1: number, y1: number) => [at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1), at(x0, y0)];
const text = (s: string) => ({ zh: s, en: s });
const fact = { confidenceM: null, source: 'test' };

export function createTown(): Town {
  const road = (id: string, cls: 'lane' | 'townMain', widthM: number, line: [number, number][]) => ({
    id,
    name: text(id),
    class: cls,
    widthM,
    speedLimitKmh: 40,
    oneWay: false,
    line,
    ...fact,
  });
  return {
    scene: {
      id: 't',
      title: text('t'),
      originLonDeg: ORIGIN.lonDeg,
      originLatDeg: ORIGIN.latDeg,
      timeZone: 'Asia/Shanghai',
      utcOffsetMin: 480,
      homeView: { ...ORIGIN, headingDeg: 0, pitchDeg: -40, rangeM: 2000 },
      core: { ring: ring(-1, -1, 1, 1) },
      notice: text('n'),
    },
    outline: { ring: ring(-5000, -5000, 5000, 5000), ...fact },
    roads: [
      road('oldLane', 'lane', 3.4, [at(-400, 0), at(400, 0)]),
      road('canalLane', 'lane', 4, [at(-400, 200), at(400, 200)]),
      road('avenue', 'townMain', 18, [at(0, -2000), at(0, -600)]),
    ],
    waterLines: [
      { id: 'canal', name: text('canal'), class: 'canal', widthM: 14, navigable: true, line: [at(-600, 214), at(600, 214)], ...fact },
    ],
    waterAreas: [],
    places: [
      {
        id: 'p',
        name: { zh: '西栅大街', en: 'Xizha Street' },
        kind: 'scenic',
        lonDeg: at(0, 30)[0],
        latDeg: at(0, 30)[1],
        rank: 1,
        ...fact,
      },
    ],
    quarters: [
      { id: 'q1', name: text('old'), style: 'old', ring: ring(-600, -300, 600, 400) },
      { id: 'q2', name: text('new'), style: 'modern', ring: ring(-300, -2100, 300, -500) },
    ],
    agencies: [],
    channels: [],
    eventTypes: [],
    promises: [],
    droneRoutes: [],
  };
}

export const createUnit = (change: Partial<Unit> = {}): Unit => ({
  id: 'ce07',
  rev: 1,
  kind: 'officer',
  name: { zh: '综执 07', en: 'CE 07' },
  agencyId: 'ce',
  handle: 7,
  status: 'available',
  crew: [],
  vehicleId: null,
  plate: null,
  postId: null,
  incidentId: null,
  cameraIds: ['body-07'],
  callAddress: 'sim:ce07',
  talkGroup: null,
  simulated: true,
  ...change,
});

export const createCamera = (change: Partial<Camera> = {}): Camera => ({
  id: 'body-07',
  rev: 1,
  kind: 'body',
  name: { zh: '综执 07', en: 'CE 07' },
  unitId: 'ce07',
  lonDeg: null,
  latDeg: null,
  headingDeg: null,
  online: true,
  stream: { protocol: 'synthetic', url: '' },
  simulated: true,
  ...change,
});

export function createContext(nowMs: () => number = () => 1_778_671_200_000): MediaContext & { pose: MediaPose } {
  const town = createTown();
  const pose: MediaPose = { ...place(0, 0, 90), altM: 0, speedMps: 1, observedAtMs: 1_778_671_200_000 };
  const fault = {
    noPlayer: 'a',
    noAgent: 'b',
    unreachable: 'c',
    busy: 'd',
    iceFailed: 'e',
    streamEnded: 'f',
    unsupported: 'g',
    aborted: 'h',
    failed: 'i',
  };
  return {
    pose,
    poseOf: (id) => (id === 'ce07' ? pose : null),
    nowMs,
    isNow: () => true,
    town: () => town,
    locale: () => 'zh',
    unitName: (id) => id,
    utcOffsetMin: () => 480,
    labels: () => ({
      live: 'LIVE',
      connecting: 'connecting',
      frozen: 'frozen',
      offline: 'offline',
      noCamera: 'none',
      notRecorded: 'not recorded',
      noPlayer: (p) => `no player for ${p}`,
      fault,
      simulated: '演示 SIMULATED',
    }),
  };
}
