import { expect, test } from 'vitest';
import { makeFix, makeReport } from '../../../integration/tinyTown.ts';
import { openTestDesk } from './openTestDesk.ts';

test('free vehicles and walkers only, by road ETA, the lead agency first when comparable', () => {
  const { desk, intake, clock } = openTestDesk();
  const incidentId = intake.report(makeReport());
  const nearest = (): [string, number, string][] => desk.nearest(incidentId, 9)!.map((c) => [c.unitId, c.etaS, c.reason]);
  // car-1 leads 100 s away, car-2 supports 50 s away with 30 s against it, walker-1 is neither 100 s away with 60 s against it.
  expect(nearest()).toEqual([
    ['car-2', 50, 'supportAgency'],
    ['car-1', 100, 'leadAgency'],
    ['walker-1', 100, 'nearest'],
  ]);
  intake.fixes([makeFix('car-1', clock.nowMs(), 790)]);
  expect(nearest()[0]).toEqual(['car-1', 79, 'leadAgency']);
  intake.fixes([makeFix('car-1', clock.nowMs(), 810)]);
  expect(nearest()[0]![0]).toBe('car-2');
});
test('busy, lost and stale units are left out', () => {
  const { desk, intake, clock, command } = openTestDesk();
  const incidentId = intake.report(makeReport());
  command('incident.dispatch', { incidentId: intake.report(makeReport()), unitIds: ['car-2'] });
  expect(desk.nearest(incidentId, 9)!.map((c) => c.unitId)).toEqual(['car-1', 'walker-1']);
  clock.advance(121_000);
  intake.fixes([makeFix('walker-1', clock.nowMs(), 100)]);
  expect(desk.nearest(incidentId, 9)!.map((c) => c.unitId)).toEqual(['walker-1']);
  expect(desk.nearest('none', 9)).toBeNull();
});

test('who is busy with a less severe matter is proposed with that said, and never against one as severe', () => {
  const { desk, intake, command } = openTestDesk();
  const dogs = intake.report(makeReport({ typeId: 'dog' }));
  command('incident.dispatch', { incidentId: dogs, unitIds: ['car-1'] });
  command('incident.dispatch', { incidentId: dogs, unitIds: ['car-2'] });
  const digging = intake.report(makeReport());
  const [first, second, third] = desk.nearest(digging, 9)!;
  expect(first).toMatchObject({ unitId: 'walker-1', reasons: ['otherAgency', 'onFoot'] });
  expect(second).toMatchObject({
    unitId: 'car-2',
    reasons: ['busyLessSevere', 'soonest', 'supportAgency'],
    busyWith: { incidentId: dogs, severity: 4 },
  });
  expect(third).toMatchObject({ unitId: 'car-1', reasons: ['busyLessSevere', 'leadAgency'] });
  expect(desk.nearest(intake.report(makeReport({ typeId: 'dog' })), 9)!.map((c) => c.unitId)).toEqual(['walker-1']);
});
test('who lacks a skill that the matter needs says so and goes behind who has it', () => {
  const skill = {
    id: 'gas',
    name: { zh: '气', en: 'Gas' },
    agencyIds: ['ps'],
    unitIds: ['walker-1'],
    typeIds: ['digging'],
    source: 'test',
  };
  const { desk, intake } = openTestDesk(undefined, undefined, [skill]);
  const candidates = desk.nearest(intake.report(makeReport()), 9)!;
  expect(candidates.map((c) => [c.unitId, c.reasons, c.lacksSkillIds])).toEqual([
    ['car-2', ['soonest', 'supportAgency', 'skilled'], undefined],
    ['walker-1', ['otherAgency', 'skilled', 'onFoot'], undefined],
    ['car-1', ['lacksSkill', 'leadAgency'], ['gas']],
  ]);
});
