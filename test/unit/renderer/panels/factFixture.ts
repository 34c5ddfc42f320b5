import type { Camera, Channel, DeskMode, Incident, IncidentState, Unit, Weather } from '../../../../protocol/messages/index.ts';

/** 13 May 2026, 19:21:05 in Wuzhen. */
export const NOW_MS = Date.UTC(2026, 4, 13, 11, 21, 5);

const operator = { deskId: 'sim-operator', name: { zh: '坐席 03', en: 'Operator 03' }, simulated: true };
const ORDER: readonly IncidentState[] = ['reported', 'accepted', 'triaged', 'dispatched', 'onTheWay', 'onScene', 'handled', 'closed'];

/** An incident that reached `state` in steps of 20 s from `agoS` seconds before now. */
export function incidentFixture(id: string, state: IncidentState, agoS: number, changes: Partial<Incident> = {}): Incident {
  const reportedAtMs = NOW_MS - agoS * 1000;
  const stepMs = Math.min(20_000, (agoS * 1000) / ORDER.length);
  return {
    id,
    rev: 1,
    number: `20260513-${id.padStart(4, '0')}`,
    channelId: 'grid',
    typeId: 'road_dig',
    place: { zh: '子夜东路', en: 'Ziye East Road' },
    lonDeg: 120.4925,
    latDeg: 30.742,
    inCore: false,
    severity: 2,
    urgent: true,
    tier: 'general',
    state,
    reportedAtMs,
    reporterCount: 1,
    leadAgencyId: 'ce',
    supportAgencyIds: [],
    cameraIds: [],
    assignments: [],
    steps: ORDER.slice(0, ORDER.indexOf(state) + 1).map((reached, index) => ({
      state: reached,
      atMs: reportedAtMs + index * stepMs,
      by: operator,
      unitId: null,
      reason: null,
    })),
    outcome: state === 'closed' ? 'handled' : null,
    note: {
      zh: '有人在子夜东路挖路，没有围挡，车辆绕行。',
      en: 'Somebody is digging up Ziye East Road without a fence; cars drive round it.',
    },
    simulated: true,
    ...changes,
  };
}

export function unitFixture(id: string, zh: string, en: string, agencyId: string, changes: Partial<Unit> = {}): Unit {
  return {
    id,
    rev: 1,
    kind: 'vehicle',
    name: { zh, en },
    agencyId,
    handle: Number.parseInt(id.replace(/\D/g, ''), 10) || 1,
    status: 'available',
    crew: [],
    vehicleId: null,
    plate: '浙F·演07',
    postId: null,
    incidentId: null,
    cameraIds: [],
    callAddress: `sim:${id}`,
    talkGroup: null,
    simulated: true,
    ...changes,
  };
}

export function cameraFixture(id: string, unitId: string, changes: Partial<Camera> = {}): Camera {
  return {
    id,
    rev: 1,
    kind: 'body',
    name: { zh: `记录仪 ${id}`, en: `Body camera ${id}` },
    unitId,
    lonDeg: null,
    latDeg: null,
    headingDeg: null,
    online: true,
    stream: { protocol: 'synthetic', url: `sim:${id}` },
    simulated: true,
    ...changes,
  };
}

function channelFixture(id: string, perHour: number, pending: number): Channel {
  const shape = [1, 0, 0, 0, 0, 1, 2, 5, 8, 9, 10, 8, 5, 6, 9, 10, 9, 8, 8, 3, 0, 0, 0, 0];
  const byHour = shape.map((weight, hour) => (hour > 19 ? 0 : Math.round((weight * perHour) / 6 + ((hour * 7 + id.length * 3) % 3))));
  return { id, rev: 1, today: byHour.reduce((sum, n) => sum + n, 0), pending, byHour, lastReportAtMs: NOW_MS - 40_000 };
}

export const modeFixture: DeskMode = {
  id: 'desk',
  rev: 1,
  mode: 'routine',
  sinceMs: NOW_MS - 11 * 3_600_000,
  by: operator,
  reason: null,
  leader: { zh: '沈国强', en: 'Shen Guoqiang' },
};
export const weatherFixture: Weather = {
  id: 'town',
  rev: 1,
  condition: 'cloudy',
  text: { zh: '多云', en: 'Cloudy' },
  temperatureC: 21.4,
  windMps: 2.1,
  windFromDeg: 120,
  observedAtMs: NOW_MS - 300_000,
  simulated: true,
};

