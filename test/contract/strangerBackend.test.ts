import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { messages } from '../../protocol/messages/index.ts';
import { serverFrameSchema } from '../../protocol/frames/server.ts';
import { startStrangerBackend } from '../support/strangerBackend.ts';
import type { StrangerBackend } from '../support/strangerBackend.ts';

type Frame = Record<string, unknown> & { frame: string };
let backend: StrangerBackend;
let socket: WebSocket;
const frames: Frame[] = [];

const until = async <T>(find: () => T | undefined): Promise<T> => {
  for (let i = 0; i < 200; i++) {
    const found = find();
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`not seen in 5 s; frames: ${frames.map((f) => f.frame).join(' ')}`);
};
const send = (frame: object): void => socket.send(JSON.stringify(frame));
const hello = {
  frame: 'hello',
  v: 1,
  token: 'guest-token',
  window: 64,
  resume: null,
  role: 'leader',
  desk: { id: 't', name: { zh: '测', en: 'Test' } },
  clientTimeMs: 1,
};

beforeEach(async () => {
  frames.length = 0;
  backend = await startStrangerBackend();
  socket = new WebSocket(backend.url, 'feed.v1.json');
  socket.on('message', (raw: Buffer) => frames.push(JSON.parse(raw.toString()) as Frame));
  await new Promise((open) => socket.once('open', open));
});
afterEach(async () => {
  socket.terminate();
  await backend.close();
});

it('a backend written from PROTOCOL.md alone says only what the schemas accept', async () => {
  send(hello);
  send({ frame: 'ping', clientTimeMs: 5 });
  await until(() => frames.find((f) => f.frame === 'pos'));
  send({
    frame: 'cmd',
    id: '0197c9a0-7d3e-7b6a-9f00-3a5b1c2d4e5f',
    type: 'incident.dispatch',
    rev: null,
    expiresAtMs: 4e12,
    data: { incidentId: 'case-1', unitIds: ['car-1'] },
    reason: null,
  });
  await until(() => frames.find((f) => f.frame === 'res' && f['status'] === 'applied'));
  for (const frame of frames) {
    const verdict = serverFrameSchema.safeParse(frame);
    expect(verdict.error?.issues, JSON.stringify(frame)).toBeUndefined();
    if (frame.frame !== 'ev') continue;
    const ce = frame['ce'] as { type: string; data: unknown };
    const definition = messages.find((m) => m.type === ce.type);
    expect(definition?.schema.safeParse(ce.data).error?.issues).toBeUndefined();
  }
  expect(frames.map((f) => f.frame).slice(0, 3)).toEqual(['welcome', 'snap', 'pong']);
});

it('drives the car it was told to send', async () => {
  send(hello);
  const first = await until(() => frames.find((f) => f.frame === 'pos'));
  send({
    frame: 'cmd',
    id: '0197c9a0-7d3e-7b6a-9f00-3a5b1c2d4e5f',
    type: 'incident.dispatch',
    rev: null,
    expiresAtMs: 4e12,
    data: { incidentId: 'case-1', unitIds: ['car-1'] },
    reason: null,
  });
  const lon = (f: Frame): number => (f['fixes'] as { lonDeg: number }[])[0]!.lonDeg;
  const later = await until(() => frames.find((f) => f.frame === 'pos' && lon(f) > lon(first)));
  expect(lon(later)).toBeLessThan(120.4942);
});

it('[P-01] refuses a wrong token', async () => {
  send({ ...hello, token: 'guess' });
  const err = await until(() => frames.find((f) => f.frame === 'err'));
  expect(err).toMatchObject({ code: 'badToken', fatal: true });
});
