import { describe, expect, it } from 'vitest';
import { pickTiles } from '../../../../renderer/composables/pickTiles.ts';
import { refusalText } from '../../../../renderer/composables/refusalText.ts';
import type { Incident, Unit } from '../../../../protocol/messages/index.ts';
import { NOW_MS, cameraFixture, incidentFixture, unitFixture } from '../panels/factFixture.ts';

const sent = {
  unitId: 'ce07',
  orderedAtMs: NOW_MS - 40_000,
  setOutAtMs: NOW_MS - 30_000,
  arrivedAtMs: null,
  releasedAtMs: null,
  etaAtMs: null,
  route: [],
};

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
