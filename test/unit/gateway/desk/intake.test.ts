import { describe, expect, test } from 'vitest';
import { makeReport, makeUnit } from '../../../integration/tinyTown.ts';
import { openTestDesk, startMs } from './openTestDesk.ts';

const text = { zh: '文', en: 'Text' };
const detection = {
  id: 'det-1',
  cameraId: null,
  channelId: 'public',
  typeId: 'dog',
  place: text,
  lonDeg: 120.49,
  latDeg: 30.74,
  confidence: 0.9,
  detectedAtMs: startMs,
  outcome: 'open' as const,
  incidentId: null,
  simulated: true,
};

describe('what a source tells wrongly is refused with a reason, counted, and changes nothing', () => {
  test('a unit without a name', () => {
    const { intake, desk, journal } = openTestDesk();
    const head = journal.headSeq;
    intake.unit(makeUnit('car-9', { name: { zh: '', en: 'Car 9' } }));
    expect(journal.headSeq).toBe(head);
    expect(desk.counters).toMatchObject({
      refusedFacts: 1,
      lastRefusedFact: expect.stringMatching(/^unit\.updated car-9: name\.zh: /) as string,
    });
    intake.unit(makeUnit('car-9'));
    expect(journal.latest('unit.updated', 'car-9')).toBeDefined();
  });
  test('an alert from nowhere, which is then no arrival either', () => {
    const { intake, desk, journal } = openTestDesk();
    const today = () => journal.latest('channel.updated', 'public')?.today;
    const before = today();
    intake.detection({ ...detection, latDeg: NaN });
    intake.restore({ incidents: [], detections: [{ ...detection, confidence: 2 }] });
    expect(today()).toBe(before);
    expect(journal.latest('detection.updated', 'det-1')).toBeUndefined();
    expect(desk.counters.refusedFacts).toBe(2);
    intake.detection(detection);
    expect(today()).toBe((before ?? 0) + 1);
  });
  test('a report from nowhere', () => {
    const { intake, journal } = openTestDesk();
    const head = journal.headSeq;
    expect(() => intake.report(makeReport({ lonDeg: NaN }))).toThrow(/^report through public: lonDeg: /);
    expect(journal.headSeq).toBe(head);
  });
});
