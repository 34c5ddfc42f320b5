import type { Town } from '../../../../protocol/town/town.ts';
import { createLocalFrame } from '../../../../renderer/map/localFrame.ts';

const zhEn = (name: string) => ({ zh: name, en: name });
const fact = { confidenceM: 50, source: 'test' };
const square = (lon: number, lat: number, half: number): [number, number][] => [
  [lon - half, lat - half],
  [lon + half, lat - half],
  [lon + half, lat + half],
  [lon - half, lat + half],
  [lon - half, lat - half],
];

/** A town of one quarter of each style, a bending canal, a wide river, a lake and a few roads that cross them. */
export const mapTown: Town = {
  scene: {
    id: 'test',
    title: zhEn('试镇'),
    originLonDeg: 120.5,
    originLatDeg: 30.75,
    timeZone: 'Asia/Shanghai',
    utcOffsetMin: 480,
    homeView: { lonDeg: 120.5, latDeg: 30.75, headingDeg: 330, pitchDeg: -40, rangeM: 4000 },
    core: { ring: square(120.5, 30.75, 0.01) },
    notice: zhEn('示意图'),
  },
  outline: { ring: square(120.5, 30.75, 0.03), ...fact },
  roads: [
    {
      id: 'main',
      name: zhEn('大街'),
      class: 'townMain',
      widthM: 14,
      speedLimitKmh: 40,
      oneWay: false,
      line: [
        [120.47, 30.748],
        [120.498, 30.7475],
        [120.53, 30.752],
      ],
      ...fact,
    },
    {
      id: 'lane',
      name: zhEn('小巷'),
      class: 'lane',
      widthM: 4,
      speedLimitKmh: 15,
      oneWay: false,
      line: [
        [120.5, 30.744],
        [120.5002, 30.7476],
        [120.4998, 30.756],
      ],
      ...fact,
    },
    {
      id: 'fast',
      name: zhEn('高速'),
      class: 'expressway',
      widthM: 28,
      speedLimitKmh: 100,
      oneWay: false,
      line: [
        [120.472, 30.722],
        [120.528, 30.73],
      ],
      ...fact,
    },
  ],
  waterLines: [
    {
      id: 'canal',
      name: zhEn('市河'),
      class: 'canal',
      widthM: 18,
      navigable: true,
      line: [
        [120.488, 30.754],
        [120.496, 30.751],
        [120.5, 30.7512],
        [120.506, 30.749],
        [120.514, 30.7496],
      ],
      ...fact,
    },
    {
      id: 'grand',
      name: zhEn('运河'),
      class: 'river',
      widthM: 70,
      navigable: true,
      line: [
        [120.472, 30.765],
        [120.5, 30.762],
        [120.528, 30.768],
      ],
      ...fact,
    },
  ],
  waterAreas: [{ id: 'lake', name: zhEn('湖'), ring: square(120.5155, 30.757, 0.0022), ...fact }],
  places: [{ id: 'white_lotus', name: zhEn('白莲塔'), kind: 'landmark', lonDeg: 120.494, latDeg: 30.7535, rank: 1, ...fact }],
  quarters: [
    { id: 'old', name: zhEn('老街'), style: 'old', ring: square(120.5, 30.7505, 0.0045) },
    { id: 'new', name: zhEn('新区'), style: 'modern', ring: square(120.515, 30.756, 0.006) },
    { id: 'farm', name: zhEn('村'), style: 'village', ring: square(120.486, 30.745, 0.004) },
    { id: 'works', name: zhEn('园区'), style: 'industry', ring: square(120.515, 30.735, 0.004) },
    { id: 'hall', name: zhEn('会展'), style: 'venue', ring: square(120.484, 30.758, 0.003) },
  ],
  agencies: [
    { id: 'ce', name: zhEn('综合执法'), shortName: zhEn('综执'), colour: '#57c4b4', shape: 'arrow' },
    { id: 'ps', name: zhEn('公安'), shortName: zhEn('公安'), colour: '#5a95ea', shape: 'diamond' },
  ],
  channels: [],
  eventTypes: [],
  promises: [],
  droneRoutes: [],
};

export const mapFrame = createLocalFrame(120.5, 30.75);
