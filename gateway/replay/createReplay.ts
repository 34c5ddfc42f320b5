import { randomUUID } from 'node:crypto';
import type { Fix } from '../../protocol/frames/position.ts';
import type { Seek } from '../../protocol/frames/client.ts';
import { messages } from '../../protocol/messages/index.ts';
import type { Message } from '../../protocol/messages/index.ts';
import type { Skill } from '../../protocol/town/town.ts';
import type { Router } from '../desk/deskContext.ts';
import { createEventEncoder } from '../feed/encodeEvents.ts';
import { encodeFixes } from '../feed/encodePositions.ts';
import { encodeSnapshot } from '../feed/encodeSnapshot.ts';
import { createFactTable } from '../journal/factTable.ts';
import type { FactTable } from '../journal/factTable.ts';
import type { Facts, HistoryEntry, Journal } from '../journal/journal.ts';
import type { TrackStore } from '../tracks/trackStore.ts';
import { createBookmarkWatch } from './bookmarkWatch.ts';
import { createPastFixes } from './pastFixes.ts';
import type { PastFixes } from './pastFixes.ts';
import { freeUnitsThen, nearestThen } from './pastQueries.ts';
import type { Past } from './pastQueries.ts';
import { createPastStream } from './pastStream.ts';
import type { PastStream } from './pastStream.ts';
import type { Replay, Replays, ReplayWire, WelcomeBase } from './replay.ts';
import { createReplayClock } from './replayClock.ts';

export interface ReplayHost {
  readonly journal: Journal;
  readonly tracks: TrackStore;
  readonly router: Router;
  readonly skills: readonly Skill[];
  /** `source` of the events, as in the feed of now. */
  readonly eventSource: string;
  span: Replays['span'];
  welcome(): WelcomeBase;
}
/** Told when the wall looks at another moment, and when it has gone. */
export interface ReplayListener {
  jumped(atMs: number, rate: number): void;
  ended(): void;
}

/** Real time between two looks at what is due. */
const STEP_MS = 50;
/** Real time between two frames of positions, as in the feed of now; at speed more often, so that no unit leaps. */
const POSITION_PERIOD_MS = 250;
const FASTEST_PERIOD_MS = 100;
/** Recorded time between two frames of positions that the eye still takes for one movement. */
const SMOOTH_MS = 6000;

/** The same facts in a table that the replay carries on. */
function carriedOn(state: Facts): FactTable {
  const table = createFactTable();
  for (const { type } of messages) {
    if (type === 'bookmark.updated') continue;
    for (const data of state.all(type)) table.set({ type, data } as Message);
  }
  return table;
}

/**
 * Plays the record to one wall. The journal is read as far as the next event that is not due yet, so a replay holds one state of the town, one event
 * and an hour of positions, however long it runs; a wall that takes nothing holds it up and nobody else.
 */
