import { createApp, h, reactive } from 'vue';
import type { Camera, Unit } from '../../../protocol/messages/index.ts';
import type { Town } from '../../../protocol/town/town.ts';
import { createCallDesk } from '../../../renderer/media/calls/createCallDesk.ts';
import { createSimulatedCalls, defaultSimulation } from '../../../renderer/media/calls/simulatedCalls.ts';
import LiveVideo from '../../../renderer/media/LiveVideo.vue';
import { mediaContextKey, type MediaContext, type MediaPose } from '../../../renderer/media/mediaContext.ts';
import { mediaCounters } from '../../../renderer/media/mediaCounters.ts';
import { openSyntheticCount } from '../../../renderer/media/players/syntheticPlayer.ts';

/** A page of live pictures and calls on a small town, without a gateway. A test drives it through `window.media`. */
const at = (x: number, y: number): [number, number] => [120.49 + x / 95_700, 30.74 + y / 110_574];
const ring = (x0: number, y0: number, x1: number, y1: number) => [at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1), at(x0, y0)];
const text = (zh: string, en: string) => ({ zh, en });
const fact = { confidenceM: null, source: 'test page' };
const road = (id: string, cls: 'lane' | 'street' | 'townMain' | 'county', widthM: number, line: [number, number][]) => ({
  id,
  name: text(id, id),
  class: cls,
  widthM,
  speedLimitKmh: 40,
  oneWay: false,
  line,
  ...fact,
});
const town: Town = {
  scene: {
    id: 'page',
    title: text('测试页', 'Test page'),
    originLonDeg: 120.49,
    originLatDeg: 30.74,
    timeZone: 'Asia/Shanghai',
    utcOffsetMin: 480,
    homeView: { lonDeg: 120.49, latDeg: 30.74, headingDeg: 0, pitchDeg: -40, rangeM: 2000 },
    core: { ring: ring(-500, -500, 500, 500) },
    notice: text('示意图', 'Schematic'),
  },
  outline: { ring: ring(-5000, -5000, 5000, 5000), ...fact },
  roads: [
    road('oldLane', 'lane', 3.4, [at(-400, 0), at(400, 0)]),
    road('canalLane', 'lane', 4, [at(-400, 200), at(400, 200)]),
    road('avenue', 'townMain', 18, [at(-900, -900), at(900, -900)]),
    road('street', 'street', 9, [at(900, -800), at(900, 800)]),
    road('villageRoad', 'lane', 5, [at(-900, 1500), at(900, 1500)]),
    road('county', 'county', 9, [at(-900, 2600), at(900, 2600)]),
    road('works', 'street', 9, [at(-2600, -900), at(-2600, 900)]),
    road('venue', 'street', 10, [at(2600, -900), at(2600, 900)]),
  ],
  waterLines: [
    {
      id: 'canal',
      name: text('市河', 'Town Canal'),
      class: 'canal',
      widthM: 14,
      navigable: true,
      line: [at(-600, 214), at(600, 214)],
      ...fact,
    },
  ],
  waterAreas: [],
  places: [
    { id: 'p1', name: text('西栅大街', 'Xizha Street'), kind: 'scenic', ...pos(0, 0), rank: 1, ...fact },
    { id: 'p2', name: text('通济桥', 'Tongji Bridge'), kind: 'scenic', ...pos(0, 230), rank: 1, ...fact },
    { id: 'p3', name: text('子夜东路', 'Ziye East Road'), kind: 'junction', ...pos(0, -900), rank: 1, ...fact },
    { id: 'p4', name: text('青镇路', 'Qingzhen Road'), kind: 'junction', ...pos(900, 0), rank: 1, ...fact },
    { id: 'p5', name: text('民合村', 'Minhe Village'), kind: 'village', ...pos(0, 1500), rank: 1, ...fact },
  ],
  quarters: [
    { id: 'q1', name: text('西栅', 'Xizha'), style: 'old', ring: ring(-600, -300, 600, 400) },
    { id: 'q2', name: text('新区', 'New town'), style: 'modern', ring: ring(-1000, -1200, 1400, -310) },
    { id: 'q6', name: text('新区东', 'New town east'), style: 'modern', ring: ring(700, -310, 1400, 900) },
    { id: 'q3', name: text('民合', 'Minhe'), style: 'village', ring: ring(-1000, 1400, 1000, 1600) },
    { id: 'q4', name: text('工业区', 'Works'), style: 'industry', ring: ring(-2900, -900, -2300, 900) },
    { id: 'q5', name: text('会展', 'Venue'), style: 'venue', ring: ring(2300, -900, 2900, 900) },
  ],
  agencies: [],
  channels: [],
  eventTypes: [],
  promises: [],
  droneRoutes: [],
};
function pos(x: number, y: number) {
  const [lonDeg, latDeg] = at(x, y);
  return { lonDeg, latDeg };
}