/** An evening as the wall meets it: an incident in every state, three dozen units, six body cameras. */
export function eveningFixture() {
  const sent = {
    unitId: 'ce12',
    orderedAtMs: NOW_MS - 95_000,
    setOutAtMs: NOW_MS - 70_000,
    arrivedAtMs: null,
    releasedAtMs: null,
    etaAtMs: NOW_MS + 83_000,
    route: [],
  };
  const incidents = [
    incidentFixture('147', 'accepted', 38),
    incidentFixture('148', 'reported', 21, {
      typeId: 'gas_leak',
      severity: 1,
      channelId: 'ai_street',
      place: { zh: '西栅大街', en: 'Xizha Main Street' },
      inCore: true,
    }),
    incidentFixture('141', 'onTheWay', 190, {
      typeId: 'canal_dump',
      severity: 3,
      urgent: false,
      channelId: 'drone',
      place: { zh: '京杭大运河', en: 'Grand Canal' },
      assignments: [sent],
    }),
    incidentFixture('139', 'onScene', 1227, {
      typeId: 'open_fire',
      severity: 3,
      urgent: false,
      channelId: 'hawkeye',
      place: { zh: '民合村', en: 'Minhe Village' },
      assignments: [{ ...sent, unitId: 'ee02', arrivedAtMs: NOW_MS - 300_000, etaAtMs: null }],
    }),
    incidentFixture('150', 'reported', 84, {
      typeId: 'parking',
      severity: 4,
      urgent: false,
      channelId: 'public',
      place: { zh: '青镇路', en: 'Qingzhen Road' },
    }),
    incidentFixture('133', 'triaged', 260, {
      typeId: 'long',
      severity: 4,
      urgent: false,
      channelId: 'ai_street',
      place: { zh: '乌镇历史文化街区东栅财神湾历史建筑群', en: 'Caishen Bay historic buildings in the Dongzha heritage quarter' },
    }),
    incidentFixture('128', 'handled', 3900, {
      typeId: 'parking',
      severity: 4,
      urgent: false,
      channelId: 'guanjia',
      place: { zh: '甘泉路', en: 'Ganquan Road' },
    }),
    ...Array.from({ length: 60 }, (_, i) =>
      incidentFixture(`${i + 1}`, 'closed', 5000 + i * 700, {
        typeId: 'parking',
        severity: 4,
        urgent: i % 9 === 0,
        inCore: i % 2 === 0,
        assignments: [
          {
            ...sent,
            orderedAtMs: NOW_MS - (4950 + i * 700) * 1000,
            setOutAtMs: NOW_MS - (4900 + i * 700) * 1000,
            arrivedAtMs: NOW_MS - (4950 + i * 700 - 80 - (i % 7) * 20) * 1000,
            releasedAtMs: NOW_MS - 4000_000,
          },
        ],
      }),
    ),
  ];
  const fleet: [string, string, string, number][] = [
    ['ce', '综执', 'CE', 12],
    ['ps', '公安', 'PS', 6],
    ['tp', '交警', 'TP', 4],
    ['mr', '市监', 'MR', 3],
    ['ee', '生态', 'EE', 2],
    ['em', '应急', 'EM', 2],
  ];
  const units = fleet.flatMap(([agencyId, zh, en, count]) =>
    Array.from({ length: count }, (_, i) => {
      const number = String(i + 1).padStart(2, '0');
      return unitFixture(`${agencyId}${number}`, `${zh} ${number}`, `${en} ${number}`, agencyId, {
        status: i % 7 === 5 ? 'offline' : i % 5 === 1 ? 'dispatched' : 'available',
        crew: [{ unitId: 'officer-021', name: { zh: '陆俊', en: 'Lu Jun' } }],
      });
    }),
  );
  const officers = Array.from({ length: 8 }, (_, i) =>
    unitFixture(`officer-02${i}`, `综执 02${i}`, `CE 02${i}`, 'ce', { kind: 'officer', plate: null, cameraIds: [`body-02${i}`] }),
  );
  const cameras = officers.map((officer) => cameraFixture(`body-${officer.id.slice(-3)}`, officer.id));
  const channels = (
    [
      ['guanjia', 3, 2],
      ['public', 1, 3],
      ['grid', 3, 1],
      ['minsheng', 1, 0],
      ['assigned', 0.3, 0],
      ['ai_street', 8, 1],
      ['hawkeye', 0.5, 0],
      ['drone', 0.4, 1],
      ['police_divert', 1, 0],
    ] as const
  ).map(([id, perHour, pending]) => channelFixture(id, perHour, pending));
  return { incidents, units: [...units, ...officers], cameras, channels };
}
