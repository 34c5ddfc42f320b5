import { describe, expect, it } from 'vitest';
import type { Fix } from '../../../../../protocol/frames/position.ts';
import { fixSchema } from '../../../../../protocol/frames/position.ts';
import { detectionMessage } from '../../../../../protocol/messages/detection.ts';
import { incidentMessage } from '../../../../../protocol/messages/incident.ts';
import { unitMessage } from '../../../../../protocol/messages/unit.ts';
import { weatherMessage } from '../../../../../protocol/messages/weather.ts';
import type { Incident } from '../../../../../protocol/messages/index.ts';
import { roadAtLonLat } from './onRoads.ts';
import { playScene, quiet, wuzhen } from './playScene.ts';

const { scenario, town } = wuzhen;
const startMs = scenario.startAtMs;
const kindOf = new Map(scenario.units.map((row) => [row.id, row.kind]));
const riders = new Set(scenario.units.flatMap((row) => (row.kind === 'vehicle' || row.kind === 'boat' ? row.crewIds : [])));
const stepAt = (incident: Incident, state: Incident['state']): number => incident.steps.find((step) => step.state === state)!.atMs;
/** The incidents that came in after the start. */
const arrivalsOf = (scene: ReturnType<typeof playScene>) =>
  scene
    .incidents()
    .filter(({ reportedAtMs }) => reportedAtMs >= startMs)
    .map(({ channelId, typeId, lonDeg, latDeg, reportedAtMs }) => ({ channelId, typeId, lonDeg, latDeg, reportedAtMs }));

