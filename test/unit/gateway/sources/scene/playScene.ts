import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { createDesk } from '../../../../../gateway/desk/createDesk.ts';
import { createMemoryJournal } from '../../../../../gateway/journal/createMemoryJournal.ts';
import type { Journal } from '../../../../../gateway/journal/journal.ts';
import { createLivePositions } from '../../../../../gateway/journal/livePositions.ts';
import { createRoadGraph } from '../../../../../gateway/roads/roadGraph.ts';
import { loadScene } from '../../../../../gateway/scene/loadScene.ts';
import type { Scenario } from '../../../../../gateway/scene/scenario.ts';
import { sceneSource } from '../../../../../gateway/sources/scene/index.ts';
import { createSceneMemory } from '../../../../../gateway/sources/scene/sceneMemory.ts';
import type { Intake, Order, Progress } from '../../../../../gateway/sources/source.ts';
import type { Fix } from '../../../../../protocol/frames/position.ts';
import type { Actor, Incident } from '../../../../../protocol/messages/index.ts';
import { createTickingClock } from './tickingClock.ts';

const scenes = fileURLToPath(new URL('../../../../../scenes', import.meta.url));
const { town, scenario, triage, merging } = await loadScene(scenes, 'wuzhen/ordinary');
const graph = createRoadGraph(town.roads);
export const wuzhen = { town, scenario, graph };
/** The same town on its busiest day. */
export const golden = (await loadScene(scenes, 'wuzhen/golden')).scenario;

/** Somebody who sits at a wall. */
export const person: Actor = { deskId: 'wall-1', name: { zh: '值班长', en: 'Duty leader' }, simulated: false };

export interface PlayOptions {
  tickMs?: number;
  rate?: number;
  extraUnits?: number;
  /** One that a scene before this one has written, and when that one ended. */
  before?: { journal: Journal; atMs: number };
  change?(scenario: Scenario): Scenario;
  /** Events that the journal keeps. */
  retention?: number;
}

/** Wuzhen's ordinary evening played into a real desk, on a clock that the test moves. What the source said is kept. */
export function playScene({
  tickMs = 250,
  rate = 1,
  extraUnits = 0,
  before,
  change = (same) => same,
  retention = 20_000,
}: PlayOptions = {}) {
  const played = change(scenario);
  const clock = createTickingClock(before?.atMs ?? played.startAtMs, tickMs, rate);
  const journal = before?.journal ?? createMemoryJournal({ retention });
  const positions = createLivePositions((id) => journal.latest('unit.updated', id) !== undefined);
  const faults: unknown[] = [];
  const desk = createDesk({
    journal,
    clock,
    town,
    router: graph,
    positions,
    start: { mode: played.mode, leader: played.leader, simulated: true },
    rules: { triage, merging },
    onFault: (error) => faults.push(error),
  });
  const heard = { fixes: [] as Fix[], batches: 0, progress: [] as (Progress & { atMs: number })[], orders: [] as Order[] };
  const intake: Intake = {
    ...desk.intake,
    fixes(fixes) {
      heard.batches += 1;
      // The source may use its objects again.
      for (const fix of fixes) heard.fixes.push({ ...fix });
      return desk.intake.fixes(fixes);
    },
    progress(progress) {
      heard.progress.push({ ...progress, atMs: clock.nowMs() });
      return desk.intake.progress(progress);
    },
  };
  const stop = new AbortController();
  const waitingBefore = clock.waiting;
  const source = sceneSource.open(
    { town, scenario: played, graph, triage, extraUnits, memory: createSceneMemory(journal) },
    intake,
    stop.signal,
  );
  desk.connect({
    ...source,
    order(order) {
      heard.orders.push(order);
      source.order(order);
    },
  });
  onTestFinished(() => {
    source.dispose();
    desk.dispose();
  });
  return {
    clock,
    desk,
    intake,
    journal,
    positions,
    faults,
    heard,
    source,
    stop,
    waitingBefore,
    incidents: (): Incident[] => [...journal.all('incident.updated')],
    advance: (seconds: number): void => clock.advance(seconds * 1000),
  };
}

/** Without arrivals by chance: only what the test itself brings in. */
export const quiet = (given: Scenario): Scenario => ({
  ...given,
  pending: [],
  script: [],
  arrivals: {
    ...given.arrivals,
    byChannelByHour: Object.fromEntries(Object.keys(given.arrivals.byChannelByHour).map((id) => [id, new Array<number>(24).fill(0)])),
  },
});
