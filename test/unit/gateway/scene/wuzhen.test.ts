import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createTriageRules } from '../../../../gateway/desk/triageRules.ts';
import { distanceToRingM } from '../../../../gateway/scene/distanceToRing.ts';
import { listScenes, loadScene } from '../../../../gateway/scene/loadScene.ts';
import { townSchema } from '../../../../protocol/town/town.ts';

const root = fileURLToPath(new URL('../../../../scenes', import.meta.url));
const { town, scenario, triage } = await loadScene(root, 'wuzhen/ordinary');
const ofKind = <K extends (typeof scenario.units)[number]['kind']>(kind: K) =>
  scenario.units.filter((unit): unit is Extract<(typeof scenario.units)[number], { kind: K }> => unit.kind === kind);
const count = <T>(rows: readonly T[], key: (row: T) => string) => {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[key(row)] = (counts[key(row)] ?? 0) + 1;
  return counts;
};

describe('the scene wuzhen/ordinary', () => {
  it('is found by its folder and is a town as every wall gets it', async () => {
    expect(await listScenes(root)).toContain('wuzhen/ordinary');
    expect(() => townSchema.parse(JSON.parse(JSON.stringify(town)))).not.toThrow();
  });

  it('has nine channels, four of them marked as inferred, and 42 event types', () => {
    expect(town.channels).toHaveLength(9);
    expect(town.channels.filter((channel) => channel.basis === 'inferred').map((channel) => channel.id)).toEqual([
      'ai_street',
      'hawkeye',
      'drone',
      'police_divert',
    ]);
    expect(town.eventTypes).toHaveLength(42);
    expect(town.channels.reduce((sum, channel) => sum + channel.expectedPerDay, 0)).toBe(278);
  });

  it('expects by hour what each channel expects in a day', () => {
    for (const channel of town.channels) {
      const byHour = scenario.arrivals.byChannelByHour[channel.id]!;
      expect(
        byHour.reduce((sum, n) => sum + n, 0),
        channel.id,
      ).toBe(channel.expectedPerDay);
    }
    expect(scenario.arrivals.selfRectified.share).toBeCloseTo(0.992, 3);
  });

  it('starts at nightfall, Wuzhen time', () => {
    expect(new Date(scenario.startAtMs).toISOString()).toBe('2026-05-13T11:20:00.000Z');
    expect(town.scene.utcOffsetMin).toBe(480);
  });

  it('has 26 vehicles on duty, two officers in each, nine of them outside the core', () => {
    const vehicles = ofKind('vehicle');
    expect(count(vehicles, (unit) => unit.agencyId)).toEqual({ ce: 12, ps: 6, tp: 4, mr: 2, ee: 1, em: 1 });
    expect(vehicles.every((unit) => unit.crewIds.length === 2)).toBe(true);
    const post = new Map(town.places.map((place) => [place.id, place]));
    const outside = vehicles.filter((unit) => {
      const { lonDeg, latDeg } = post.get(unit.postId)!;
      return distanceToRingM([lonDeg, latDeg], town.scene.core.ring) > 0;
    });
    expect(outside.length).toBeGreaterThanOrEqual(7);
  });

  it('has 24 officers on foot in the core, a drone for each dock, a boat, and a body camera on every officer', () => {
    const officers = ofKind('officer');
    const onFoot = officers.filter((unit) => unit.beat);
    expect(onFoot).toHaveLength(24);
    for (const unit of onFoot) for (const point of unit.beat!) expect(distanceToRingM(point, town.scene.core.ring), unit.id).toBe(0);
    expect(new Set(ofKind('drone').map((unit) => unit.postId))).toEqual(new Set(town.droneRoutes.map((route) => route.dockId)));
    expect(new Set(ofKind('drone').flatMap((unit) => unit.routeIds))).toEqual(new Set(town.droneRoutes.map((route) => route.id)));
    expect(ofKind('boat')).toHaveLength(1);
    const bodyCameras = new Map(scenario.cameras.filter((camera) => camera.kind === 'body').map((camera) => [camera.unitId, camera]));
    for (const unit of officers) expect(bodyCameras.get(unit.id)?.stream).toEqual({ protocol: 'synthetic', url: `sim:${unit.id}` });
  });

  it('says of every plate and camera that it is no real one', () => {
    for (const unit of ofKind('vehicle')) expect(unit.plate).toMatch(/^浙F·演\d\d$/);
    expect(new Set(ofKind('vehicle').map((unit) => unit.plate)).size).toBe(26);
    expect(scenario.cameras.every((camera) => camera.simulated)).toBe(true);
    expect(count(scenario.cameras, (camera) => camera.kind)).toMatchObject({ street: 40, hawkeye: 18, body: 78 });
  });

  it('marks what is drawn up: no synthetic row claims an accuracy, every row names its source', () => {
    for (const row of [...town.roads, ...town.waterLines, ...town.places]) {
      expect(row.source.length, row.id).toBeGreaterThan(5);
      if (row.source.startsWith('Synthetic')) expect(row.confidenceM, row.id).toBeNull();
    }
  });

  it('lists only agencies that lead, support or drive', () => {
    const used = new Set([
      ...town.eventTypes.flatMap((type) => [type.leadAgencyId, ...type.supportAgencyIds]),
      ...scenario.units.map((unit) => unit.agencyId),
    ]);
    expect(town.agencies.map((agency) => agency.id).filter((id) => !used.has(id))).toEqual([]);
    expect(new Set(town.agencies.map((agency) => agency.colour)).size).toBe(town.agencies.length);
  });

  it('opens with the excavation on Ziye East Road, left to the duty leader', () => {
    const first = scenario.script[0]!;
    expect(first).toMatchObject({ afterS: 20, channelId: 'grid', typeId: 'road_excavation', placeId: 'ziye_east_868', forLeader: true });
    expect(first.place.zh).toContain('子夜东路');
    expect(distanceToRingM([first.lonDeg, first.latDeg], town.scene.core.ring)).toBe(0);
    expect(scenario.script.find((report) => report.typeId === 'piling')).toMatchObject({
      afterS: 70,
      channelId: 'ai_street',
      selfRectifiesAfterS: 95,
    });
    expect(scenario.pending.length).toBeGreaterThanOrEqual(4);
  });

  it('promises what was promised, and says by whom', () => {
    expect(Object.fromEntries(town.promises.map((promise) => [promise.id, promise.limitS]))).toMatchObject({
      accept: 60,
      setOut: 300,
      arriveCore: 120,
      arriveTown: 300,
      closeUrgent: 86_400,
    });
    expect(town.promises.find((promise) => promise.id === 'closeOther')?.workingDays).toBe(3);
    expect(count(town.promises, (promise) => promise.owner.zh)).toEqual({ 滨江承诺: 4, 乌镇承诺: 2 });
  });
});

