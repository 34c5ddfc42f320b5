import type { ServicePromise, Town } from '../../protocol/town/town.ts';
import type { Unit } from '../../protocol/messages/index.ts';
import type { LonLat } from '../../protocol/primitives.ts';
import type { RoadWay, Router, RouterOptions } from '../../gateway/desk/deskContext.ts';
import { distanceM } from '../../gateway/desk/wayTo.ts';
import type { UnitReport } from '../../gateway/desk/fleet.ts';
import type { Report } from '../../gateway/sources/source.ts';
import type { Fix } from '../../protocol/frames/position.ts';

/** A town of two channels and two agencies, by hand: what the gateway needs and nothing else. UTC+8. */
const text = (en: string) => ({ zh: en, en });
const source = 'made for tests';
/** Urgent matters here have ten minutes, so that a test of some minutes breaks it. */
const promise = (id: ServicePromise['id'], limitS: number, owner: number): ServicePromise => ({
  id,
  name: text(id),
  owner: text(`Owner ${owner}`),
  limitS,
  workingDays: null,
  source,
});
const centre = { lonDeg: 120.49, latDeg: 30.74 };

export const tinyTown: Town = {
  scene: {
    id: 'tiny',
    title: text('Tiny'),
    originLonDeg: centre.lonDeg,
    originLatDeg: centre.latDeg,
    timeZone: 'Asia/Shanghai',
    utcOffsetMin: 480,
    homeView: { ...centre, headingDeg: 0, pitchDeg: -45, rangeM: 3000 },
    core: {
      ring: [
        [120.48, 30.73],
        [120.5, 30.73],
        [120.5, 30.75],
        [120.48, 30.75],
      ],
    },
    notice: text('test'),
  },
  outline: {
    ring: [
      [120.4, 30.7],
      [120.6, 30.7],
      [120.6, 30.8],
      [120.4, 30.8],
    ],
    confidenceM: null,
    source,
  },
  roads: [],
  waterLines: [],
  waterAreas: [],
  places: [],
  quarters: [],
  agencies: (['ce', 'ps', 'tp'] as const).map((id) => ({ id, name: text(id), shortName: text(id), colour: '#112233', shape: 'arrow' })),
  channels: ['public', 'ai'].map((id) => ({ id, name: text(id), basis: 'brief', mode: 'online', expectedPerDay: 10, source })),
  eventTypes: [
    {
      id: 'digging',
      name: text('digging'),
      gbCode: '',
      leadAgencyId: 'ce',
      supportAgencyIds: ['ps'],
      severity: 2,
      tier: 'general',
      urgent: true,
    },
    { id: 'dog', name: text('dog'), gbCode: '', leadAgencyId: 'ps', supportAgencyIds: [], severity: 4, tier: 'simple', urgent: false },
  ],
  promises: [
    promise('accept', 60, 1),
    promise('setOut', 300, 1),
    promise('arriveCore', 120, 2),
    promise('arriveTown', 300, 2),
    promise('closeUrgent', 600, 1),
    { ...promise('closeOther', 1_209_600, 1), workingDays: 3 },
  ],
  droneRoutes: [],
};

/** Straight lines at 10 m/s; walkers at 1 m/s. */
export const straightRouter: Router = {
  route: straight,
  waysTo: (to, from, options) =>
    from.map((start) => {
      const way = straight(start, to, options);
      return { durationS: way.durationS, route: () => way };
    }),
};
function straight(from: LonLat, to: LonLat, options?: RouterOptions): RoadWay {
  const metres = distanceM(from, to);
  return { line: [from, to], distanceM: metres, durationS: metres / (options?.kind === 'officer' ? 1 : 10) };
}

let handle = 0;
export const makeUnit = (id: string, change: Partial<Unit> = {}): UnitReport => ({
  id,
  kind: 'vehicle',
  name: text(id),
  agencyId: 'ce',
  handle: (handle += 1),
  status: 'available',
  crew: [],
  vehicleId: null,
  plate: null,
  postId: null,
  cameraIds: [],
  callAddress: `sim:${id}`,
  talkGroup: null,
  simulated: true,
  ...change,
});
export const makeReport = (change: Partial<Report> = {}): Report => ({
  channelId: 'public',
  typeId: 'digging',
  place: text('somewhere'),
  ...centre,
  note: null,
  cameraIds: [],
  simulated: true,
  ...change,
});
/** A fix `eastM` metres east of the centre. */
export const makeFix = (id: string, observedAtMs: number, eastM = 0): Fix => ({
  id,
  lonDeg: centre.lonDeg + eastM / 95_600,
  latDeg: centre.latDeg,
  altM: 0,
  headingDeg: 90,
  speedMps: 5,
  observedAtMs,
});
