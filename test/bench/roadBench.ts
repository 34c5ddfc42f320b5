import { monitorEventLoopDelay } from 'node:perf_hooks';
import { nearestUnits } from '../../gateway/desk/candidates.ts';
import { createReach } from '../../gateway/reach/createReach.ts';
import type { FreeUnit } from '../../gateway/reach/reachTown.ts';
import { createRoadGraph } from '../../gateway/roads/roadGraph.ts';
import type { Incident, Unit } from '../../protocol/messages/index.ts';
import type { LonLat } from '../../protocol/primitives.ts';
import type { Road } from '../../protocol/town/town.ts';
import { gridPoint, makeGridRoads } from '../support/gridRoads.ts';
import { createRandom } from './patrolMotion.ts';
import type { Figure } from './table.ts';

const GRID = 101;
const SIDE_M = (GRID - 1) * 120;
const UNITS = 200;
const RUNS = 200;
const REACH_UNITS = 60;
const REACH_RUNS = 40;

const quantile = (times: number[], share: number): number => times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * share)]!;

/** 200 units, three in four of them vehicles, anywhere in the made-up town. */
function makeUnits(random: () => number) {
  const text = { zh: '一', en: 'One' };
  return Array.from({ length: UNITS }, (_, i): { unit: Unit; place: [number, number] } => {
    const [lonDeg, latDeg] = gridPoint(random() * SIDE_M, random() * SIDE_M);
    const unit: Unit = {
      id: `unit-${i}`,
      rev: 1,
      kind: i % 4 === 3 ? 'officer' : 'vehicle',
      name: text,
      agencyId: ['ce', 'ps', 'tp'][i % 3]!,
      handle: i + 1,
      status: 'available',
      crew: [],
      vehicleId: null,
      plate: null,
      postId: null,
      incidentId: null,
      cameraIds: [],
      callAddress: null,
      talkGroup: null,
      simulated: true,
    };
    return { unit, place: [lonDeg, latDeg] };
  });
}
function incidentAt([lonDeg, latDeg]: readonly number[]): Incident {
  const text = { zh: '一', en: 'One' };
  return {
    id: 'incident',
    rev: 1,
    number: '1',
    channelId: 'public',
    typeId: 'digging',
    place: text,
    lonDeg: lonDeg!,
    latDeg: latDeg!,
    inCore: true,
    severity: 2,
    urgent: true,
    tier: 'general',
    state: 'reported',
    reportedAtMs: 0,
    reporterCount: 1,
    leadAgencyId: 'ce',
    supportAgencyIds: ['ps'],
    cameraIds: [],
    assignments: [],
    steps: [],
    outcome: null,
    note: null,
    simulated: true,
  };
}

/** The reach of 60 units from the question to the answer, in another thread, and how long this one was held up by it at most. */
async function reachFigures(roads: readonly Road[], units: readonly { unit: Unit; place: [number, number] }[]): Promise<Figure[]> {
  const [west, south] = gridPoint(0, 0);
  const [east, north] = gridPoint(SIDE_M, SIDE_M);
  const [coreEast, coreNorth] = gridPoint(SIDE_M / 3, SIDE_M / 3);
  const ring = (lonDeg: number, latDeg: number): LonLat[] => [
    [west, south],
    [lonDeg, south],
    [lonDeg, latDeg],
    [west, latDeg],
  ];
  const reach = createReach({
    roads,
    places: [],
    outline: ring(east, north),
    core: ring(coreEast, coreNorth),
    coreLimitS: 120,
    townLimitS: 300,
    traffic: null,
    utcOffsetMin: 480,
    rules: { placeKinds: ['village'], moveUp: { leastGainM: 1000, longestDriveS: 900, nearlyAsGood: 0.1 } },
  });
  const free = units
    .filter(({ unit }) => unit.kind === 'vehicle')
    .slice(0, REACH_UNITS)
    .map(({ unit, place }): FreeUnit => ({ unitId: unit.id, kind: 'vehicle', at: place, postId: null }));
  const ask = async (question: () => Promise<object[]>) => {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const times: number[] = [];
    await question();
    delay.enable();
    for (let run = 0; run < REACH_RUNS; run += 1) {
      const beganMs = performance.now();
      const items = await question();
      times.push(performance.now() - beganMs);
      // What a wall is told is made into text here, as the feed does it.
      if (JSON.stringify(items).length < 100) throw new Error('there is much to tell');
    }
    delay.disable();
    return { times, blockedMs: delay.max / 1e6 };
  };
  const whole = await ask(() => reach.ask('reach', free, 0, {}));
  const one = await ask(() => reach.ask('reachWithout', free, 0, { unitIds: free.slice(0, 3).map(({ unitId }) => unitId) }));
  await reach.dispose();
  const of = `${REACH_UNITS} units, p95 of ${REACH_RUNS}, asked and answered over a thread`;
  return [
    { name: `isochrones of ${REACH_UNITS} units`, value: quantile(whole.times, 0.95), unit: 'ms', budget: 200, how: of },
    { name: 'what three of them would open', value: quantile(one.times, 0.95), unit: 'ms', budget: 200, how: of },
    {
      name: 'main thread held up by it',
      value: whole.blockedMs,
      unit: 'ms',
      budget: 50,
      how: 'longest delay of its loop, with the text for a wall',
    },
  ];
}

/** What the desk pays for the nearest units in a town far larger than Wuzhen. */
export async function roadBench(): Promise<Figure[]> {
  const random = createRandom(11);
  const roads = makeGridRoads(GRID, random);
  const startedMs = performance.now();
  const graph = createRoadGraph(roads);
  const builtMs = performance.now() - startedMs;
  const units = makeUnits(random);
  const fixes = new Map(
    units.map(({ unit, place: [lonDeg, latDeg] }) => [
      unit.id,
      { id: unit.id, lonDeg, latDeg, altM: 0, headingDeg: 0, speedMps: 0, observedAtMs: 0 },
    ]),
  );
  const where = {
    nowMs: () => 0,
    units: () => units.map(({ unit }) => unit),
    dutyOf: () => null,
    vehicleOf: () => null,
    latestFix: (id: string) => fixes.get(id),
    router: graph,
    skills: [],
  };
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const incident = incidentAt(gridPoint(random() * SIDE_M, random() * SIDE_M));
    const beganMs = performance.now();
    const best = nearestUnits(incident, 3, where);
    times.push(performance.now() - beganMs);
    if (best.length !== 3) throw new Error('three units can always go');
  }
  const of = `${graph.edgeCount} edges, ${UNITS} units, their routes by road and hour`;
  const reach = await reachFigures(roads, units);
  return [
    { name: `the nearest three, p95 of ${RUNS}`, value: quantile(times, 0.95), unit: 'ms', budget: 20, how: of },
    { name: 'the nearest three, median', value: quantile(times, 0.5), unit: 'ms', budget: null, how: of },
    { name: 'the graph is built in', value: builtMs, unit: 'ms', budget: null, how: `${roads.length} roads` },
    ...reach,
  ];
}
