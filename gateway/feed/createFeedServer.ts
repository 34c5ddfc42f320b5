import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON } from '../../protocol/frames/client.ts';
import { commands } from '../../protocol/commands/index.ts';
import { queries } from '../../protocol/queries/index.ts';
import { bearerOf } from '../http/admission.ts';
import type { LivePositions } from '../journal/livePositions.ts';
import { CLOSE_GOING, createConnection } from './createConnection.ts';
import type { Connection, FeedHost } from './createConnection.ts';
import { createEventEncoder } from './encodeEvents.ts';
import { createPositionEncoder } from './encodePositions.ts';
import { createSnapshotEncoder } from './encodeSnapshot.ts';
import { createFeedCounters } from './feedCounters.ts';
import type { FeedCounters } from './feedCounters.ts';
import { LIMITS } from './feedSettings.ts';

export type FeedServerOptions = Pick<FeedHost, 'journal' | 'desk' | 'tracks' | 'clock' | 'admission' | 'settings' | 'scene' | 'onFault'> & {
  positions: LivePositions;
};

/** Takes over upgrades that were admitted (path, host, origin), and counts clients. */
export interface FeedServer {
  readonly counters: FeedCounters;
  readonly clients: number;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

/** Frames above this end the connection in the WebSocket layer; between the limit and this they get a typed error. */
const HARD_MAX_BYTES = LIMITS.maxUpBytes * 16;
const CHECK_PERIOD_MS = 500;

/** A client that offers nothing gets JSON; one that offers only what we do not speak is refused (rule P-10). */
export function chooseSubprotocol(offered: ReadonlySet<string>): string | false {
  if (offered.has(SUBPROTOCOL_BINARY)) return SUBPROTOCOL_BINARY;
  return offered.has(SUBPROTOCOL_JSON) ? SUBPROTOCOL_JSON : false;
}

export function refuseUpgrade(socket: Duplex, status: string, text: string): void {
  const body = `${text}\n`;
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** The subprotocols that an upgrade request offers. */
export const offeredSubprotocols = (request: IncomingMessage): ReadonlySet<string> =>
  new Set(
    (request.headers['sec-websocket-protocol'] ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
  );

export function createFeedServer(options: FeedServerOptions): FeedServer {
  const { journal, desk, clock, settings, positions } = options;
  const counters = createFeedCounters();
  const connections = new Set<Connection>();
  const positionEncoder = createPositionEncoder(
    positions,
    () => clock.nowMs(),
    (unitId) => desk.fleet.get(unitId)?.handle,
  );
  const snapshots = createSnapshotEncoder(journal, () => clock.nowMs());
  const host: FeedHost = {
    ...options,
    counters,
    events: createEventEncoder(journal.epoch, `/wanglou/${options.scene.townId}`),
    positions: positionEncoder,
    snapshots,
    capabilities: [...commands.map((command) => command.type), ...queries.map((query) => query.kind), 'binaryPositions'],
  };
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: HARD_MAX_BYTES,
    perMessageDeflate: false,
    handleProtocols: chooseSubprotocol,
  });

  // Many events of one transaction are one wake-up.
  let wakeUp = false;
  const stopListening = journal.onCommit(() => {
    if (wakeUp) return;
    wakeUp = true;
    queueMicrotask(() => {
      wakeUp = false;
      for (const connection of connections) connection.pump();
    });
  });
  // Real time, not server time: a scene at speed must not flood the walls.
  const timers = [
    setInterval(() => {
      positionEncoder.tick();
      for (const connection of connections) connection.sendPositions();
    }, settings.positionPeriodMs),
    setInterval(() => {
      snapshots.drop();
      for (const connection of connections) connection.heartbeat();
    }, settings.heartbeatMs),
    setInterval(() => {
      for (const connection of connections) connection.check(performance.now());
    }, CHECK_PERIOD_MS),
  ];

  return {
    counters,
    get clients() {
      return connections.size;
    },
    upgrade(request, socket, head) {
      const offered = offeredSubprotocols(request);
      if (offered.size > 0 && chooseSubprotocol(offered) === false) {
        counters.refusedUpgrades += 1;
        return refuseUpgrade(socket, '400 Bad Request', `subprotocol must be ${SUBPROTOCOL_BINARY} or ${SUBPROTOCOL_JSON}`);
      }
      if (connections.size >= settings.maxClients) {
        counters.refusedUpgrades += 1;
        return refuseUpgrade(socket, '503 Service Unavailable', `more than ${settings.maxClients} clients`);
      }
      const bearer = options.admission.tokenMatches(bearerOf(request.headers.authorization));
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        counters.accepted += 1;
        const connection = createConnection(webSocket, { binary: webSocket.protocol === SUBPROTOCOL_BINARY, bearer }, host);
        connections.add(connection);
        webSocket.on('close', () => connections.delete(connection));
      });
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      stopListening();
      const leaving = [...sockets.clients].map((webSocket) => new Promise<void>((done) => webSocket.once('close', () => done())));
      for (const connection of connections) connection.end('the gateway stops', CLOSE_GOING);
      await Promise.all(leaving);
      await new Promise<void>((done) => sockets.close(() => done()));
    },
  };
}
