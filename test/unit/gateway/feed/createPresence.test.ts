import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPresence } from '../../../../gateway/feed/createPresence.ts';
import type { PresenceSeat } from '../../../../gateway/feed/createPresence.ts';
import { desksSchema, MAX_DESKS } from '../../../../protocol/frames/server.ts';
import { LIMITS } from '../../../../gateway/feed/feedSettings.ts';

const desk = (id: string, zh = id) => ({ id, name: { zh, en: zh } });
const card = (id: string) => ({ kind: 'incident' as const, id });

test('[P-12] a desk is here as long as one of its connections is, and looks where the last of them looked', () => {
  let nowMs = 1000;
  const presence = createPresence(() => nowMs);
  const first = presence.enter(desk('a'), 'leader');
  first.look(card('inc-1'), false);
  nowMs = 2000;
  const second = presence.enter(desk('a'), 'leader');
  expect(presence.list()).toMatchObject([{ id: 'a', at: card('inc-1'), sinceMs: 1000 }]);
  second.look(card('inc-2'), true);
  expect(presence.list()).toMatchObject([{ id: 'a', at: card('inc-2'), sinceMs: 2000, follows: true }]);
  second.leave();
  expect(presence.list()).toMatchObject([{ id: 'a', at: card('inc-1'), sinceMs: 1000, follows: false }]);
  first.leave();
  first.look(card('inc-3'), false);
  expect(presence.list()).toEqual([]);
});

test('what changes nothing is no new version, so nothing is sent', () => {
  const presence = createPresence(() => 5);
  const seat = presence.enter(desk('a'), 'viewer');
  seat.look(card('inc-1'), false);
  const before = presence.version;
  seat.look(card('inc-1'), false);
  expect(presence.version).toBe(before);
  seat.leave();
  const gone = presence.version;
  seat.leave();
  expect(presence.version).toBe(gone);
});

test('[P-08] the frame stays within its limits, whatever desks call themselves and however many come', () => {
  const presence = createPresence(() => 1_778_671_200_000);
  for (let i = 0; i < MAX_DESKS * 2; i += 1)
    presence.enter(desk(`${i}`.padEnd(128, '\u0001'), '\u0001🙂'.repeat(2000)), 'operator').look(card('\u0001'.repeat(128)), false);
  const frame = presence.frame();
  expect(Buffer.byteLength(frame)).toBeLessThan(LIMITS.maxDownBytes / 4);
  expect(desksSchema.parse(JSON.parse(frame)).desks).toHaveLength(MAX_DESKS);
});

test('any order of coming, looking and going ends with exactly the desks that still have a connection', () => {
  const step = fc.record({
    act: fc.constantFrom('enter', 'look', 'leave'),
    desk: fc.constantFrom('a', 'b', 'c'),
    pick: fc.nat(5),
    at: fc.option(fc.constantFrom('x', 'y')),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const presence = createPresence(() => 1);
      const model = new Map<string, { seat: PresenceSeat; at: string | null; order: number }[]>();
      steps.forEach(({ act, desk: id, pick, at }, order) => {
        const seats = model.get(id) ?? [];
        model.set(id, seats);
        if (act === 'enter') seats.push({ seat: presence.enter(desk(id), 'operator'), at: null, order: -1 });
        const chosen = seats[pick % Math.max(1, seats.length)];
        if (!chosen || act === 'enter') return;
        if (act === 'look') {
          chosen.seat.look(at === null ? null : card(at), false);
          Object.assign(chosen, { at, order });
        } else {
          chosen.seat.leave();
          seats.splice(seats.indexOf(chosen), 1);
        }
      });
      const expected = [...model]
        .filter(([, seats]) => seats.length > 0)
        .map(([id, seats]) => [id, seats.reduce((last, seat) => (seat.order > last.order ? seat : last)).at]);
      const told = presence.list().map((one) => [one.id, one.at?.id ?? null]);
      expect(told.sort()).toEqual(expected.sort());
      expect((JSON.parse(presence.frame()) as { desks: unknown }).desks).toEqual(presence.list());
    }),
  );
});
