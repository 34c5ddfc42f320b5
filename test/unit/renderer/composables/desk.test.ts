import { describe, expect, it } from 'vitest';
import { incidentClock } from '../../../../renderer/composables/incidentClock.ts';
import { pickTiles } from '../../../../renderer/composables/pickTiles.ts';
import { refusalText } from '../../../../renderer/composables/refusalText.ts';
import type { Incident, Unit } from '../../../../protocol/messages/index.ts';
import { NOW_MS, cameraFixture, incidentFixture, unitFixture } from '../panels/factFixture.ts';
import { townFixture } from '../panels/townFixture.ts';

const { promises } = townFixture();
const clockOf = (incident: Incident) => incidentClock(incident, promises, NOW_MS, 480);
const sent = {
  unitId: 'ce07',
  orderedAtMs: NOW_MS - 40_000,
  setOutAtMs: NOW_MS - 30_000,
  arrivedAtMs: null,
  releasedAtMs: null,
  etaAtMs: null,
  route: [],
};

describe('the clock of an incident', () => {
  it('runs to accept, then to set out, both from the report', () => {
    expect(clockOf(incidentFixture('1', 'reported', 20))).toMatchObject({ promiseId: 'accept', leftMs: 40_000 });
    expect(clockOf(incidentFixture('1', 'accepted', 20))).toMatchObject({ promiseId: 'setOut', leftMs: 280_000 });
    expect(clockOf(incidentFixture('1', 'triaged', 400))).toMatchObject({ promiseId: 'setOut', leftMs: -100_000, used: 1 });
  });
  it('still runs to set out while the ordered unit stands', () => {
    const standing = { assignments: [{ ...sent, setOutAtMs: null }] };
    expect(clockOf(incidentFixture('1', 'dispatched', 60, standing))).toMatchObject({ promiseId: 'setOut' });
  });
  it('runs to arrive from the order, shorter in the core', () => {
    expect(clockOf(incidentFixture('1', 'onTheWay', 90, { assignments: [sent] }))).toMatchObject({
      promiseId: 'arriveTown',
      leftMs: 260_000,
    });
    expect(clockOf(incidentFixture('1', 'onTheWay', 90, { assignments: [sent], inCore: true }))).toMatchObject({
      promiseId: 'arriveCore',
      leftMs: 80_000,
    });
  });
  it('does not count a unit that was recalled', () => {
    const recalled = { ...sent, unitId: 'ce01', orderedAtMs: NOW_MS - 80_000, releasedAtMs: NOW_MS - 60_000 };
    expect(clockOf(incidentFixture('1', 'onTheWay', 90, { assignments: [recalled, sent] }))).toMatchObject({
      startedAtMs: sent.orderedAtMs,
    });
  });
  it('runs to close from the report: a day when urgent, to the end of a working day otherwise', () => {
    expect(clockOf(incidentFixture('1', 'onScene', 3600))).toMatchObject({ promiseId: 'closeUrgent', leftMs: 23 * 3_600_000 });
    // Reported on Wednesday 13 May; the third working day after it is Monday 18 May.
    expect(clockOf(incidentFixture('1', 'handled', 3600, { urgent: false }))).toMatchObject({
      promiseId: 'closeOther',
      deadlineMs: Date.UTC(2026, 4, 18, 16) - 1,
    });
  });
  it('stands when it is closed or nothing is promised', () => {
    expect(clockOf(incidentFixture('1', 'closed', 3600))).toBeNull();
    expect(incidentClock(incidentFixture('1', 'reported', 20), [], NOW_MS, 480)).toBeNull();
  });
});

describe('the six pictures', () => {
  const officer = (id: string, changes: Partial<Unit> = {}) => unitFixture(id, id, id, 'ce', { kind: 'officer', ...changes });
  const people = [
    officer('o1'),
    officer('o2', { status: 'dispatched' }),
    officer('o3', { status: 'onScene' }),
    officer('o4', { status: 'emergency' }),
    officer('o5', { status: 'offline' }),
    officer('o6', { vehicleId: 'ce07' }),
  ];
  const units = new Map([...people, unitFixture('ce07', 'x', 'x', 'ce', { status: 'dispatched' })].map((unit) => [unit.id, unit]));
  const cameras = people.map((unit) => cameraFixture(`b-${unit.id}`, unit.id));
  const ids = (incident: Incident | null, limit = 6) => pickTiles(cameras, units, { limit, incident }).map((camera) => camera.id);

  it('show an SOS first, then who is there, then who drives, then the rest, never who is offline', () => {
    expect(ids(null)).toEqual(['b-o4', 'b-o3', 'b-o2', 'b-o6', 'b-o1']);
  });
  it('follow the open incident, also to officers who ride in the vehicle that was sent', () => {
    expect(ids(incidentFixture('1', 'onTheWay', 60, { assignments: [sent] }), 2)).toEqual(['b-o6', 'b-o4']);
  });
  it('show one picture of a vehicle, and those on foot before it', () => {
    const riders = [officer('o1', { vehicleId: 'tp01' }), officer('o2', { vehicleId: 'tp01' }), officer('o3')];
    const fleet = new Map([...riders, unitFixture('tp01', 'x', 'x', 'tp')].map((unit) => [unit.id, unit]));
    const shown = riders.map((unit) => cameraFixture(`b-${unit.id}`, unit.id));
    expect(pickTiles(shown, fleet, { limit: 6, incident: null }).map((camera) => camera.id)).toEqual(['b-o3', 'b-o1']);
  });
  it('leave out what is no body camera or is off', () => {
    const others = [cameraFixture('x', 'o1', { online: false }), cameraFixture('y', 'o1', { kind: 'vehicle' }), cameraFixture('z', 'gone')];
    expect(pickTiles(others, units, { limit: 6, incident: null })).toEqual([]);
  });
});

it('tells a refusal in words, with what the server said', () => {
  const words: Record<string, string> = { 'status.conflict': 'changed by somebody' };
  const tell = (status: string, message: string) =>
    refusalText(
      { status, error: message ? { code: 'x', message } : null },
      (key) => words[key] ?? key,
      (key) => key in words,
    );
  expect(tell('conflict', 'rev 3, not 2')).toBe('changed by somebody (rev 3, not 2)');
  expect(tell('conflict', '')).toBe('changed by somebody');
  expect(tell('novel', '')).toBe('novel');
});
