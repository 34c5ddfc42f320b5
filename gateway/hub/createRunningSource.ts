import { createHash } from 'node:crypto';
import type { Fix } from '../../protocol/frames/position.ts';
import type { Town } from '../../protocol/town/town.ts';
import { AppError } from '../appError.ts';
import { refusal } from '../adapters/adapter.ts';
import type { Decoded, Fact, OpenAdapter, Refusal } from '../adapters/adapter.ts';
import type { IntakeDoors } from '../http/intakeDoors.ts';
import type { Journal } from '../journal/journal.ts';
import type { About, OpenByteSource, Port, SourceHealth, SourceState, Taken } from '../sources/byteSource.ts';
import { readSecret, readTlsFiles } from '../sources/secrets.ts';
import type { Intake, Order } from '../sources/source.ts';
import { fromWgs84 } from './datum.ts';
import type { FirstHandles } from './firstHandles.ts';
import { cursorKey, incidentKey } from './noteKeys.ts';
import { createRestarts } from './restarts.ts';
import type { RestartOptions } from './restarts.ts';
import { createSeenMessages } from './seenMessages.ts';
import { createSourceCounters } from './sourceCounters.ts';
import type { SourceEntry } from './sourcesFile.ts';
import { createFactTaker } from './takeFacts.ts';
import type { Verdict } from './takeFacts.ts';

export interface RunningSourceOptions {
  entry: SourceEntry;
  /** What relative paths of the entry start from. */
  directory: string;
  /** How errors name the entry: file and field. */
  at: string;
  town: Town;
  intake: Intake;
  journal: Journal;
  handles: FirstHandles;
  env: Readonly<Record<string, string | undefined>>;
  restart?: Partial<RestartOptions>;
  /** Where requests to the gateway's own server come in. */
  doors: IntakeDoors;
  latestFix(unitId: string): Fix | undefined;
  /** Resolves when the fixes that were handed in are safe. */
  fixesSafe(): Promise<void>;
  onUnit(unitId: string): void;
  onFault(error: unknown): void;
}

export type FactListener = (fact: Fact, verdict: Verdict) => void;

