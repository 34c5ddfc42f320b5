import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createGatewayProcess, pinAddress, type GatewayAddress, type GatewayStatus } from '../../../electron/app/gatewayProcess.ts';

const READY = { kind: 'ready', url: 'http://127.0.0.1:4000', feedUrl: 'ws://127.0.0.1:4000/feed', token: 't', port: 4000 };
const ADDRESS = { url: READY.url, feedUrl: READY.feedUrl, token: 't', port: 4000 };

function setUp(options: { stubborn?: boolean } = {}) {
  const children: { say(message: unknown): void; exit(code: number | null): void; kills: number; address: GatewayAddress | null }[] = [];
  const statuses: GatewayStatus[] = [];
  const gateway = createGatewayProcess({
    start(address) {
      let onMessage: (message: unknown) => void = () => undefined;
      let onExit: (code: number | null) => void = () => undefined;
      const child = { say: (message: unknown) => onMessage(message), exit: (code: number | null) => onExit(code), kills: 0, address };
      children.push(child);
      return {
        onMessage: (listener) => (onMessage = listener),
        onExit: (listener) => (onExit = listener),
        kill() {
          child.kills += 1;
          if (options.stubborn !== true) onExit(0);
        },
      };
    },
    onStatus: (status) => statuses.push(status),
    readyTimeoutMs: 1000,
    nowMs: () => Date.now(),
  });
  const kinds = () => statuses.map((status) => status.kind);
  return { gateway, children, statuses, kinds };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('createGatewayProcess', () => {
  it('is ready when the gateway says where it listens, and not before', async () => {
    const { gateway, children, kinds } = setUp();
    for (const noise of [null, 'ready', { kind: 'ready' }, { ...READY, port: '4000' }, { ...READY, kind: 'other' }])
      children[0]?.say(noise);
    expect(kinds()).toEqual(['starting']);
    children[0]?.say(READY);
    expect(await gateway.ready).toEqual(ADDRESS);
    expect(gateway.status()).toEqual({ kind: 'ready', address: ADDRESS });
  });
  it('starts a gateway that died again, at the same address, each time later', async () => {
    const { children, statuses } = setUp();
    children[0]?.say(READY);
    for (const [i, delayMs] of [250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000].entries()) {
      children[i]?.exit(1);
      expect(statuses.at(-1)).toEqual({ kind: 'restarting', delayMs, reason: 'the gateway ended with code 1' });
      await vi.advanceTimersByTimeAsync(delayMs - 1);
      expect(children).toHaveLength(i + 1);
      await vi.advanceTimersByTimeAsync(1);
      expect(children[i + 1]?.address).toEqual(ADDRESS);
    }
    expect(children[0]?.address).toBeNull();
  });
  it('begins the back-off anew after a healthy run', async () => {
    const { children, statuses } = setUp();
    children[0]?.say(READY);
    children[0]?.exit(1);
    await vi.advanceTimersByTimeAsync(250);
    children[1]?.say(READY);
    await vi.advanceTimersByTimeAsync(10_000);
    children[1]?.exit(null);
    expect(statuses.at(-1)).toEqual({ kind: 'restarting', delayMs: 250, reason: 'the gateway ended with a signal' });
  });
  it('gives up at once when the gateway refuses its flags', async () => {
    const { gateway, children } = setUp();
    children[0]?.exit(2);
    await expect(gateway.ready).rejects.toThrow('refused');
    expect(gateway.status()).toMatchObject({ kind: 'failed', exitCode: 2 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(children).toHaveLength(1);
    await gateway.stop();
  });
  it('keeps trying when a gateway that worked is refused later', async () => {
    const { children } = setUp();
    children[0]?.say(READY);
    children[0]?.exit(1);
    await vi.advanceTimersByTimeAsync(250);
    children[1]?.exit(2);
    await vi.advanceTimersByTimeAsync(500);
    expect(children).toHaveLength(3);
  });
  it('kills a gateway that never listens, and starts another', async () => {
    const { children } = setUp();
    await vi.advanceTimersByTimeAsync(1000);
    expect(children[0]?.kills).toBe(1);
    await vi.advanceTimersByTimeAsync(250);
    expect(children).toHaveLength(2);
  });
  it('stops the gateway, and starts no other', async () => {
    const { gateway, children, kinds } = setUp();
    children[0]?.say(READY);
    await gateway.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([children.length, children[0]?.kills, kinds().at(-1)]).toEqual([1, 1, 'stopped']);
  });
  it('stops while it waits to start again', async () => {
    const { gateway, children } = setUp();
    children[0]?.exit(1);
    await gateway.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(children).toHaveLength(1);
    await expect(gateway.ready).rejects.toThrow('stopped');
  });
  it('does not wait for ever for a gateway that will not stop', async () => {
    const { gateway } = setUp({ stubborn: true });
    const stopped = gateway.stop(3000);
    await vi.advanceTimersByTimeAsync(3000);
    await stopped;
  });
});

describe('pinAddress', () => {
  it('leaves the first start alone', () => expect(pinAddress(['--port', '0'], null)).toEqual({ args: ['--port', '0'], env: {} }));
  it('keeps port and token, the token off the command line', () => {
    expect(pinAddress(['--scene', 'wuzhen/ordinary', '--port', '0'], ADDRESS)).toEqual({
      args: ['--scene', 'wuzhen/ordinary', '--port', '4000'],
      env: { WANGLOU_TOKEN: 't' },
    });
    expect(pinAddress([], { ...ADDRESS, token: null })).toEqual({ args: ['--port', '4000'], env: {} });
  });
});
