import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { Town } from '../../protocol/town/town.ts';
import type { FeedDoor } from '../feed/upgrades.ts';
import { createMetrics } from '../vitals/metrics.ts';
import type { VitalsRegistry } from '../vitals/createVitals.ts';
import type { Admission } from './admission.ts';
import { createHttpServer } from './createHttpServer.ts';
import type { HttpServerOptions } from './createHttpServer.ts';
import type { IntakeDoors } from './intakeDoors.ts';

export interface DoorOptions {
  town: Town;
  rendererDirectory: string;
  admission: Admission;
  feed: FeedDoor;
  vitals: VitalsRegistry;
  /** Where small senders post; left out, nothing is taken. */
  /** Null where another server takes what senders post. */
  intakeDoors: IntakeDoors | null;
  host: string;
  /** 0 takes a free one. */
  port: number;
  token: string;
  exportFile: HttpServerOptions['exportFile'];
  /** What `/healthz` tells besides; no secrets, it asks for no token. */
  health(): object;
  /** Ends what is behind the door; walls are still connected then. */
  onClose(): Promise<void>;
  onFault?(error: unknown): void;
}

/** A running gateway. */
export interface Gateway {
  /** Address of the wall, without the token. */
  readonly url: string;
  readonly feedUrl: string;
  readonly token: string;
  readonly port: number;
  close(): Promise<void>;
}

/** 192 bits, fit for a URL fragment. */
export const newToken = (): string => randomBytes(24).toString('base64url');

/** A bound address as a browser on this machine reaches it. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** @returns the port. @throws the error of `listen`, e.g. EADDRINUSE. */
function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** One port with files, town, health and feed. @throws the error of `listen` when the port cannot be had. */
export async function openDoor(options: DoorOptions): Promise<Gateway> {
  const { admission, feed, host, token } = options;
  const metrics = createMetrics(options.vitals);
  const http = createHttpServer({
    town: options.town,
    rendererDirectory: options.rendererDirectory,
    admission,
    health: () => {
      const { healthy, reasons, warnings, process, sources, feed: figures } = options.vitals.read();
      return {
        ok: healthy,
        reasons,
        warnings,
        version: process.version,
        upS: Math.round(process.upMs / 1000),
        clients: feed.clients,
        feed: { refusedFrames: Object.fromEntries(figures.refused.map(({ code, count }) => [code, count])), ...feed.counters },
        sources: sources.map(({ id, kind, state, reason }) => ({ id, kind, state, reason })),
        ...options.health(),
      };
    },
    metrics: async () => ({ contentType: metrics.contentType, text: await metrics.text() }),
    exportFile: options.exportFile,
    ...(options.intakeDoors ? { intakeDoors: options.intakeDoors } : {}),
    onFeed: feed.upgrade,
    onFault: options.onFault ?? ((error) => console.error('wanglou gateway:', error)),
    onRefusedUpgrade: () => {
      feed.counters.refusedUpgrades += 1;
    },
  });
  const port = await listen(http, options.port, host);
  const address = `${urlHost(host)}:${port}`;
  let closing: Promise<void> | null = null;
  return {
    url: `http://${address}`,
    feedUrl: `ws://${address}/feed`,
    token,
    port,
    close() {
      closing ??= (async () => {
        const closed = new Promise<void>((done) => http.close(() => done()));
        await options.onClose();
        http.closeAllConnections();
        await closed;
      })();
      return closing;
    },
  };
}