interface Actor {
  unit: Unit;
  camera: Camera;
  x: number;
  y: number;
  headingDeg: number;
  speedMps: number;
  altM: number;
}
const actor = (id: string, name: string, kind: Unit['kind'], x: number, y: number, headingDeg: number, speedMps: number): Actor => ({
  unit: {
    id,
    rev: 1,
    kind,
    name: text(name, id),
    agencyId: 'ce',
    handle: 1,
    status: 'available',
    crew: [],
    vehicleId: null,
    plate: null,
    postId: null,
    incidentId: null,
    cameraIds: [`body-${id}`],
    callAddress: `sim:${id}`,
    talkGroup: null,
    simulated: true,
  },
  camera: {
    id: `body-${id}`,
    rev: 1,
    kind: kind === 'vehicle' ? 'vehicle' : kind === 'drone' ? 'drone' : 'body',
    name: text(name, id),
    unitId: id,
    lonDeg: null,
    latDeg: null,
    headingDeg: null,
    online: true,
    stream: { protocol: 'synthetic', url: '' },
    simulated: true,
  },
  x,
  y,
  headingDeg,
  speedMps,
  altM: kind === 'drone' ? 80 : 0,
});
const actors = [
  actor('ce021', '综执 021', 'officer', -120, 0, 90, 1.3),
  actor('ce034', '综执 034', 'officer', 60, 199, 90, 1.2),
  actor('tp008', '交警 008', 'vehicle', -300, -902, 90, 10),
  actor('ps017', '公安 017', 'officer', 903, -100, 0, 1.2),
  actor('ms005', '市监 005', 'officer', -60, 1500, 270, 1.1),
  actor('ee055', '生态 055', 'vehicle', -300, 2599, 90, 12),
  actor('ce040', '综执 040', 'officer', 200, 0, 270, 0),
  actor('tp009', '交警 009', 'vehicle', 903, -300, 0, 8),
  actor('em001', '应急 001', 'vehicle', -2598, -300, 0, 8),
  actor('ps018', '公安 018', 'officer', 2600, 0, 0, 1.2),
  actor('dr002', '无人机 2 号', 'drone', 300, -600, 120, 8),
  actor('dr003', '无人机 3 号', 'drone', 0, 2300, 20, 8),
];
const query = new URLSearchParams(location.search);
const startMs = Date.parse(query.get('at') ?? '2026-05-13T10:20:00+08:00');
const began = performance.now();
const elapsedS = () => (performance.now() - began) / 1000;
const context: MediaContext = {
  poseOf(unitId): MediaPose | null {
    const a = actors.find((one) => one.unit.id === unitId);
    if (!a) return null;
    // Fixes at 1 Hz, as from a feed.
    const t = Math.floor(elapsedS());
    const rad = (a.headingDeg * Math.PI) / 180;
    const here = pos(a.x + Math.sin(rad) * a.speedMps * t, a.y + Math.cos(rad) * a.speedMps * t);
    return { ...here, altM: a.altM, headingDeg: a.headingDeg, speedMps: a.speedMps, observedAtMs: startMs + t * 1000 };
  },
  nowMs: () => startMs + performance.now() - began,
  isNow: () => true,
  town: () => town,
  locale: () => (query.get('locale') === 'en' ? 'en' : 'zh'),
  unitName: (id) => actors.find((one) => one.unit.id === id)?.unit.name[query.get('locale') === 'en' ? 'en' : 'zh'] ?? id,
  utcOffsetMin: () => 480,
  labels: () => ({
    live: 'LIVE',
    connecting: '正在连接',
    frozen: '画面停滞',
    offline: '离线',
    noCamera: '没有摄像机',
    notRecorded: '画面未录像',
    noPlayer: (protocol) => `没有 ${protocol} 播放器`,
    fault: {
      noPlayer: '没有播放器',
      noAgent: '无法呼叫',
      unreachable: '无法接通',
      busy: '正在通话',
      iceFailed: '媒体不通',
      streamEnded: '信号中断',
      unsupported: '浏览器不支持',
      aborted: '',
      failed: '出错',
    },
    simulated: '演示 SIMULATED',
  }),
};

const first = Number(query.get('first') ?? 0);
const shown = reactive({
  tiles: actors.slice(first, first + Number(query.get('tiles') ?? 6)),
  size: (query.get('size') ?? 'tile') as 'tile' | 'large',
});
const app = createApp({
  render: () =>
    shown.tiles.map((a) =>
      h('div', { key: a.unit.id, style: shown.size === 'large' ? 'width:976px;height:549px' : '' }, [
        h(LiveVideo, { camera: a.camera, unit: a.unit, size: shown.size }),
      ]),
    ),
});
app.provide(mediaContextKey, context);
app.mount('#tiles');

const live = { peers: 0, tracks: 0 };
const NativePeer = globalThis.RTCPeerConnection;
function createPeer() {
  const peer = new NativePeer();
  const close = peer.close.bind(peer);
  live.peers++;
  let open = true;
  peer.close = () => {
    if (open) live.peers--;
    open = false;
    close();
  };
  return peer;
}
const reports: string[] = [];
const protocol = createSimulatedCalls({ ...defaultSimulation, createPeer, ringMs: () => 60 });
const desk = createCallDesk({
  context,
  unitOf: (id) => actors.find((one) => one.unit.id === id)?.unit ?? null,
  report: (call) => reports.push(call.state),
  protocols: [protocol],
});

export const media = { town, actors, shown, desk, reports, live, counters: mediaCounters, openCameras: openSyntheticCount, createPeer };
declare global {
  interface Window {
    media: typeof import('./media.ts').media;
  }
}
window.media = media;
