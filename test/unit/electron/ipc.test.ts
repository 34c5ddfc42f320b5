import { describe, expect, it } from 'vitest';
import { CHANNELS } from '../../../electron/app/channels.ts';
import { handleIpc, type SenderEvent } from '../../../electron/app/ipc.ts';

type Listener = (event: SenderEvent, ...args: unknown[]) => unknown;

function setUp() {
  const handlers = new Map<string, Listener>();
  const register = (channel: string, listener: Listener) => {
    if (handlers.has(channel)) throw new Error(`${channel} twice`);
    handlers.set(channel, listener);
  };
  const wall = {};
  const logged: string[] = [];
  const quits: string[] = [];
  const time = { nowMs: 0 };
  handleIpc(
    { handle: register, on: register },
    {
      isWall: (sender) => sender === wall,
      config: () => Promise.resolve({ feedUrl: 'ws://127.0.0.1:1/feed', gatewayUrl: 'http://127.0.0.1:1', token: 'secret' }),
      quit: (reason) => void quits.push(reason),
      log: (level, message) => void logged.push(`${level}: ${message}`),
      nowMs: () => time.nowMs,
    },
  );
  const own: SenderEvent = { sender: wall, senderFrame: { url: 'app://wall/index.html', parent: null } };
  const send = (channel: string, event: SenderEvent, ...args: unknown[]) => handlers.get(channel)?.(event, ...args);
  return { handlers, own, wall, logged, quits, time, send };
}

const strangers = (wall: object): [string, SenderEvent][] => [
  ['a window that is not ours', { sender: {}, senderFrame: { url: 'app://wall/index.html', parent: null } }],
  ['another page in our window', { sender: wall, senderFrame: { url: 'https://example.com/', parent: null } }],
  ['a frame inside our page', { sender: wall, senderFrame: { url: 'app://wall/index.html', parent: {} } }],
  ['a frame that is gone', { sender: wall, senderFrame: null }],
];

describe('handleIpc', () => {
  it('listens on the known channels and no other', () => {
    expect([...setUp().handlers.keys()].sort()).toEqual(Object.values(CHANNELS).sort());
  });
  it.each(strangers({}).map(([who], i) => [who, i] as const))('refuses %s on every channel', (_who, i) => {
    const { handlers, wall, send, logged, quits } = setUp();
    const stranger = strangers(wall)[i]?.[1] as SenderEvent;
    for (const channel of handlers.keys()) {
      if (channel === CHANNELS.log) send(channel, stranger, 'info', 'forged');
      else expect(() => send(channel, stranger, 'forged'), channel).toThrow(channel);
    }
    expect(quits).toEqual([]);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatch(/^warn: wall:log: not /);
  });
  it('answers its own page', async () => {
    const { own, send, quits, logged } = setUp();
    expect(await send(CHANNELS.config, own)).toMatchObject({ token: 'secret' });
    expect(send(CHANNELS.quit, own, 'shift is over')).toBe(true);
    send(CHANNELS.log, own, 'error', 'text');
    expect([quits, logged]).toEqual([['shift is over'], ['error: text']]);
  });
  it('refuses arguments of another type', () => {
    const { own, send, quits, logged } = setUp();
    expect(() => send(CHANNELS.quit, own, { toString: () => 'x' })).toThrow('expected a reason');
    send(CHANNELS.log, own, 'debug', 'text');
    send(CHANNELS.log, own, 'info', 5);
    expect(quits).toEqual([]);
    expect(logged).toEqual(Array<string>(2).fill('warn: wall:log: expected a level and a text'));
  });
  it('cuts long texts', () => {
    const { own, send, quits, logged } = setUp();
    send(CHANNELS.log, own, 'info', 'x'.repeat(10_000));
    send(CHANNELS.quit, own, 'x'.repeat(10_000));
    expect([logged[0]?.length, quits[0]?.length]).toEqual([4096 + 'info: '.length, 4096]);
  });
  it('drops a flood and says how much of it', () => {
    const { own, send, logged, time } = setUp();
    for (let i = 0; i < 100; i++) send(CHANNELS.log, own, 'info', 'flood');
    expect(logged).toHaveLength(20);
    time.nowMs = 1000;
    send(CHANNELS.log, own, 'info', 'calm');
    expect(logged.slice(20)).toEqual(['warn: 80 lines of the page were dropped', 'info: calm']);
  });
});
