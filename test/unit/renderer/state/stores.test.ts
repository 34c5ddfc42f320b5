import fc from 'fast-check';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { computed, isReactive, nextTick, watchEffect } from 'vue';
import { createFactMap, oldestFinished } from '../../../../renderer/state/factMap.ts';
import { useCameraStore } from '../../../../renderer/state/cameraStore.ts';
import { useChannelStore } from '../../../../renderer/state/channelStore.ts';
import { useDetectionStore } from '../../../../renderer/state/detectionStore.ts';
import { useFaultStore } from '../../../../renderer/state/faultStore.ts';
import { byUrgency, useIncidentStore } from '../../../../renderer/state/incidentStore.ts';
import { useUiStore } from '../../../../renderer/state/uiStore.ts';
import { useUnitStore } from '../../../../renderer/state/unitStore.ts';
import { incident, T0, unit } from './facts.ts';

beforeEach(() => {
  localStorage.clear();
  setActivePinia(createPinia());
});

describe('facts by id', () => {
  it('keeps the larger rev, whatever order they come in', () => {
    const facts = createFactMap<{ id: string; rev: number; note: string }>();
    facts.put([{ id: 'a', rev: 2, note: 'new' }]);
    facts.put([{ id: 'a', rev: 1, note: 'old' }]);
    facts.put([{ id: 'a', rev: 2, note: 'again' }]);
    expect(facts.byId.get('a')?.note).toBe('new');
  });

  it('takes a snapshot as it is, even with smaller revs, and forgets what it does not name', () => {
    const facts = createFactMap<{ id: string; rev: number }>();
    facts.put([
      { id: 'a', rev: 9 },
      { id: 'b', rev: 9 },
    ]);
    facts.replaceAll([{ id: 'a', rev: 1 }]);
    expect([...facts.byId.values()]).toEqual([{ id: 'a', rev: 1 }]);
  });

  it('is reactive by item and never inside one', async () => {
    const facts = createFactMap<{ id: string; rev: number; inner: { n: number } }>();
    facts.put([{ id: 'a', rev: 1, inner: { n: 1 } }]);
    let runs = 0;
    watchEffect(() => {
      facts.byId.get('a');
      runs += 1;
    });
    expect(isReactive(facts.byId.get('a'))).toBe(false);
    facts.put([{ id: 'a', rev: 2, inner: { n: 2 } }]);
    await nextTick();
    expect(runs).toBe(2);
  });

  it('is bounded: the oldest finished go first, nothing unfinished ever', () => {
    const surplus = oldestFinished<{ id: string; rev: number; done: number | null }>(100, (item) => item.done);
    const facts = createFactMap<{ id: string; rev: number; done: number | null }>(surplus);
    for (let i = 0; i < 1000; i++) facts.put([{ id: `f${i}`, rev: 1, done: i }]);
    for (let i = 0; i < 30; i++) facts.put([{ id: `open${i}`, rev: 1, done: null }]);
    expect(facts.byId.size).toBeLessThanOrEqual(111);
    expect(facts.byId.has('f999')).toBe(true);
    expect(facts.byId.has('f0')).toBe(false);
    expect([...facts.byId.keys()].filter((id) => id.startsWith('open'))).toHaveLength(30);
  });
});

describe('the queue of incidents', () => {
  it('puts severity first, then urgent, then oldest', () => {
    const store = useIncidentStore();
    store.put([
      incident('blue', { severity: 4, urgent: true, reportedAtMs: T0 - 9 }),
      incident('redNew', { severity: 1, reportedAtMs: T0 + 5 }),
      incident('redOld', { severity: 1, reportedAtMs: T0 }),
      incident('redUrgent', { severity: 1, urgent: true, reportedAtMs: T0 + 9 }),
      incident('closed', { severity: 1, urgent: true, state: 'closed' }),
      incident('sent', { severity: 2, state: 'dispatched' }),
    ]);
    expect(store.open.map((found) => found.id)).toEqual(['redUrgent', 'redOld', 'redNew', 'sent', 'blue']);
    expect(store.pending.map((found) => found.id)).toEqual(['redUrgent', 'redOld', 'redNew', 'blue']);
    expect(store.all).toHaveLength(6);
  });

  it('has one order for any set, whatever order it came in', () => {
    const any = fc.uniqueArray(
      fc.record({
        id: fc.string({ minLength: 1 }),
        severity: fc.constantFrom(1, 2, 3, 4),
        urgent: fc.boolean(),
        reportedAtMs: fc.integer({ min: T0, max: T0 + 3 }),
      }),
      { selector: (row) => row.id, maxLength: 12 },
    );
    fc.assert(
      fc.property(any, (rows) => {
        const incidents = rows.map(({ id, ...rest }) => incident(id, rest));
        const one = [...incidents].sort(byUrgency).map((found) => found.id);
        const other = [...incidents]
          .reverse()
          .sort(byUrgency)
          .map((found) => found.id);
        expect(other).toEqual(one);
      }),
    );
  });

  it('recounts only when something changed', () => {
    const store = useIncidentStore();
    store.put([incident('a')]);
    let runs = 0;
    const count = computed(() => {
      runs += 1;
      return store.open.length;
    });
    expect(count.value + count.value).toBe(2);
    store.put([incident('a')]);
    expect(count.value).toBe(1);
    expect(runs).toBe(1);
    store.put([incident('a', { rev: 2, state: 'closed' })]);
    expect(count.value).toBe(0);
  });
});

