import type { Hello } from '../../protocol/frames/client.ts';
import type { Err, Welcome } from '../../protocol/frames/server.ts';
import type { QueryKind } from '../../protocol/queries/index.ts';
import { createApplyFrame } from './applyFrame.ts';
import { createBackOff, HEALTHY_AFTER_MS } from './backOff.ts';
import { createCommandBook } from './commandBook.ts';
import { createConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import type { Decoded } from './decodeFrame.ts';
import { createEventOrder } from './eventOrder.ts';
import { browserChance, browserTime, openBrowserSocket } from './feedPorts.ts';
import { createFeedStatus } from './feedStatus.ts';
import type { FeedClient, FeedCounters, FeedListener, FeedOptions, QueryOptions, QueryResult, ReplayWish } from './feedTypes.ts';
import { createLookBook } from './lookBook.ts';
import { createPositionFlow } from './positionFlow.ts';
import { createQuarantine } from './quarantine.ts';
import { createQueryBook } from './queryBook.ts';
import { createServerClock } from './serverClock.ts';
import { createTrackTable } from './trackTable.ts';
import { uuid7 } from './uuid7.ts';

const TICK_MS = 100;
/** A tick that comes this late says that the page was busy or asleep, not that the server was silent: what it said waits to be read. */
const LATE_TICK_MS = 1000;
/** How long such a page may read before silence is judged again. */
const READING_MS = 1000;
const COMMAND_EXPIRES_MS = 10_000;
const QUERY_TIMEOUT_MS = 10_000;

/**
 * The wall's end of the feed (PROTOCOL.md). It connects until it is disposed, keeps the order of the log over any number of connections,
 * and tells its listeners each fact once. Positions go into `tracks`, never through listeners of facts.
 */
export function createFeedClient(options: FeedOptions): FeedClient {
  const { url, token, desk, role = 'leader', window = 256 } = options;
  const { openSocket = openBrowserSocket, time = browserTime, chance = browserChance } = options;
  const localNowMs = (): number => time.nowMs();
  const counters: FeedCounters = {
    events: 0,
    fixes: 0,
    refusedFixes: 0,
    unknownFixes: 0,
    refused: 0,
    unknown: 0,
    duplicates: 0,
    gaps: 0,
    resumes: 0,
    snapshots: 0,
    reconnects: 0,
    serverErrors: 0,
    skippedTicks: 0,
  };
  const listeners = new Set<FeedListener>();
  const tracks = createTrackTable();
  const clock = createServerClock(localNowMs);
  const positionFlow = createPositionFlow(tracks, localNowMs, () => clock.rate);
  const quarantine = createQuarantine(() => clock.nowMs());
  const order = createEventOrder();
  const backOff = createBackOff(() => chance.random());
  const status = createFeedStatus({
    localNowMs,
    serverNowMs: () => clock.nowMs(),
    changed: (next) => each((listener) => listener.status?.(next)),
  });

  let welcome: Welcome | null = null;
  let epoch: string | null = null;
  let connection: Connection | null = null;
  let askedDelayMs = 0;
  /** Where in the record this wall is; null is now. */
  let past: { atMs: number; rate: number } | null = null;
  /** The connection ends because the wall goes elsewhere in time, not because it was lost. */
  let moving = false;
  let started = false;
  let disposed = false;
  let tickedAtMs = 0;
  let readingUntilMs = 0;
  let cancelTick: (() => void) | null = null;
  let cancelConnect: (() => void) | null = null;

  /** A listener that throws is a bug of the page, and must not cost the others their facts or the feed its order. */
  function each(tell: (listener: FeedListener) => void): void {
    for (const listener of listeners) {
      try {
        tell(listener);
      } catch (cause) {
        quarantine.add('listener', cause instanceof Error ? cause.message : String(cause), null, '');
        time.after(0, () => {
          throw cause;
        });
      }
    }
  }
  const transmit = (text: string): boolean => connection?.transmit(text) ?? false;
  const commands = createCommandBook({
    localNowMs,
    serverTimeIn: (realMs) => clock.nowMs() + realMs * clock.rate,
    newId: () => uuid7(localNowMs(), (bytes) => chance.fill(bytes)),
    transmit,
  });
  const queries = createQueryBook(localNowMs, transmit);
  const looks = createLookBook(time, transmit);
  const apply = createApplyFrame({
    window,
    tracks,
    order,
    counters,
    quarantine,
    clock,
    snapshot: (snapshot) => each((listener) => listener.snapshot?.(snapshot)),
    event: (message, seq) => each((listener) => listener.event?.(message, seq)),
  });

  function takeWelcome(next: Welcome): void {
    // A clock of another journal, or at another speed, has nothing to do with the one measured so far.
    if (epoch !== next.epoch || clock.rate !== next.clockRate) clock.reset(next.clockRate);
    epoch = next.epoch;
    welcome = next;
    status.welcomed(next.heartbeatMs);
  }
  /** A new connection at once: between now and the past nothing can be resumed. */
  function move(): void {
    order.wantSnapshot();
    backOff.reset();
    if (connection) {
      moving = true;
      connection.end('moved');
    } else if (cancelConnect) {
      cancelConnect();
      connect();
    }
  }
  function replay(wish: ReplayWish | null): void {
    if (disposed || (wish === null && past === null)) return;
    const isSeek = wish !== null && past !== null && welcome?.replay;
    const hereMs = past !== null && !welcome?.replay ? past.atMs : clock.nowMs();
    past = wish && { atMs: wish.atMs ?? hereMs, rate: wish.rate };
    if (isSeek && transmit(JSON.stringify({ frame: 'seek', ...wish }))) return;
    move();
  }
  function takeError(err: Err): void {
    if (!err.fatal) return;
    if (past !== null && err.path === 'replay') {
      past = null;
      each((listener) => listener.replayRefused?.(err.message));
      move();
      return;
    }
    status.refused(err.code);
    connection?.end(err.code);
  }

  function frame(decoded: Decoded, text: string): void {
    const verdict = apply.facts(decoded, text);
    if (verdict !== 'ok') {
      connection?.end(verdict.restart);
      return;
    }
    if (decoded.kind === 'welcome') {
      each((listener) => listener.welcome?.(decoded.welcome));
      // A wish for the present is not told to the past.
      if (!decoded.welcome.replay) commands.resend();
      looks.welcomed(!decoded.welcome.replay && decoded.welcome.capabilities.includes('presence'));
    } else if (decoded.kind === 'res') commands.answer(decoded.res);
    else if (decoded.kind === 'part') {
      const why = queries.part(decoded.part);
      if (why !== null) {
        counters.refused += 1;
        quarantine.add('part', why, null, text);
      }
    } else if (decoded.kind === 'desks') each((listener) => listener.desks?.(decoded.desks.desks));
    else if (decoded.kind === 'bye') {
      askedDelayMs = decoded.bye.retryDelayMs;
      connection?.end('bye');
    } else if (decoded.kind === 'err') takeError(decoded.err);
    if (apply.whole()) status.pictured();
  }

  const hello = (): Hello => ({
    frame: 'hello',
    v: 1,
    token,
    window,
    resume: past === null ? order.resume() : null,
    role,
    desk,
    clientTimeMs: localNowMs(),
    ...(past && { replay: past }),
  });

  function connect(): void {
    cancelConnect = null;
    const mine: { ended: boolean } = { ended: false };
    const next = createConnection({
      url,
      openSocket,
      localNowMs,
      hello,
      ackEvery: Math.max(1, Math.floor(window / 4)),
      appliedSeq: () => (apply.whole() ? (order.cursor()?.seq ?? null) : null),
      positions: (buffer) => {
        apply.positions(buffer);
        if (apply.whole()) status.pictured();
      },
      frame,
      exchange: (...times) => clock.exchange(...times),
      heard: () => status.heard(),
      welcomed: takeWelcome,
      ended(reason) {
        mine.ended = true;
        if ((connection?.healthyForMs() ?? 0) >= HEALTHY_AFTER_MS) backOff.reset();
        connection = null;
        apply.disconnected();
        queries.disconnected();
        looks.disconnected();
        each((listener) => listener.desks?.([]));
        status.lost(reason);
        if (disposed) return;
        const delayMs = moving ? 0 : backOff.nextDelayMs(askedDelayMs);
        askedDelayMs = 0;
        if (moving) moving = false;
        else {
          counters.reconnects += 1;
          if (past && welcome?.replay) past = { atMs: clock.nowMs(), rate: clock.rate };
        }
        cancelConnect = time.after(delayMs, connect);
      },
    });
    connection = mine.ended ? null : next;
  }

  function tick(): void {
    const nowMs = localNowMs();
    if (nowMs - tickedAtMs > LATE_TICK_MS) readingUntilMs = nowMs + READING_MS;
    tickedAtMs = nowMs;
    positionFlow.count(counters.fixes);
    const judge = nowMs >= readingUntilMs;
    connection?.tick(judge);
    commands.tick();
    queries.tick();
    if (judge) status.evaluate();
    cancelTick = disposed ? null : time.after(TICK_MS, tick);
  }

  return {
    tracks,
    counters,
    status: () => status.status(),
    welcome: () => welcome,
    refusals: () => quarantine.kept,
    nowMs: () => clock.nowMs(),
    heardServerMs: () => apply.heardServerMs(),
    positionsSilentMs: () => positionFlow.silentMs(),
    clock: () => clock.reading(),
    cursor: () => order.cursor(),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send: (type, data, { rev = null, reason = null, expiresInMs = COMMAND_EXPIRES_MS } = {}) =>
      disposed
        ? Promise.resolve({ status: 'closed', seq: null, error: { code: 'closed', message: 'the feed was closed', path: null } })
        : commands.send(type, data, rev, reason, expiresInMs),
    query: <K extends QueryKind>(kind: K, data: object, { timeoutMs = QUERY_TIMEOUT_MS, onItems }: QueryOptions<K> = {}) =>
      // The book checks each item against the schema of `kind`.
      queries.ask(kind, data as Record<string, unknown>, timeoutMs, onItems) as Promise<QueryResult<K>>,
    replay,
    look: looks.look,
    start() {
      if (started || disposed) return;
      started = true;
      tickedAtMs = localNowMs();
      connect();
      tick();
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      cancelTick?.();
      cancelConnect?.();
      connection?.end('disposed');
      commands.close();
      queries.close();
      looks.disconnected();
      status.dispose();
      listeners.clear();
    },
  };
}
