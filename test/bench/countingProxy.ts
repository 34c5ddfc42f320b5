import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A TCP proxy on loopback that counts what comes down from the server. */
export async function openCountingProxy(targetPort: number) {
  let downBytes = 0;
  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1');
    client.setNoDelay(true);
    upstream.setNoDelay(true);
    upstream.on('data', (bytes) => (downBytes += bytes.length));
    client.pipe(upstream).pipe(client);
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    client.on('error', end).on('close', end);
    upstream.on('error', end).on('close', end);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get downBytes() {
      return downBytes;
    },
    close(): Promise<void> {
      return new Promise((done) => server.close(() => done()));
    },
  };
}