describe('counts', () => {
  it('of teams by agency: on duty is every status but offline, and a crew counts with its vehicle', () => {
    const store = useUnitStore();
    const officer = { kind: 'officer', plate: null } as const;
    store.put([
      unit('a'),
      unit('b', { status: 'offline' }),
      unit('rider1', { ...officer, vehicleId: 'a' }),
      unit('rider2', { ...officer, vehicleId: 'a' }),
      unit('walker', { ...officer, status: 'dispatched' }),
      unit('eye', { kind: 'drone' }),
      unit('ferry', { kind: 'boat' }),
      unit('c', { agencyId: 'ps', status: 'emergency' }),
    ]);
    expect([...store.teamsByAgency]).toEqual([
      ['ce', { onDuty: 2, total: 3, free: 1, vehicles: 1, onFoot: 1 }],
      ['ps', { onDuty: 1, total: 1, free: 0, vehicles: 1, onFoot: 0 }],
    ]);
  });

  it('of body cameras: online when the camera is and its officer is on duty', () => {
    const body = { kind: 'body' as const, name: { zh: '仪', en: 'Cam' }, lonDeg: null, latDeg: null, headingDeg: null, simulated: true };
    const stream = { protocol: 'synthetic' as const, url: 'synthetic:x' };
    useCameraStore().put([
      { ...body, stream, id: 'c1', rev: 1, unitId: 'a', online: true },
      { ...body, stream, id: 'c2', rev: 1, unitId: 'b', online: true },
      { ...body, stream, id: 'c3', rev: 1, unitId: 'a', online: false },
      { ...body, stream, id: 'c4', rev: 1, unitId: 'a', online: true, kind: 'vehicle' },
    ]);
    const units = useUnitStore();
    units.put([unit('a'), unit('b', { status: 'offline' })]);
    expect(units.bodyCamerasOnline).toEqual({ online: 1, total: 3 });
    expect(useCameraStore().byUnit.get('a')).toHaveLength(3);
  });

  it('of channels: today, pending and by hour', () => {
    const byHour = (hour: number, n: number) => Array.from({ length: 24 }, (_, i) => (i === hour ? n : 0));
    const store = useChannelStore();
    store.put([
      { id: 'a', rev: 1, today: 5, pending: 1, byHour: byHour(3, 5), lastReportAtMs: null },
      { id: 'b', rev: 1, today: 2, pending: 0, byHour: byHour(3, 2), lastReportAtMs: null },
    ]);
    expect([store.today, store.pending, store.byHour[3], store.byHour[4]]).toEqual([7, 1, 7, 0]);
  });

  it('of detections: newest first, 500 at most', () => {
    const store = useDetectionStore();
    for (let i = 0; i < 1200; i++)
      store.put([
        {
          id: `d${i}`,
          rev: 1,
          cameraId: null,
          channelId: 'ai',
          typeId: 't',
          place: { zh: '路', en: 'Road' },
          lonDeg: 120,
          latDeg: 30,
          confidence: 0.9,
          detectedAtMs: T0 + i,
          outcome: 'open',
          incidentId: null,
          simulated: true,
        },
      ]);
    expect(store.recent[0]?.id).toBe('d1199');
    expect(store.recent.length).toBeLessThanOrEqual(550);
  });
});

describe('how the wall is looked at', () => {
  it('is kept, and read again by the next wall', async () => {
    const ui = useUiStore();
    expect([ui.locale, ui.light]).toEqual(['zh', 'auto']);
    ui.locale = 'en';
    ui.light = 'night';
    await nextTick();
    setActivePinia(createPinia());
    expect([useUiStore().locale, useUiStore().light]).toEqual(['en', 'night']);
  });

  it.each(['{broken', '7', '{"locale":"fr","light":9}', 'null'])('starts with the defaults from damaged storage: %s', (stored) => {
    localStorage.setItem('wanglou.ui.1', stored);
    const ui = useUiStore();
    expect([ui.locale, ui.light]).toEqual(['zh', 'auto']);
  });
});

describe('faults of the page', () => {
  it('keeps the last twenty and counts the same one in a row', () => {
    const store = useFaultStore();
    for (let i = 0; i < 1000; i++) store.add(new TypeError('same'), i);
    expect(store.faults).toMatchObject([{ message: 'TypeError: same', times: 1000, atMs: 999 }]);
    for (let i = 0; i < 50; i++) store.add(`fault ${i} ${'x'.repeat(2000)}`);
    expect(store.faults).toHaveLength(20);
    expect(store.faults.at(-1)?.message).toHaveLength(500);
  });
});
