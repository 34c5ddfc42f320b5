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
