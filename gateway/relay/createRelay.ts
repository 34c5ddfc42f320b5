import { WebSocketServer } from 'ws';
import { SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON } from '../../protocol/frames/client.ts';
import { HARD_MAX_BYTES } from '../feed/createFeedServer.ts';
import type { FeedSettings } from '../feed/feedSettings.ts';
import { chooseSubprotocol, refuseUnservable } from '../feed/upgrades.ts';
import type { FeedDoor } from '../feed/upgrades.ts';
import { bearerOf } from '../http/admission.ts';
import type { Admission } from '../http/admission.ts';
import { createRelayedConnection } from './createRelayedConnection.ts';
import type { RelayCounters, RelayedConnection, Upstream } from './createRelayedConnection.ts';

export interface RelayOptions {
  upstream: Upstream;
  admission: Admission;
  settings: FeedSettings;
}

const CHECK_PERIOD_MS = 500;

/**
 * Lets every wall talk to a backend that speaks the protocol, one upstream connection each. The wall shows our token, the
 * backend sees its own; neither sees the other's. JSON is preferred, since not every backend speaks the binary form.
 */
export function createRelay({ upstream, admission, settings }: RelayOptions): FeedDoor & { readonly counters: RelayCounters } {
  const counters: RelayCounters = { accepted: 0, refusedUpgrades: 0, refusedFrames: 0, up: 0, down: 0, upstreamAway: 0, cut: 0 };
  const connections = new Set<RelayedConnection>();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: HARD_MAX_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => chooseSubprotocol(offered, [SUBPROTOCOL_JSON, SUBPROTOCOL_BINARY]),
  });
  const timer = setInterval(() => {
    for (const connection of connections) connection.check(performance.now());
  }, CHECK_PERIOD_MS);

  return {
    counters,
    get clients() {
      return connections.size;
    },
    upgrade(request, socket, head) {
      if (refuseUnservable(request, socket, connections.size, settings.maxClients)) {
        counters.refusedUpgrades += 1;
        return;
      }
      const bearer = admission.tokenMatches(bearerOf(request.headers.authorization));
      sockets.handleUpgrade(request, socket, head, (wall) => {
        counters.accepted += 1;
        const connection = createRelayedConnection(wall, { upstream, admission, settings, counters, bearer });
        connections.add(connection);
        wall.on('close', () => connections.delete(connection));
      });
    },
    async close() {
      clearInterval(timer);
      const leaving = [...sockets.clients].map((wall) => new Promise<void>((done) => wall.once('close', () => done())));
      for (const connection of connections) connection.end('the gateway stops');
      await Promise.all(leaving);
      await new Promise<void>((done) => sockets.close(() => done()));
    },
  };
}