export function createReplay(host: ReplayHost, wire: ReplayWire, listener: ReplayListener): Replay {
  const { journal, tracks } = host;
  const bookmarks = createBookmarkWatch(journal);
  const fixes = new Map<string, Fix>();
  let clock = createReplayClock(0, 0, performance.now());
  let facts = createFactTable();
  let events = createEventEncoder('', host.eventSource, 1);
  let entries: PastStream<HistoryEntry> | null = null;
  let moved: PastFixes | null = null;
  let readSeq = 0;
  let positionsAtMs = 0;
  let positionsDueMs = 0;
  let sentSeq = 0;
  let ackedSeq = 0;
  let stuckSinceMs: number | null = null;
  let wanted: { atMs: number; rate: number } | null = null;
  /** A step or a jump is under way: they wait for each other, because both wait for the disk. */
  let busy = false;
  let over = false;
  let epoch = '';

  const nowMs = (): number => Math.round(clock.at(performance.now()));
  const past = (): Past => ({ nowMs, facts, latestFix: (id) => fixes.get(id) });
  const handleOf = (unitId: string): number | undefined => facts.latest('unit.updated', unitId)?.handle;
  const hasRoom = (): boolean => !wire.isFull() && sentSeq - ackedSeq < wire.window;

  function welcome(resumed: boolean): void {
    wire.send({
      ...host.welcome(),
      epoch,
      headSeq: sentSeq,
      resumed,
      gap: resumed ? null : { reason: 'noCursor', missed: null },
      serverTimeMs: nowMs(),
      clockRate: clock.rate,
      replay: host.span(),
    });
  }
  const recordEndMs = (): number => host.span()?.toMs ?? nowMs();
  const letGo = async (): Promise<void> => {
    await Promise.all([entries?.dispose(), moved?.dispose()]);
    entries = moved = null;
  };
  const sendFixes = (heard: readonly Fix[]): void => {
    // What came too late to be shown then is not shown now.
    const news = heard.filter(({ id, observedAtMs }) => observedAtMs >= (fixes.get(id)?.observedAtMs ?? 0));
    for (const fix of news) fixes.set(fix.id, fix);
    for (const frame of encodeFixes(nowMs(), news, wire.binary, handleOf)) wire.sendBytes(frame, wire.binary);
  };
  function tell(message: Message, atMs: number): void {
    sentSeq += 1;
    wire.sendBytes(events.encode({ seq: sentSeq, atMs, message }), false);
  }

  async function jump({ atMs, rate }: { atMs: number; rate: number }): Promise<void> {
    const span = host.span();
    const at = span ? Math.min(span.toMs, Math.max(span.fromMs, Math.round(atMs))) : Math.round(atMs);
    const state = await journal.stateAt(at);
    const table = carriedOn(state);
    const placed = await tracks.positionsAt(at);
    await letGo();
    if (over || wanted) return; // somebody wants to be elsewhere already
    facts = table;
    readSeq = state.seq;
    entries = createPastStream((untilMs) => journal.between(readSeq, untilMs), recordEndMs, at);
    moved = createPastFixes(tracks, recordEndMs, at);
    positionsAtMs = at;
    positionsDueMs = 0;
    epoch = `replay-${randomUUID()}`;
    events = createEventEncoder(epoch, host.eventSource, 1);
    sentSeq = ackedSeq = 0;
    stuckSinceMs = null;
    fixes.clear();
    clock = createReplayClock(at, rate, performance.now());
    listener.jumped(at, rate);
    welcome(false);
    const all: Facts['all'] = (type) =>
      (type === 'bookmark.updated' ? bookmarks.known() : facts.all(type)) as ReturnType<typeof facts.all<typeof type>>;
    for (const part of encodeSnapshot({ all }, 0, at).parts) wire.sendBytes(part, false);
    sendFixes(placed.map(({ fix }) => fix).filter(({ id }) => facts.latest('unit.updated', id) !== undefined));
  }

  function play(entry: HistoryEntry): void {
    readSeq = entry.seq;
    if ('message' in entry && entry.message.type === 'bookmark.updated') return; // those of now are shown
    facts.apply(entry);
    if ('message' in entry) tell(entry.message, entry.atMs);
  }

  async function step(): Promise<void> {
    const toMs = host.span()?.toMs ?? nowMs();
    const dueMs = Math.min(nowMs(), toMs);
    let playedMs = dueMs;
    while (!over && !wanted) {
      const next = await entries?.peek(dueMs);
      if (!next || next.atMs > dueMs) break;
      if (!hasRoom()) {
        playedMs = next.atMs;
        stuckSinceMs ??= performance.now();
        break;
      }
      play(next);
      entries?.take();
    }
    if (over || wanted) return;
    for (const bookmark of await bookmarks.changed()) if (hasRoom()) tell(bookmarks.told(bookmark), dueMs);
    const realMs = performance.now();
    if (realMs >= positionsDueMs && playedMs > positionsAtMs && !wire.isFull()) {
      positionsDueMs = realMs + Math.max(FASTEST_PERIOD_MS, Math.min(POSITION_PERIOD_MS, SMOOTH_MS / Math.max(1, clock.rate)));
      const next = (await moved?.until(playedMs)) ?? [];
      positionsAtMs = playedMs;
      if (over || wanted) return;
      sendFixes(next);
    }
    if (nowMs() >= toMs && clock.rate > 0) {
      clock.stopAt(toMs);
      welcome(true);
    }
  }
  async function work(): Promise<void> {
    if (busy || over) return;
    busy = true;
    try {
      while (wanted && !over) {
        const to = wanted;
        wanted = null;
        await jump(to);
      }
      if (!over) await step();
    } catch (error) {
      if (!over) wire.onBroken(error);
    } finally {
      busy = false;
    }
  }

  const timer = setInterval(() => void work(), STEP_MS);
  return {
    async open(atMs, rate) {
      busy = true;
      try {
        await jump({ atMs, rate });
      } finally {
        busy = false;
      }
    },
    seek({ atMs, rate }: Pick<Seek, 'atMs' | 'rate'>) {
      if (atMs !== null) {
        wanted = { atMs, rate };
        void work();
      } else if (wanted) wanted.rate = rate;
      else {
        clock.setRate(rate, performance.now());
        welcome(true);
      }
    },
    ack(seq) {
      if (seq > sentSeq) return false;
      if (seq > ackedSeq) {
        ackedSeq = seq;
        stuckSinceMs = null;
      }
      return true;
    },
    nowMs,
    get rate() {
      return clock.rate;
    },
    get sentSeq() {
      return sentSeq;
    },
    get ackedSeq() {
      return ackedSeq;
    },
    nearest: (incidentId, limit) => nearestThen(incidentId, limit, past(), host.router, host.skills),
    freeUnits: () => freeUnitsThen(past(), host.router, host.skills),
    hasUnit: (unitId) => facts.latest('unit.updated', unitId) !== undefined,
    stuckForMs(realMs) {
      if (hasRoom()) stuckSinceMs = null;
      return stuckSinceMs === null ? 0 : realMs - stuckSinceMs;
    },
    dispose() {
      if (over) return;
      over = true;
      listener.ended();
      clearInterval(timer);
      letGo().catch(wire.onBroken);
    },
  };
}
