import type { Town } from '../../../protocol/town/town.ts';
import type { RoadGraph } from '../../roads/roadGraph.ts';
import type { Scenario } from '../../scene/scenario.ts';
import type { Intake, OpenSource } from '../source.ts';
import { DAY_MS, midnightBefore, planDay } from './dayPlan.ts';
import type { Arrival } from './dayPlan.ts';
import { createFleet } from './fleet.ts';
import { createMorning, detectionOf } from './morning.ts';
import { createOperators } from './operators.ts';
import { createRandom } from './random.ts';

export interface SceneConfig {
  town: Town;
  scenario: Scenario;
  graph: RoadGraph;
  /** Copies of the scenario's vehicles, for measuring; 0 on a wall. */
  extraUnits?: number;
}

/** Plays a town's day as if it were a field system: units move, channels report, crews obey. All on the intake's clock, at any rate. */
export const sceneSource = {
  kind: 'scene',
  open({ town, scenario, graph, extraUnits = 0 }: SceneConfig, intake: Intake, signal: AbortSignal): OpenSource {
    const { clock } = intake;
    const startMs = clock.nowMs();
    const random = createRandom(scenario.seed, scenario.id);
    const weather = { ...scenario.weather, id: 'town', observedAtMs: startMs, simulated: true };
    for (const camera of scenario.cameras) intake.camera(camera);
    intake.weather(weather);
    const fleet = createFleet({ town, scenario, graph, intake, random: random.fork('fleet'), extraUnits });
    const operators = createOperators(scenario, intake, fleet, graph, random.fork('operators'));

    const morning = createMorning(town, scenario, graph, startMs, random.fork('morning'));
    intake.restore(morning);
    const stops = new Set<() => void>();
    const after = (delayMs: number, task: () => void): void => {
      const stop = clock.after(delayMs, () => {
        stops.delete(stop);
        task();
      });
      stops.add(stop);
    };
    for (const { incidentId, forLeader } of morning.open) {
      const incident = intake.incident(incidentId);
      if (incident) operators.take(incident, forLeader);
    }

    let detections = 0;
    const rectifyLater = (detection: ReturnType<typeof detectionOf>, leftS: number): void =>
      after(Math.max(0, leftS) * 1000, () => intake.detection({ ...detection, outcome: 'selfRectified' }));
    for (const detection of morning.detections) if (detection.outcome === 'open') rectifyLater(detection, random.between(20, 300));

    function bring(arrival: Arrival): void {
      if (arrival.selfRectifiesAfterS !== null) {
        detections += 1;
        const detection = detectionOf(`det-live-${startMs}-${detections}`, { ...arrival, atMs: clock.nowMs() }, 'open', random);
        intake.detection(detection);
        rectifyLater(detection, arrival.selfRectifiesAfterS);
        return;
      }
      const incident = intake.incident(intake.report(arrival.report));
      if (incident) operators.take(incident, arrival.forLeader);
    }

    /** Plans one local day and, at its end, the next: never more than a day of timers. */
    function planFrom(fromMs: number): void {
      const midnightMs = midnightBefore(fromMs, town.scene.utcOffsetMin);
      const rest = planDay(town, scenario, midnightMs).filter((arrival) => arrival.atMs >= fromMs);
      for (const arrival of rest) after(arrival.atMs - clock.nowMs(), () => bring(arrival));
      after(midnightMs + DAY_MS - clock.nowMs(), () => planFrom(midnightMs + DAY_MS));
    }
    planFrom(startMs);
    for (const { afterS, forLeader, selfRectifiesAfterS, channelId, typeId, place, lonDeg, latDeg, note, cameraIds } of scenario.script) {
      const report = { channelId, typeId, place, lonDeg, latDeg, note, cameraIds, simulated: true };
      after(afterS * 1000, () => bring({ atMs: clock.nowMs(), report, forLeader, selfRectifiesAfterS }));
    }

    // Positions about once a real second, or once a second of the scene when that is slower.
    stops.add(clock.every(1000 * Math.max(1, clock.rate), () => fleet.advanceTo(clock.nowMs())));
    const dispose = (): void => {
      operators.dispose();
      for (const stop of stops) stop();
      stops.clear();
    };
    signal.addEventListener('abort', dispose, { once: true });
    return { order: (order) => fleet.order(order), dispose };
  },
} as const;
