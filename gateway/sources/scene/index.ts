import type { Town } from '../../../protocol/town/town.ts';
import { createTriageRules } from '../../desk/triageRules.ts';
import { createLocalMetres } from '../../roads/localMetres.ts';
import type { RoadGraph } from '../../roads/roadGraph.ts';
import type { TriageRule } from '../../scene/deskRulesFile.ts';
import type { Scenario } from '../../scene/scenario.ts';
import type { Intake, OpenSource } from '../source.ts';
import { createAgenda } from './agenda.ts';
import { createArrivals } from './arrivals.ts';
import { createFieldCrew } from './fieldCrew.ts';
import { createIntakeDesk } from './intakeDesk.ts';
import { createMatters } from './matters.ts';
import { playMorning } from './morning.ts';
import { createOperators } from './operators.ts';
import { createPositionBatches } from './positionBatches.ts';
import { resumeScene } from './resumeScene.ts';
import type { SceneMemory } from './sceneMemory.ts';
import { createSceneUnits } from './sceneUnits.ts';
import { createSeededRandom } from './seededRandom.ts';
import { WEATHER_PERIOD_MS, weatherAt } from './weatherStation.ts';

export interface SceneConfig {
  town: Town;
  scenario: Scenario;
  graph: RoadGraph;
  /** The town's rules of triage, for what was judged before the scene begins. */
  triage: readonly TriageRule[];
  /** As many more vehicles on patrol, for measuring with a larger fleet. */
  extraUnits?: number;
  /** What a run before this one left; without it every scene begins anew. */
  memory?: SceneMemory;
}

/** Positions come once a second of server time, but not more often than this in real time, however fast the clock runs. */
const BATCH_MS = 1000;
const LEAST_REAL_MS = 500;
/** The tracks that are there when the scene begins, and how often they are marked. */
const HISTORY_MS = 600_000;
const HISTORY_STEP_MS = 5000;
const MINUTE_MS = 60_000;
/** After a restart: real time that is made up for. */
const MOST_MISSED_MS = 10_000;
/** How often it is put down where everything is: real time, and longer with a large fleet. */
const POSES_PERIOD_MS = 5000;
const POSES_PERIOD_MS_A_UNIT = 2;

/** A town's day played as if it came from a field system: units that move, channels that fill, crews and operators that do their work. */
export const sceneSource = {
  kind: 'scene',
  open(config: SceneConfig, intake: Intake, signal: AbortSignal): OpenSource {
    const { town, scenario, graph, triage, extraUnits = 0, memory = null } = config;
    const { clock } = intake;
    const begunMs = memory?.startMs ?? null;
    // The clock has run some milliseconds already. On the full minute two runs of the same scene are the same day.
    const startMs = begunMs ?? Math.floor(clock.nowMs() / MINUTE_MS) * MINUTE_MS;
    /** From when on the units' ways are known. */
    const waysMs = begunMs === null ? startMs - HISTORY_MS : clock.nowMs();
    const random = createSeededRandom(scenario.seed, scenario.id);
    const metres = createLocalMetres([town.scene.originLonDeg, town.scene.originLatDeg]);
    const agenda = createAgenda(clock);
    const units = createSceneUnits({
      town,
      scenario,
      graph,
      metres,
      random,
      startMs: waysMs,
      extraUnits,
      before: memory?.poses() ?? new Map(),
    });
    const fieldCrew = createFieldCrew({ intake, agenda, metres, units, operators: scenario.operators, random });
    const operators = createOperators({ intake, agenda, metres, units, fieldCrew, scenario, random, memory });
    const { byChannelByHour, exact } = scenario.arrivals;
    const arrivals = createArrivals(byChannelByHour, town.scene.utcOffsetMin, random, exact);
    const matters = createMatters({ town, scenario, graph, metres });
    const intakeDesk = createIntakeDesk({ intake, agenda, arrivals, matters, operators, random, scenario });
    const batches = createPositionBatches(units, metres, random);

    for (const camera of scenario.cameras) intake.camera(camera);
    for (const { fact } of units) intake.unit(fact);
    const begin = (): void => {
      for (let atMs = startMs - HISTORY_MS; atMs < startMs; atMs += HISTORY_STEP_MS) intake.fixes(batches.at(atMs));
      intake.fixes(batches.at(startMs, true));
      const rules = createTriageRules(triage, town);
      const morning = playMorning({ town, scenario, graph, metres, arrivals, matters, units, random, triage: rules, startMs });
      intake.restore(morning);
      for (const { incidentId, label } of morning.taken) operators.take(incidentId, label);
      for (const { incidentId, label } of morning.left) operators.leave(incidentId, label);
      for (const { id, matter, detectedAtMs } of morning.waiting) intakeDesk.settle(id, matter, detectedAtMs);
      intakeDesk.start(startMs);
      memory?.begin(startMs);
    };
    const goOn = (from: SceneMemory): void => {
      intake.fixes(batches.at(clock.nowMs(), true));
      resumeScene({ memory: from, fieldCrew, operators, intakeDesk, places: town.places });
      // What would have arrived while nobody was here arrives now; after a longer absence it never did.
      intakeDesk.start(startMs, Math.max((from.lastAtMs ?? startMs) + 1, clock.nowMs() - MOST_MISSED_MS * clock.rate));
    };
    if (memory && begunMs !== null) goOn(memory);
    else begin();

    const observeWeather = (): void => {
      intake.weather(weatherAt(agenda.nowMs(), scenario, random));
      agenda.at(agenda.nowMs() + WEATHER_PERIOD_MS, observeWeather);
    };
    observeWeather();

    const stopBatches = clock.every(Math.max(BATCH_MS, LEAST_REAL_MS * clock.rate), () => {
      agenda.catchUp();
      intake.fixes(batches.at(clock.nowMs()));
    });
    const keepPoses = (): void => memory?.keepPoses(units.map(({ fact, pose }) => [fact.id, pose(clock.nowMs())] as const));
    const posesPeriodMs = Math.max(POSES_PERIOD_MS, units.length * POSES_PERIOD_MS_A_UNIT);
    const stopPoses = memory ? clock.every(posesPeriodMs * clock.rate, keepPoses) : () => {};
    const dispose = (): void => {
      stopBatches();
      stopPoses();
      agenda.dispose();
      operators.dispose();
      signal.removeEventListener('abort', dispose);
    };
    if (signal.aborted) dispose();
    else signal.addEventListener('abort', dispose);

    return { order: fieldCrew.order, dispose };
  },
} as const;
