import { expect, test } from 'vitest';
import { openTestDesk } from '../unit/gateway/desk/openTestDesk.ts';
import { makeFix, makeReport } from './tinyTown.ts';

test('hours of a busy desk leave bounded books: journal, snapshot, commands, tracks', () => {
  const { intake, journal, clock, command, desk } = openTestDesk();
  const hour = (): void => {
    for (let i = 0; i < 600; i++) {
      const incidentId = intake.report(makeReport());
      command('incident.dispatch', { incidentId, unitIds: ['car-1'] });
      intake.progress({ unitId: 'car-1', incidentId, step: 'arrived' });
      intake.progress({ unitId: 'car-1', incidentId, step: 'handled' });
      command('incident.close', { incidentId, outcome: 'handled' });
      command('call.report', { callId: `call-${incidentId}`, unitId: 'car-1', incidentId, media: 'audio', state: 'failed' });
      clock.advance(6000);
      intake.fixes([makeFix('car-1', clock.nowMs(), i)]);
    }
  };
  for (let i = 0; i < 30; i++) hour();
  expect(desk.counters.refused).toBe(0);
  expect(journal.headSeq).toBeGreaterThan(100_000);
  expect(journal.headSeq - journal.oldestSeq).toBeLessThan(20_000);
  // 18,000 were closed; the bound is 5,000, pruned once a minute.
  expect([...journal.all('incident.updated')].length).toBeLessThanOrEqual(5010);
  expect([...journal.all('call.updated')].length).toBeLessThanOrEqual(510);
}, 60_000);