describe('sceneSource', () => {
  it('is one and the same day for the same seed, whatever the tick: arrivals and the positions of the first ten minutes', () => {
    const [fine, coarse] = [playScene({ tickMs: 250 }), playScene({ tickMs: 4000 })];
    fine.advance(600);
    coarse.advance(600);
    const seen = new Map(fine.heard.fixes.map((fix) => [`${fix.id}@${fix.observedAtMs}`, fix]));
    const common = coarse.heard.fixes.filter((fix) => fix.observedAtMs > startMs && seen.has(`${fix.id}@${fix.observedAtMs}`));
    expect(common.length).toBeGreaterThan(5000);
    for (const fix of common) {
      const { lonDeg, latDeg } = seen.get(`${fix.id}@${fix.observedAtMs}`)!;
      if (lonDeg !== fix.lonDeg || latDeg !== fix.latDeg) expect(fix).toEqual(seen.get(`${fix.id}@${fix.observedAtMs}`));
    }
    const [a, b] = [arrivalsOf(fine), arrivalsOf(coarse)];
    expect(a.length).toBeGreaterThan(3);
    expect(b.map(({ reportedAtMs: _, ...rest }) => rest)).toEqual(a.map(({ reportedAtMs: _, ...rest }) => rest));
    b.forEach(({ reportedAtMs }, i) => expect(Math.abs(reportedAtMs - a[i]!.reportedAtMs)).toBeLessThanOrEqual(4000));
  });

  it('is another day for another seed', () => {
    const scenes = [1, 2].map((seed) => playScene({ change: (given) => ({ ...given, seed }) }));
    for (const scene of scenes) scene.advance(60);
    const [first, second] = scenes.map((scene) => scene.heard.fixes.filter((fix) => fix.id === 'ce01').at(-1)!);
    expect(first).not.toEqual(second);
    expect(scenes[0]!.incidents().length).not.toBe(scenes[1]!.incidents().length);
  });

  it('tells each unit once with a handle of its own, crews and vehicles knowing each other', () => {
    const scene = playScene({ change: quiet });
    const units = [...scene.desk.fleet.all()];
    expect(units).toHaveLength(scenario.units.length);
    expect(new Set(units.map((unit) => unit.handle)).size).toBe(units.length);
    for (const unit of units) {
      unitMessage.schema.parse(unit);
      expect(unit.simulated).toBe(true);
      for (const member of unit.crew) expect(scene.desk.fleet.get(member.unitId)!.vehicleId).toBe(unit.id);
    }
    for (const weather of scene.journal.all('weather.updated')) weatherMessage.schema.parse(weather);
  });

  it('has every unit on the map at once, with the track of the last ten minutes', () => {
    const scene = playScene({ change: quiet });
    for (const { id } of scenario.units) {
      const own = scene.heard.fixes.filter((fix) => fix.id === id);
      expect(startMs - scene.positions.latest(id)!.observedAtMs).toBeLessThan(500);
      expect(startMs - own[0]!.observedAtMs).toBeGreaterThan(590_000);
    }
    expect(scene.positions.refused).toEqual({ unknownUnit: 0, badField: 0, future: 0, old: 0 });
  });

  it('sends well-formed fixes: who moves once a second, who stands every ten, some tenths of a second old', () => {
    const scene = playScene({ change: quiet });
    const before = scene.heard.fixes.length;
    const batches = scene.heard.batches;
    scene.advance(120);
    expect(scene.heard.batches - batches).toBe(120);
    const byUnit = new Map<string, Fix[]>();
    for (const fix of scene.heard.fixes.slice(before)) {
      fixSchema.parse(fix);
      byUnit.set(fix.id, [...(byUnit.get(fix.id) ?? []), fix]);
    }
    expect(byUnit.size).toBe(scenario.units.length);
    for (const fixes of byUnit.values()) {
      fixes.forEach((fix, i) => {
        const next = fixes[i + 1];
        if (next) expect(next.observedAtMs - fix.observedAtMs).toBeLessThanOrEqual(fix.speedMps > 0.05 ? 1000 : 10_000);
      });
    }
    const moving = [...byUnit.values()].filter((fixes) => fixes.filter((fix) => fix.speedMps > 0.05).length > 100);
    expect(moving.length).toBeGreaterThan(20);
    expect(scene.positions.refused).toEqual({ unknownUnit: 0, badField: 0, future: 0, old: 0 });
  });

  it('keeps vehicles on the roads, officers with their vehicle and drones below 120 m, for a quarter of an hour of work', () => {
    const scene = playScene({ tickMs: 1000 });
    scene.advance(900);
    const vehicles = scene.heard.fixes.filter((fix) => kindOf.get(fix.id) === 'vehicle');
    const worstM = vehicles.reduce((worst, fix) => Math.max(worst, roadAtLonLat([fix.lonDeg, fix.latDeg]).offsetM), 0);
    expect(vehicles.length).toBeGreaterThan(12_000);
    expect(worstM).toBeLessThan(3);
    const topM = (fixes: Fix[]): number => fixes.reduce((top, fix) => Math.max(top, fix.altM), 0);
    expect(topM(scene.heard.fixes)).toBeLessThanOrEqual(120);
    expect(topM(scene.heard.fixes.filter((fix) => kindOf.get(fix.id) === 'drone'))).toBeGreaterThan(50);
    for (const row of scenario.units) {
      if (row.kind !== 'vehicle' || scene.desk.fleet.get(row.id)!.status === 'onScene') continue;
      const own = scene.positions.latest(row.id)!;
      for (const id of row.crewIds) {
        const member = scene.positions.latest(id)!;
        expect(riders.has(id)).toBe(true);
        expect(Math.hypot((member.lonDeg - own.lonDeg) * 95_700, (member.latDeg - own.latDeg) * 110_900)).toBeLessThan(30);
      }
    }
    expect(scene.faults).toEqual([]);
  });

  it.each([
    [0.5, 60],
    [60, 20],
    [120, 20],
  ])('at %d times the speed sends two batches a real second at most', (rate, realS) => {
    const scene = playScene({ change: quiet, rate, tickMs: 50 * rate });
    const batches = scene.heard.batches;
    scene.advance(realS * rate);
    expect(scene.heard.batches - batches).toBeLessThanOrEqual(realS * 2);
    expect(scene.heard.batches - batches).toBeGreaterThanOrEqual(Math.min(realS * 2, realS * rate) - 1);
    expect(scene.positions.refused).toEqual({ unknownUnit: 0, badField: 0, future: 0, old: 0 });
  });

  it('restores a morning that fits the protocol, the clock and the table', () => {
    const scene = playScene();
    const incidents = scene.incidents();
    const closed = incidents.filter(({ state }) => state === 'closed');
    expect(closed.length).toBeGreaterThan(60);
    for (const incident of incidents) {
      incidentMessage.schema.parse(incident);
      const times = incident.steps.map((step) => step.atMs);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times.at(-1)!).toBeLessThan(startMs);
      expect(incident.reportedAtMs).toBeGreaterThanOrEqual(startMs - 20 * 3_600_000);
    }
    for (const incident of closed) {
      expect(incident.steps.map((step) => step.state)).toEqual([
        'reported',
        'accepted',
        'triaged',
        'dispatched',
        'onTheWay',
        'onScene',
        'handled',
        'closed',
      ]);
      const [assignment] = incident.assignments;
      expect(assignment).toMatchObject({
        orderedAtMs: stepAt(incident, 'dispatched'),
        setOutAtMs: stepAt(incident, 'onTheWay'),
        arrivedAtMs: stepAt(incident, 'onScene'),
        releasedAtMs: stepAt(incident, 'handled'),
      });
    }
    // Numbers count up with the day.
    const inOrder = [...incidents].sort((a, b) => a.number.localeCompare(b.number));
    expect(inOrder.map(({ reportedAtMs }) => reportedAtMs)).toEqual(inOrder.map(({ reportedAtMs }) => reportedAtMs).sort((a, b) => a - b));
    expect(new Set(inOrder.map(({ number }) => number)).size).toBe(incidents.length);
    // Nobody is at two places at once.
    const spans = new Map<string, [number, number][]>();
    for (const { assignments } of incidents) {
      for (const { unitId, orderedAtMs, releasedAtMs } of assignments) {
        for (const [from, to] of spans.get(unitId) ?? []) expect(orderedAtMs >= to || releasedAtMs! <= from).toBe(true);
        spans.set(unitId, [...(spans.get(unitId) ?? []), [orderedAtMs, releasedAtMs!]]);
      }
    }
    // Open is exactly what the scenario says.
    expect(
      incidents
        .filter(({ state }) => state !== 'closed')
        .map(({ state }) => state)
        .sort(),
    ).toEqual(scenario.pending.map(({ state }) => state).sort());
  });

  it('restores alerts that settled themselves, those still waiting, and cases that name each other', () => {
    const scene = playScene({ tickMs: 10_000, rate: 60 });
    const detections = [...scene.journal.all('detection.updated')];
    const rectified = detections.filter(({ outcome, channelId }) => outcome === 'selfRectified' && channelId === 'ai_street');
    expect(rectified.length / detections.filter(({ channelId }) => channelId === 'ai_street').length).toBeGreaterThan(0.9);
    for (const detection of detections) {
      detectionMessage.schema.parse(detection);
      if (detection.outcome === 'incident') expect(scene.intake.incident(detection.incidentId!)!.typeId).toBe(detection.typeId);
      else expect(detection.incidentId).toBeNull();
    }
    const waiting = detections.filter(({ outcome }) => outcome === 'open');
    scene.advance(3 * 3600);
    for (const { id } of waiting) expect(scene.journal.latest('detection.updated', id)!.outcome).not.toBe('open');
  });

  it('counts the morning on the channels about as the table says', () => {
    const scene = playScene();
    for (const channel of scene.journal.all('channel.updated')) {
      const expected = scenario.arrivals.byChannelByHour[channel.id]!.slice(0, 19).reduce((sum, count) => sum + count, 0);
      expect(channel.byHour.reduce((sum, count) => sum + count, 0)).toBe(channel.today);
      expect(Math.abs(channel.today - expected), channel.id).toBeLessThan(4 * Math.sqrt(expected) + 4);
    }
  });

  it('plays the script: reports at their second, alerts that are put right', () => {
    const scene = playScene({ tickMs: 1000, change: (given) => ({ ...quiet(given), script: given.script }) });
    scene.advance(scenario.script.at(-1)!.afterS + 200);
    for (const row of scenario.script) {
      const matches = (one: { typeId: string; channelId: string }) => one.typeId === row.typeId && one.channelId === row.channelId;
      if (row.selfRectifiesAfterS === null) {
        const incident = scene.incidents().find(matches)!;
        expect(incident.reportedAtMs).toBe(startMs + row.afterS * 1000);
        expect(incident.note).toEqual(row.note);
      } else {
        expect([...scene.journal.all('detection.updated')].find(matches)!.outcome).toBe('selfRectified');
        expect(scene.incidents().some(matches)).toBe(false);
      }
    }
  });

  it('puts what arrives where it belongs: known types of the channel, inside the town, on a street or on its own ground', () => {
    const scene = playScene({ tickMs: 10_000, rate: 60 });
    scene.advance(2 * 3600);
    const types = new Map(Object.entries(scenario.typeMix).map(([id, mix]) => [id, new Set(mix.map((one) => one.typeId))]));
    const cameras = new Set(scenario.cameras.map((camera) => camera.id));
    const own = new Set(scenario.spots.flatMap((spot) => spot.typeIds ?? []));
    const scripted = new Set([...scenario.script, ...scenario.pending].map((row) => row.note?.en));
    for (const incident of scene.incidents()) {
      for (const id of incident.cameraIds) expect(cameras.has(id)).toBe(true);
      if (incident.note && scripted.has(incident.note.en)) continue;
      expect(types.get(incident.channelId)!.has(incident.typeId)).toBe(true);
      if (!own.has(incident.typeId) && !town.channels.some((one) => one.id === incident.channelId && one.mode === 'sensor')) {
        expect(roadAtLonLat([incident.lonDeg, incident.latDeg]).offsetM).toBeLessThan(200);
      }
    }
  });

  it('takes more vehicles for measuring, and a tick of 200 units takes less than 5 ms', () => {
    const scene = playScene({ change: quiet, extraUnits: 200 - scenario.units.length, tickMs: 1000 });
    expect([...scene.desk.fleet.all()]).toHaveLength(200);
    scene.advance(60);
    const tookMs: number[] = [];
    for (let i = 0; i < 120; i += 1) {
      const fromMs = performance.now();
      scene.advance(1);
      tookMs.push(performance.now() - fromMs);
    }
    // The median: other work on the machine must not fail the test.
    expect(tookMs.sort((a, b) => a - b)[60]!).toBeLessThan(5);
    const fixes = scene.heard.fixes.slice(-400);
    expect(new Set(fixes.map((fix) => fix.id)).size).toBeGreaterThan(100);
  });

  it('stops every timer when it is disposed, by call or by signal', () => {
    for (const end of [
      (scene: ReturnType<typeof playScene>) => scene.source.dispose(),
      (scene: ReturnType<typeof playScene>) => scene.stop.abort(),
    ]) {
      const scene = playScene();
      scene.advance(30);
      expect(scene.clock.waiting).toBeGreaterThan(scene.waitingBefore);
      end(scene);
      expect(scene.clock.waiting).toBe(scene.waitingBefore);
      const heard = scene.heard.fixes.length;
      scene.advance(60);
      expect(scene.heard.fixes.length).toBe(heard);
    }
  });

  it('grows by nothing: after a night as many timers as after an hour', () => {
    const scene = playScene({ tickMs: 60_000, rate: 120 });
    scene.advance(3600);
    const waiting = scene.clock.waiting;
    for (let hour = 0; hour < 5; hour += 1) {
      scene.advance(3600);
      scene.heard.fixes.length = 0;
    }
    expect(scene.clock.waiting).toBeLessThanOrEqual(waiting + 2);
    expect(scene.faults).toEqual([]);
    expect(scene.desk.counters.refusedProgress).toBe(0);
    expect(scene.desk.counters).toMatchObject({ refusedFacts: 0, lastRefusedFact: null });
  });
});