/** One source of the file at work: its adapter, its books, and its next life when it fails. */
export function createRunningSource(options: RunningSourceOptions) {
  const { entry, intake, journal, onFault } = options;
  const { clock } = intake;
  const counters = createSourceCounters(() => clock.nowMs());
  const seen = createSeenMessages(journal, entry.id);
  const taker = createFactTaker(options);
  let state: SourceState = 'connecting';
  let reason: string | null = null;
  let sinceMs = Math.round(clock.nowMs());
  let life: { open: OpenByteSource | null; adapter: OpenAdapter; abort: AbortController } | null = null;
  let ending = Promise.resolve();
  let trial: OpenAdapter | null = null;
  let disposed = false;

  const openAdapter = (): OpenAdapter => entry.adapter.open(entry.adapterConfig);
  const setStatus = (next: SourceState, why: string | null): void => {
    if (next !== state) sinceMs = Math.round(clock.nowMs());
    if (next === 'live' && state !== 'live') counters.counts.connects += 1;
    state = next;
    reason = why === null ? null : why.slice(0, 300);
  };
  const refuse = (why: Refusal, from: string, bytes?: Uint8Array): void => counters.refused(why, from, bytes);

  const decode = (adapter: OpenAdapter, bytes: Uint8Array, about: About, offsetMs: number): Decoded => {
    try {
      return adapter.decode(bytes, { from: about.from, nowMs: clock.nowMs() + offsetMs, retained: about.retained ?? false });
    } catch (error) {
      // A bug of the adapter. It must not end the source, nor pass unseen.
      onFault(error);
      return { facts: [], refusals: [refusal('adapterFault', '', error instanceof Error ? error.message : String(error))] };
    }
  };

  /** Everything that one message says, in one transaction with its name and the cursor. */
  const take = (adapter: OpenAdapter, bytes: Uint8Array, about: About, onFact?: FactListener): Taken => {
    counters.heard(bytes.length);
    const offsetMs = about.clockOffsetMs ?? 0;
    const { facts, refusals, messageId: named } = decode(adapter, bytes, about, offsetMs);
    const messageId = named ?? about.messageId ?? null;
    let hasFixes = false;
    const taken = { accepted: 0, repeated: 0, refusals: [...refusals] };
    if (messageId !== null && seen.has(messageId)) {
      counters.counts.repeated += 1;
      taken.repeated = 1;
      taken.refusals = [];
    } else {
      for (const fact of facts) {
        let verdict;
        try {
          verdict = taker.take(fact, offsetMs);
        } catch (error) {
          onFault(error);
          verdict = refusal('intakeFault', '', error instanceof Error ? error.message : String(error));
        }
        onFact?.(fact, verdict);
        if (verdict === 'passed') continue;
        if (typeof verdict === 'object') {
          taken.refusals.push(verdict);
          continue;
        }
        taken.accepted += 1;
        hasFixes ||= fact.kind === 'fix';
        counters.accepted(fact.kind);
        if (verdict === 'repeated') {
          taken.repeated += 1;
          counters.counts.repeated += 1;
        }
      }
      for (const one of taken.refusals) refuse(one, about.from, bytes);
      if (messageId !== null && taken.accepted > 0) seen.add(messageId);
    }
    if (about.cursor !== undefined) journal.note(cursorKey(entry.id), about.cursor);
    return {
      ...taken,
      durable: async () => {
        await Promise.all([journal.flushed(), ...(hasFixes ? [options.fixesSafe()] : [])]);
      },
    };
  };

  const portOf = (own: { abort: AbortController; adapter: OpenAdapter }): Port => {
    const isOver = (): boolean => own.abort.signal.aborted;
    return {
      sourceId: entry.id,
      clock,
      epoch: journal.epoch,
      settings: createHash('sha256').update(JSON.stringify(entry.adapterConfig)).digest('base64url').slice(0, 12),
      cursor: () => journal.noted(cursorKey(entry.id)) ?? null,
      onBytes(bytes, about) {
        if (!isOver()) return take(own.adapter, bytes, about);
        // Its next life takes these bytes again: nothing is acknowledged on behalf of the last one.
        const over = new AppError('sourceOver', `${entry.id} was closed`, { fatal: false });
        return { accepted: 0, repeated: 0, refusals: [], durable: () => Promise.reject(over) };
      },
      refuse(why, from, bytes) {
        if (!isOver()) refuse(why, from, bytes);
      },
      status(next, why = null) {
        if (isOver()) return;
        setStatus(next, why);
        if (next === 'live') restarts.healthy();
        else restarts.unhealthy();
        if (next === 'closed') void end().then(restarts.later, onFault);
      },
      receive(receiver) {
        if (!isOver()) own.abort.signal.addEventListener('abort', options.doors.open(entry.id, receiver), { once: true });
      },
      secret: (secret) => readSecret(secret, options.env, options.at),
      tls: (tls) => readTlsFiles(tls, options.directory, `${options.at}.tls`),
    };
  };

  /** @throws AppError for a configuration that cannot work. */
  const begin = (): void => {
    const own = { open: null as OpenByteSource | null, adapter: openAdapter(), abort: new AbortController() };
    life = own;
    setStatus('connecting', null);
    own.open = entry.source.open(entry.config, portOf(own), own.abort.signal);
    // It may have said at once that it is closed.
    if (own.abort.signal.aborted) void Promise.resolve(own.open.dispose()).catch(onFault);
  };
  const end = (): Promise<void> => {
    const own = life;
    life = null;
    if (!own) return ending;
    own.abort.abort();
    ending = ending.then(async () => {
      await own.open?.dispose();
    });
    return ending;
  };
  const beginAgain = (): void => {
    if (disposed) return;
    try {
      begin();
    } catch (error) {
      void end().catch(onFault);
      setStatus('closed', error instanceof Error ? error.message : String(error));
      if (!(error instanceof AppError)) onFault(error);
      restarts.later();
    }
  };
  const restarts = createRestarts(beginAgain, options.restart);

  const inSendersDatum = ({ lonDeg, latDeg, route }: Extract<Order, { route: unknown }>) => {
    const [lon, lat] = fromWgs84([lonDeg, latDeg], entry.datum);
    return { lonDeg: lon, latDeg: lat, route: route.map((point) => [...fromWgs84(point, entry.datum)] as const as [number, number]) };
  };
  const sendersOwn = (order: Order): Order => {
    const unitId = order.unitId.startsWith(entry.prefix) ? order.unitId.slice(entry.prefix.length) : order.unitId;
    if (order.kind === 'home') return { ...order, unitId };
    if (order.kind === 'standby') return { ...order, unitId, ...inSendersDatum(order) };
    const report = journal.noted(incidentKey(order.incidentId));
    const [sourceId, externalId] = report === undefined ? [] : (JSON.parse(report) as [string, string]);
    const incidentId = sourceId === entry.id ? externalId! : order.incidentId;
    if (order.kind === 'recall') return { ...order, unitId, incidentId };
    return { ...order, unitId, incidentId, ...inSendersDatum(order) };
  };

  return {
    entry,
    /** Tells the units of the roster. @throws AppError for a row that the desk refuses. */
    tellRoster(): void {
      for (const row of entry.units) {
        const verdict = taker.take({ kind: 'unit', unit: { ...row, crew: [], vehicleId: null } }, 0);
        if (typeof verdict === 'object')
          throw new AppError('badRoster', `${options.at}.units: ${row.id}: ${verdict.path}: ${verdict.message}`);
      }
    },
    /** @throws AppError for a configuration that cannot work. */
    start(): void {
      try {
        begin();
      } catch (error) {
        if (error instanceof AppError) {
          void end().catch(onFault);
          throw error.message.startsWith(options.at) ? error : new AppError(error.code, `${options.at}.${error.message}`, { cause: error });
        }
        onFault(error);
        void end().catch(onFault);
        setStatus('closed', error instanceof Error ? error.message : String(error));
        restarts.later();
      }
    },
    /** Takes a message as if it had just come, without opening the source. @param onFact hears what became of each fact. */
    tryOut: (bytes: Uint8Array, about: About, onFact: FactListener): Taken => take((trial ??= openAdapter()), bytes, about, onFact),
    order(order: Order): void {
      const own = sendersOwn(order);
      if (!life?.open?.order) {
        const why = life === null ? `${entry.id} is closed` : `a source of kind ${entry.source.kind} carries no orders`;
        return refuse(refusal('orderNotCarried', 'unitId', `the order to ${own.unitId} was not sent: ${why}`), 'desk');
      }
      const bytes = life.adapter.encode?.(own) ?? Buffer.from(JSON.stringify(own), 'utf8');
      counters.counts.orders += 1;
      life.open.order(own, bytes);
    },
    health(): SourceHealth {
      const read = counters.read();
      const quietSinceMs = Math.max(sinceMs, read.lastHeardAtMs ?? 0);
      const staleAfterMs = (entry.staleAfterS ?? Infinity) * 1000;
      const isStale = state === 'live' && clock.nowMs() - quietSinceMs > staleAfterMs;
      return {
        id: entry.id,
        kind: entry.source.kind,
        adapter: entry.adapter.id,
        state: isStale ? 'stale' : state,
        reason: isStale ? `nothing heard for ${Math.round((clock.nowMs() - quietSinceMs) / 1000)} s` : reason,
        sinceMs: isStale ? Math.round(quietSinceMs + staleAfterMs) : sinceMs,
        ...read,
      };
    },
    async dispose(): Promise<void> {
      disposed = true;
      restarts.dispose();
      await end();
      counters.dispose();
    },
  };
}
export type RunningSource = ReturnType<typeof createRunningSource>;
