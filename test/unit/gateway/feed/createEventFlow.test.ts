import { expect, test } from 'vitest';
import { createEventFlow } from '../../../../gateway/feed/createEventFlow.ts';
import { createEventEncoder } from '../../../../gateway/feed/encodeEvents.ts';
import { createMemoryJournal } from '../../../../gateway/journal/createMemoryJournal.ts';

const weather = {
  type: 'weather.updated',
  data: {
    id: 'town',
    rev: 1,
    condition: 'clear',
    text: { zh: '晴', en: 'Clear' },
    temperatureC: 20,
    windMps: 1,
    windFromDeg: 0,
    observedAtMs: 1,
    simulated: true,
  },
} as const;

/** A flow to a client whose socket is as full as the test says. */
function openFlow(window: number) {
  const journal = createMemoryJournal();
  const socket = { full: false, sent: 0 };
  const flow = createEventFlow(
    {
      journal,
      events: createEventEncoder(journal.epoch, '/test'),
      window,
      isFull: () => socket.full,
      isOpen: () => true,
      send: () => (socket.sent += 1),
      onBroken: (error) => {
        throw error as Error;
      },
    },
    0,
  );
  const settled = () => new Promise<void>((done) => setImmediate(done));
  const append = (): Promise<void> => {
    journal.append(weather, 1);
    flow.pump();
    return settled();
  };
  return { flow, socket, append, settled };
}

test('[P-03] at most a window of events is in flight, and an ack lets the next ones go', async () => {
  const { flow, socket, append, settled } = openFlow(2);
  for (let i = 0; i < 5; i++) await append();
  expect(socket.sent).toBe(2);
  expect(flow.ack(3)).toBe(false);
  expect(flow.ack(1)).toBe(true);
  await settled();
  expect(socket.sent).toBe(3);
  expect(flow.stuckForMs(performance.now() + 1000)).toBeGreaterThan(900);
});

test('[P-03] an event that met a full socket goes when there is room, although nothing else happens', async () => {
  const { flow, socket, append, settled } = openFlow(10);
  socket.full = true; // of a snapshot or of positions: no event is in flight that could tell when it has left
  await append();
  expect(socket.sent).toBe(0);
  socket.full = false;
  expect(flow.stuckForMs(performance.now())).toBe(0);
  await settled();
  expect(socket.sent).toBe(1);
});
