import { Worker } from 'node:worker_threads';
import { AppError, assertNever } from '../appError.ts';
import { createBatchMaker } from './fixBatch.ts';
import type { Asked, AskedKind, FromThread, ThreadData, ToThread } from './threadMessages.ts';
import type { EngineStats } from './trackEngine.ts';
import type { TrackStore } from './trackStore.ts';

export interface TrackStoreOptions {
  /** Made where there is none. Null keeps everything in memory. */
  directory: string | null;
  /** Months that ended before are removed. */
  keepDays?: number;
  /** Fixes are gathered for this long before they are written; real ms. */
  commitPeriodMs?: number;
  /** Fixes handed in and not safe yet; more are dropped and counted. 36 bytes each. */
  mostQueuedFixes?: number;
  /** Above this many unpacked fixes they are packed before their hour is over. */
  mostRecentFixes?: number;
  /** One sentence that a person should read: a damaged file was moved aside, the disk is full. */
  onWarning?(warning: string): void;
}

/** What cannot be written within this when the gateway stops is given up. */
const CLOSE_MS = 5000;
/** A thread that died is not started again at once, or a broken disk would keep a processor busy. */
const RESTART_MS = 1000;

/** The thread's file: as source beside this one, as a bundle beside the gateway's. */
const threadUrl = new URL(import.meta.url.endsWith('.ts') ? './trackThread.ts' : './trackThread.js', import.meta.url);

const nothing: EngineStats = {
  fixes: 0,
  blocks: 0,
  sizeBytes: 0,
  oldestAtMs: null,
  recentFixes: 0,
  tooOldFixes: 0,
  damagedBlocks: 0,
  damagedFiles: 0,
  warnings: [],
};
interface Answer {
  resolve(part: { parts: unknown[]; last: boolean }): void;
  reject(error: Error): void;
}

/** The track store behind a thread of its own: nothing here waits for a disk. The thread starts with the first fix or question. */
export function createTrackStore(options: TrackStoreOptions): TrackStore {
  const { directory, commitPeriodMs = 1000, mostQueuedFixes = 500_000, onWarning = () => {} } = options;
  const data: ThreadData = { directory, keepDays: options.keepDays ?? 365, mostRecentFixes: options.mostRecentFixes ?? 1_000_000 };
  const gathering = createBatchMaker();
  const answers = new Map<number, Answer>();
  let drained: (() => void)[] = [];
  let thread: Worker | null = null;
  let mayStartAtMs = 0;
  let stats = nothing;
  let asked = 0;
  let inFlight = 0;
  let droppedFixes = 0;
  let wasFull = false;
  let closed = false;
  let closing: Promise<void> | null = null;
  let ended: (() => void) | null = null;
  /** Why the thread ended last; the same is not told again and again. */
  let lostFor: string | null = null;

  /** The thread keeps the process alive while somebody waits for it, and not otherwise. */
  const hold = (): void => {
    if (answers.size > 0 || drained.length > 0 || closed) thread?.ref();
    else thread?.unref();
  };
  const tellDrained = (): void => {
    if (inFlight > 0 || gathering.count > 0) return;
    for (const done of drained) done();
    drained = [];
    hold();
  };
  /** The thread is gone, and with it what it had not written. */
  const lose = (reason: string): void => {
    if (!thread) return;
    thread = null;
    mayStartAtMs = performance.now() + RESTART_MS;
    droppedFixes += inFlight;
    inFlight = 0;
    for (const { reject } of answers.values()) reject(new AppError('tracksBroken', `the thread of the tracks has ended: ${reason}`));
    answers.clear();
    ended?.();
    tellDrained();
    if (!closed && reason !== lostFor) onWarning(`the thread of the tracks has ended and is started again: ${reason}`);
    lostFor = reason;
  };
  const hear = (message: FromThread): void => {
    switch (message.kind) {
      case 'safe':
        ({ stats } = message);
        inFlight -= message.fixes;
        return tellDrained();
      case 'stats':
        ({ stats } = message);
        return;
      case 'part':
        return answers.get(message.id)?.resolve(message);
      case 'failed':
        return answers.get(message.id)?.reject(new AppError('tracksUnread', message.reason));
      case 'warning':
        return onWarning(message.warning);
      case 'closed':
        return ended?.();
      default:
        assertNever(message);
    }
  };
  const say = (message: ToThread): void => {
    if (!thread) {
      const started = new Worker(threadUrl, { workerData: data, name: 'tracks' });
      thread = started;
      started.on('message', (heard: FromThread) => {
        if (thread === started) hear(heard);
      });
      started.on('error', (error: Error) => {
        if (thread === started) lose(error.message);
      });
      started.on('exit', () => {
        if (thread === started) lose('it left');
      });
    }
    hold();
    thread.postMessage(message);
  };
  const flush = (): void => {
    if (gathering.count === 0 || (!thread && performance.now() < mayStartAtMs)) return;
    const batch = gathering.take();
    inFlight += batch.fixes.count;
    say({ kind: 'add', batch });
  };
  const timer = setInterval(flush, commitPeriodMs).unref();

  /** Part after part as the reader asks for them. */
  async function* ask<K extends AskedKind>(kind: K, question: Asked[K]['question']): AsyncGenerator<Asked[K]['part']> {
    if (closed) throw new AppError('tracksClosed', 'the track store is closed');
    // Whoever asks has seen what was handed in.
    flush();
    const id = (asked += 1);
    const listen = (): Promise<{ parts: unknown[]; last: boolean }> =>
      new Promise((resolve, reject) => answers.set(id, { resolve, reject }));
    let over = false;
    try {
      let heard = listen();
      say({ kind: 'ask', id, ask: kind, question } as ToThread);
      while (!over) {
        const { parts, last } = await heard;
        over = last;
        for (const part of parts) yield part as Asked[K]['part'];
        if (over) break;
        heard = listen();
        say({ kind: 'next', id });
      }
    } finally {
      answers.delete(id);
      hold();
      if (!over && thread) say({ kind: 'stop', id });
    }
  }

  return {
    add(fix, heardAtMs) {
      if (inFlight + gathering.count >= mostQueuedFixes) {
        droppedFixes += 1;
        if (!wasFull) onWarning(`the tracks cannot be written fast enough: fixes are dropped, ${mostQueuedFixes} wait`);
        wasFull = true;
        return;
      }
      wasFull = false;
      gathering.add(fix, Math.round(heardAtMs));
    },
    tracks: (question) => ask('tracks', question),
    async positionsAt(atMs) {
      const found = [];
      for await (const list of ask('positionsAt', { atMs })) found.push(...list);
      return found;
    },
    fixesBetween: (afterMs, untilMs) => ask('fixesBetween', { afterMs, untilMs }),
    stats: () => ({ ...stats, queuedFixes: inFlight + gathering.count, droppedFixes }),
    flushed() {
      flush();
      return new Promise((resolve) => {
        drained.push(resolve);
        hold();
        tellDrained();
      });
    },
    dispose() {
      closed = true;
      closing ??= (async () => {
        clearInterval(timer);
        flush();
        for (const { reject } of answers.values()) reject(new AppError('tracksClosed', 'the track store is closed'));
        if (!thread) return;
        const gone = new Promise<void>((done) => (ended = done));
        const deadline = new Promise<void>((done) => setTimeout(done, CLOSE_MS).unref());
        say({ kind: 'close' });
        await Promise.race([gone, deadline]);
        await thread?.terminate();
      })();
      return closing;
    },
  };
}
