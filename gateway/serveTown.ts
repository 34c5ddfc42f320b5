import { randomBytes } from 'node:crypto';
import type { Welcome } from '../protocol/frames/server.ts';
import type { LocalText } from '../protocol/primitives.ts';
import type { Town } from '../protocol/town/town.ts';
import type { Clock } from './clock.ts';
import { createDesk } from './desk/createDesk.ts';
import type { Desk } from './desk/createDesk.ts';
import type { Router } from './desk/deskContext.ts';
import { createFeedServer } from './feed/createFeedServer.ts';
import { defaultFeedSettings } from './feed/feedSettings.ts';
import type { FeedSettings } from './feed/feedSettings.ts';
import { createAdmission } from './http/admission.ts';
import { createHttpServer, listen } from './http/createHttpServer.ts';
import { createMemoryJournal } from './journal/createMemoryJournal.ts';
import type { Journal } from './journal/journal.ts';
import { createLivePositions } from './journal/livePositions.ts';
import { createTrackHistory } from './journal/trackHistory.ts';
import type { Intake, OpenSource } from './sources/source.ts';

export interface ServeOptions {
  town: Town;
  scene: Welcome['scene'];
  clock: Clock;
  router: Router;
  start: { mode: 'routine' | 'urgent'; leader: LocalText; simulated: boolean };
  /** Opens what supplies events. */
  openSource(intake: Intake, signal: AbortSignal): OpenSource;
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Null makes a random one. */
  token: string | null;
  allowOrigins: readonly string[];
  rendererDirectory: string;
  journal?: Journal;
  feed?: Partial<FeedSettings>;
  onFault?(error: unknown): void;
}

/** A running gateway. */
export interface Gateway {
  readonly url: string;
  readonly feedUrl: string;
  readonly token: string;
  readonly port: number;
  close(): Promise<void>;
}
/** With its inside, for tests of this process. */
export interface TownGateway extends Gateway {
  readonly desk: Desk;
  readonly journal: Journal;
}

export const newToken = (): string => randomBytes(24).toString('base64url');

/** An address as it stands in a URL. */
export const urlHost = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
};

const logFault = (error: unknown): void => console.error('wanglou gateway:', error);

/** One town with its journal, desk, source and feed behind one port. @throws the error of `listen` when the port is taken. */
export async function serveTown(options: ServeOptions): Promise<TownGateway> {
  const { town, clock, onFault = logFault } = options;
  const token = options.token ?? newToken();
  const journal = options.journal ?? createMemoryJournal();
  const tracks = createTrackHistory();
  const positions = createLivePositions((unitId) => journal.latest('unit.updated', unitId) !== undefined, tracks.add);
  const admission = createAdmission({ token, host: options.host, allowOrigins: options.allowOrigins });
  const stop = new AbortController();
  const desk = createDesk({ journal, clock, town, router: options.router, positions, start: options.start, onFault });
  const feed = createFeedServer({
    journal,
    desk,
    tracks,
    clock,
    admission,
    positions,
    settings: { ...defaultFeedSettings, ...options.feed },
    scene: options.scene,
    onFault,
  });
  const startedAtMs = performance.now();
  const http = createHttpServer({
    town,
    rendererDirectory: options.rendererDirectory,
    admission,
    health: () => ({
      ok: true,
      scene: options.scene.id,
      epoch: journal.epoch,
      headSeq: journal.headSeq,
      oldestSeq: journal.oldestSeq,
      upS: Math.round((performance.now() - startedAtMs) / 1000),
      serverTimeMs: Math.round(clock.nowMs()),
      clients: feed.clients,
      feed: feed.counters,
      desk: { ...desk.counters, refusedHandles: desk.fleet.refusedHandles },
      fixes: { accepted: positions.accepted, refused: positions.refused, trackPoints: tracks.points },
    }),
    onFeed: feed.upgrade,
    onRefusedUpgrade: () => {
      feed.counters.refusedUpgrades += 1;
    },
  });

  let source: OpenSource | null = null;
  const closeParts = async (): Promise<void> => {
    stop.abort();
    source?.dispose();
    desk.dispose();
    await feed.close();
    await journal.dispose();
  };
  try {
    // The source fills the books before the door opens: the first wall gets a whole picture.
    source = options.openSource(desk.intake, stop.signal);
    desk.connect(source);
    const port = await listen(http, options.port, options.host);
    const address = `${urlHost(options.host)}:${port}`;
    let closing: Promise<void> | null = null;
    return {
      url: `http://${address}`,
      feedUrl: `ws://${address}/feed`,
      token,
      port,
      desk,
      journal,
      close() {
        closing ??= (async () => {
          const closed = new Promise<void>((done) => http.close(() => done()));
          await closeParts();
          http.closeAllConnections();
          await closed;
        })();
        return closing;
      },
    };
  } catch (error) {
    await closeParts();
    throw error;
  }
}
