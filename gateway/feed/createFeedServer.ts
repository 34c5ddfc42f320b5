import { WebSocketServer } from 'ws';
import { PROTOCOL_VERSION, SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON } from '../../protocol/frames/client.ts';
import type { Welcome } from '../../protocol/frames/server.ts';
import { commands } from '../../protocol/commands/index.ts';
import { queries } from '../../protocol/queries/index.ts';
import type { Router } from '../desk/deskContext.ts';
import type { Skill } from '../../protocol/town/town.ts';
import { bearerOf } from '../http/admission.ts';
import { createFactHistories } from '../journal/factHistory.ts';
import type { LivePositions } from '../journal/livePositions.ts';
import { CLOSE_GOING, createConnection } from './createConnection.ts';
import type { Connection, FeedHost } from './createConnection.ts';
import { createEventEncoder } from './encodeEvents.ts';
import { createPositionEncoder } from './encodePositions.ts';
import { createPresence } from './createPresence.ts';
import { createSnapshotEncoder } from './encodeSnapshot.ts';
import { createFeedCounters } from './feedCounters.ts';
import { LIMITS } from './feedSettings.ts';
import { chooseSubprotocol, refuseUnservable } from './upgrades.ts';
import type { FeedDoor } from './upgrades.ts';
import { createReplays } from '../replay/createReplays.ts';
import type { WelcomeBase } from '../replay/replay.ts';
import { createRefusalBook } from '../vitals/refusalBook.ts';

export type FeedServerOptions = Pick<
  FeedHost,
  'journal' | 'desk' | 'tracks' | 'clock' | 'admission' | 'settings' | 'vitals' | 'reach' | 'onFault'
> & {
  positions: LivePositions;
  scene: Welcome['scene'];
  router: Router;
  skills: readonly Skill[];
};

/** Frames above this end the connection in the WebSocket layer; between the limit and this they get a typed error. */
export const HARD_MAX_BYTES = LIMITS.maxUpBytes * 16;
const CHECK_PERIOD_MS = 500;
const BEAT_CHECK_MS = 100;
/** Rule P-12: what desks look at is collected for so long. */
const PRESENCE_PERIOD_MS = 250;
/** Walls that come back together share a snapshot. */
const SNAPSHOT_KEPT_MS = 2000;

export function createFeedServer(options: FeedServerOptions): FeedDoor {
  const { journal, desk, clock, settings, positions } = options;
  const counters = createFeedCounters();
  const refusals = createRefusalBook(() => clock.nowMs());
  const connections = new Set<Connection>();
  const positionEncoder = createPositionEncoder(
    positions,
    () => clock.nowMs(),
    (unitId) => desk.fleet.get(unitId)?.handle,
  );
  const snapshots = createSnapshotEncoder(journal, () => clock.nowMs());
  const eventSource = `/wanglou/${options.scene.townId}`;
  const welcome = (): WelcomeBase => ({
    frame: 'welcome',
    v: PROTOCOL_VERSION,
    heartbeatMs: settings.heartbeatMs,
    limits: { ...LIMITS },
    capabilities: [
      ...commands.map((command) => command.type),
      ...queries.map((query) => query.kind),
      'binaryPositions',
      'replay',
      'presence',
    ],
    scene: options.scene,
  });
  const replays = createReplays({
    journal,
    clock,
    tracks: options.tracks,
    router: options.router,
    skills: options.skills,
    eventSource,
    welcome,
  });
  const host: FeedHost = {
    ...options,
    counters,
    refusals,
    events: createEventEncoder(journal.epoch, eventSource),
    positions: positionEncoder,
    snapshots,
    replays,
    presence: createPresence(() => clock.nowMs()),
    histories: createFactHistories(journal),
    welcome,
  };
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: HARD_MAX_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => chooseSubprotocol(offered, [SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON]),
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
    setInterval(
      () => {
        for (const connection of connections) connection.heartbeat(performance.now());
      },
      Math.min(BEAT_CHECK_MS, settings.heartbeatMs / 4),
    ),
    setInterval(() => {
      for (const connection of connections) connection.sendPresence();
    }, PRESENCE_PERIOD_MS),
    setInterval(() => snapshots.drop(), SNAPSHOT_KEPT_MS),
    setInterval(() => {
      for (const connection of connections) connection.check(performance.now());
    }, CHECK_PERIOD_MS),
  ];

  options.vitals.hand('feed', () => ({
    walls: [...connections].flatMap((connection) => connection.vitals() ?? []),
    ...counters,
    refused: refusals.counted(),
    lastRefusals: [...refusals.last()],
  }));

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
