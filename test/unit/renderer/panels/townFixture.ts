import type { Town } from '../../../../protocol/town/town.ts';

const made = { confidenceM: null, source: 'made up for tests' };
const ring: [number, number][] = [
  [120.47, 30.73],
  [120.5, 30.73],
  [120.5, 30.76],
  [120.47, 30.73],
];
const names = (zh: string, en: string) => ({ zh, en });

const agency = (
  id: string,
  zh: string,
  en: string,
  shortZh: string,
  shortEn: string,
  colour: string,
  shape: Town['agencies'][number]['shape'],
) => ({
  id,
  name: names(zh, en),
  shortName: names(shortZh, shortEn),
  colour,
  shape,
});
const channel = (id: string, zh: string, en: string, basis: 'brief' | 'inferred', expectedPerDay: number) => ({
  id,
  name: names(zh, en),
  basis,
  mode: 'online' as const,
  expectedPerDay,
  source: made.source,
});
const type = (id: string, zh: string, en: string, leadAgencyId: string, severity: number, urgent: boolean) => ({
  id,
  name: names(zh, en),
  gbCode: '0000',
  leadAgencyId,
  supportAgencyIds: [],
  severity,
  tier: 'general' as const,
  urgent,
});
const promise = (
  id: Town['promises'][number]['id'],
  zh: string,
  en: string,
  binjiang: boolean,
  limitS: number,
  workingDays: number | null = null,
) => ({
  id,
  name: names(zh, en),
  owner: binjiang ? names('滨江承诺', 'Binjiang promise') : names('乌镇承诺', 'Wuzhen promise'),
  limitS,
  workingDays,
  source: made.source,
});

/** A town small enough to read and as varied as the wall must bear. */
export function townFixture(): Town {
  return {
    scene: {
      id: 'wuzhen',
      title: names('乌镇', 'Wuzhen'),
      originLonDeg: 120.486,
      originLatDeg: 30.745,
      timeZone: 'Asia/Shanghai',
      utcOffsetMin: 480,
      homeView: { lonDeg: 120.486, latDeg: 30.745, headingDeg: 0, pitchDeg: -45, rangeM: 3000 },
      core: { ring },
      notice: names('示意图', 'Schematic'),
    },
    outline: { ring, ...made },
    roads: [],
    waterLines: [],
    waterAreas: [],
    places: [],
    quarters: [],
    agencies: [
      agency('ce', '综合执法', 'Comprehensive Enforcement', '综执', 'CE', '#57c4b4', 'arrow'),
      agency('ps', '公安', 'Public Security', '公安', 'PS', '#5a95ea', 'diamond'),
      agency('tp', '交警', 'Traffic Police', '交警', 'TP', '#8fb8f6', 'triangle'),
      agency('mr', '市场监管', 'Market Regulation', '市监', 'MR', '#e5ab5b', 'square'),
      agency('ee', '生态环境', 'Ecology and Environment', '生态', 'EE', '#7cb86c', 'hexagon'),
      agency('em', '应急管理', 'Emergency Management', '应急', 'EM', '#e5675b', 'circle'),
      agency('nr', '自然资源和规划', 'Natural Resources and Planning', '资规', 'NR', '#b7a074', 'square'),
    ],
    channels: [
      channel('guanjia', '乌镇管家', 'Wuzhen Stewards', 'brief', 48),
      channel('public', '群众反映', 'Public Reports', 'brief', 18),
      channel('grid', '网格事件', 'Grid Events', 'brief', 42),
      channel('minsheng', '民声一键办', 'One-Click Public Voice', 'brief', 14),
      channel('assigned', '上级指派', 'Assigned from Above', 'brief', 5),
      channel('ai_street', 'AI智能监控（云共治）', 'AI Street Monitoring (Cloud Co-governance)', 'inferred', 125),
      channel('hawkeye', '高空鹰眼', 'Hawk-eye Cameras', 'inferred', 7),
      channel('drone', '无人机巡航', 'Drone Patrol', 'inferred', 6),
      channel('police_divert', '110非警务分流', 'Diverted from 110', 'inferred', 13),
    ],
    eventTypes: [
      type('gas_leak', '瓶装燃气泄漏报警', 'Bottled gas leak alarm', 'em', 1, true),
      type('road_dig', '擅自开挖城市道路', 'Unlicensed road digging', 'ce', 2, true),
      type('canal_dump', '运河疑似偷倒渣土', 'Suspected dumping into the canal', 'ee', 3, false),
      type('open_fire', '露天焚烧', 'Open burning', 'ee', 3, false),
      type('parking', '人行道违停', 'Parking on the pavement', 'tp', 4, false),
      type(
        'long',
        '机动车非机动车在历史文化街区内长时间违规停放并占用消防通道',
        'Motor vehicles and bicycles left for hours in the heritage quarter across a fire lane',
        'ce',
        4,
        false,
      ),
    ],
    promises: [
      promise('accept', '1分钟受理', 'Accepted in 1 min', true, 60),
      promise('setOut', '5分钟出动', 'Set out in 5 min', true, 300),
      promise('arriveCore', '镇区2分钟到场', 'Centre: there in 2 min', false, 120),
      promise('arriveTown', '全镇5分钟到场', 'Town: there in 5 min', false, 300),
      promise('closeUrgent', '紧急24小时办结', 'Urgent: closed in 24 h', true, 86_400),
      promise('closeOther', '一般3个工作日办结', 'Other: closed in 3 working days', true, 1_209_600, 3),
    ],
    droneRoutes: [],
  };
}
