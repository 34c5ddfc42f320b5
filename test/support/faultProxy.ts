import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A TCP proxy on loopback that misbehaves as networks do. */
export interface FaultProxy {
  readonly port: number;
  /** Connections so far. */
  readonly opened: number;
  /** Resets every connection in the middle of whatever it carries. @returns how many there were. */
  cut(): number;
  /** `hole`: connections stay open and carry nothing; `refuse`: new ones are reset at once. */
  mode: 'pass' | 'hole' | 'refuse';
  close(): Promise<void>;
}

/** @param target Asked at each connection: the server may have moved. @param port 0 for a free one. */
export async function openFaultProxy(target: () => number, port = 0): Promise<FaultProxy> {
  const pairs = new Set<[Socket, Socket]>();
  const state = { mode: 'pass' as FaultProxy['mode'], opened: 0 };
  const server = createServer((client) => {
    if (state.mode === 'refuse') return client.resetAndDestroy();
    state.opened += 1;
    const upstream = connect(target(), '127.0.0.1');
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    const end = (): void => {
      // Who is in a hole does not hear that the other side has gone.
      if (state.mode === 'hole') return;
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const [from, to] of [pair, [upstream, client] as const]) {
      from.setNoDelay(true);
      from.on('data', (bytes) => {
        if (state.mode === 'hole') return;
        if (to.write(bytes)) return;
        from.pause();
        to.once('drain', () => from.resume());
      });
      from.on('error', end);
      from.on('close', end);
    }
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): number => {
    const count = pairs.size;
    for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy();
    pairs.clear();
    return count;
  };
  return {
    port: (server.address() as AddressInfo).port,
    get opened() {
      return state.opened;
    },
    get mode() {
      return state.mode;
    },
    set mode(mode) {
      state.mode = mode;
    },
    cut,
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