it('leaves most matters of an ordinary day to the grid and a few to the leaders of the town, in about the shares of the facts', () => {
  const rules = createTriageRules(triage, town);
  const { byChannelByHour, selfRectified } = scenario.arrivals;
  const share = { simple: 0, general: 0, major: 0 };
  for (const [channelId, hours] of Object.entries(byChannelByHour)) {
    const settled = channelId === selfRectified.channelId ? selfRectified.share : 0;
    const cases = hours.reduce((sum, n) => sum + n, 0) * (1 - settled);
    const mix = scenario.typeMix[channelId]!;
    const weight = mix.reduce((sum, one) => sum + one.weight, 0);
    for (const one of mix) {
      const { severity, urgent } = town.eventTypes.find(({ id }) => id === one.typeId)!;
      // A field of no place in particular.
      const matter = {
        typeId: one.typeId,
        channelId,
        lonDeg: 120.53,
        latDeg: 30.72,
        severity,
        urgent,
        inCore: false,
        reporterCount: 1,
      } as const;
      share[rules.propose(matter, 'routine').tier] += (cases * one.weight) / weight;
    }
  }
  const all = share.simple + share.general + share.major;
  // scenarios.json of the facts: 0.71, 0.265, 0.025, synthetic themselves.
  expect(Math.abs(share.simple / all - 0.71)).toBeLessThan(0.1);
  expect(Math.abs(share.major / all - 0.025)).toBeLessThan(0.02);
});

describe('the scene wuzhen/golden', async () => {
  const { scenario: day } = await loadScene(root, 'wuzhen/golden');
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, n) => all + n, 0);
  const hours = Object.values(day.arrivals.byChannelByHour);
  it('brings 719 leads, 55 in its busiest hour, no more and no less', () => {
    const byHour = Array.from({ length: 24 }, (_, h) => sum(hours.map((channel) => channel[h]!)));
    expect([sum(byHour), Math.max(...byHour), byHour.indexOf(55)]).toEqual([719, 55, 16]);
    expect(day.arrivals.exact).toBe(true);
    expect([day.pending, day.script]).toEqual([[], []]);
  });
  it('is the third of October with 56 vehicles on duty, reinforced, every name its own', () => {
    expect(new Date(day.startAtMs + 8 * 3_600_000).toISOString().slice(0, 10)).toBe('2026-10-03');
    const vehicles = day.units.filter(({ kind }) => kind === 'vehicle');
    expect(count(vehicles, (unit) => unit.agencyId)).toEqual({ ce: 19, ps: 14, tp: 14, mr: 5, ee: 1, em: 3 });
    const names = day.units.map(({ name }) => name.zh);
    expect(new Set(names).size).toBe(names.length);
  });
});
