import { Worker } from 'node:worker_threads';
import type { QueryItem } from '../../protocol/queries/index.ts';
import type { Town } from '../../protocol/town/town.ts';
import { AppError } from '../appError.ts';
import type { TrafficTable } from '../roads/traffic.ts';
import type { ReachFile } from '../scene/reachFile.ts';
import type { FreeUnit, ReachTown } from './reachTown.ts';
import type { FromThread, ReachKind, ReachQuestions, ToThread } from './threadMessages.ts';

/** Who can be where in time, worked out beside the gateway's own thread. */
export interface Reach {
  /** @throws {AppError} when the thread has ended under it: ask again. */
  ask<K extends ReachKind>(ask: K, units: readonly FreeUnit[], atMs: number, question: ReachQuestions[K]): Promise<QueryItem[K][]>;
  dispose(): Promise<void>;
}

/** What the reach of a town is reckoned with; null where it promises no arrival, has no road for cars, or no rules for it. */
export function reachTownOf(town: Town, traffic: TrafficTable | null, rules: ReachFile | null): ReachTown | null {
  const limitOf = (id: string) => town.promises.find((promise) => promise.id === id)?.limitS;
  const [coreLimitS, townLimitS] = [limitOf('arriveCore'), limitOf('arriveTown')];
  if (!rules || coreLimitS === undefined || townLimitS === undefined) return null;
  if (town.roads.every((road) => road.class === 'expressway')) return null;
  return {
    roads: town.roads,
    places: town.places,
    outline: town.outline.ring,
    core: town.scene.core.ring,
    coreLimitS,
    townLimitS,
    traffic,
    utcOffsetMin: town.scene.utcOffsetMin,
    rules,
  };
}

/** The thread's file: as source beside this one, as a bundle beside the gateway's. */
const threadUrl = new URL(import.meta.url.endsWith('.ts') ? './reachThread.ts' : './reachThread.js', import.meta.url);

interface Waiting {
  resolve(items: never[]): void;
  reject(error: Error): void;
}

/** The thread starts with the first question and stays; one that ended is started again by the next question. */
export function createReach(town: ReachTown): Reach {
  const waiting = new Map<number, Waiting>();
  let thread: Worker | null = null;
  let asked = 0;
  let closed = false;

  const lose = (lost: Worker, reason: string): void => {
    if (thread !== lost) return;
    thread = null;
    const error = new AppError('reachBroken', `the thread of the reach has ended: ${reason}`);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const hear = (told: FromThread): void => {
    const one = waiting.get(told.id);
    waiting.delete(told.id);
    // The thread keeps the process alive while somebody waits for it, and not otherwise.
    if (waiting.size === 0) thread?.unref();
    if ('items' in told) one?.resolve(told.items as never[]);
    else one?.reject(new AppError('reachBroken', told.reason));
  };
  const start = (): Worker => {
    const started = new Worker(threadUrl, { workerData: town, name: 'reach' });
    started.on('message', (told: FromThread) => {
      if (thread === started) hear(told);
    });
    started.on('error', (error: Error) => lose(started, error.message));
    started.on('exit', (code) => lose(started, `code ${code}`));
    return started;
  };

  return {
    ask(ask, units, atMs, question) {
      if (closed) return Promise.reject(new AppError('reachBroken', 'the gateway is closing'));
      thread ??= start();
      thread.ref();
      asked += 1;
      const message = { id: asked, ask, units, atMs, ...question } as unknown as ToThread;
      return new Promise((resolve, reject) => {
        waiting.set(message.id, { resolve, reject });
        thread!.postMessage(message);
      });
    },
    async dispose() {
      closed = true;
      const running = thread;
      if (!running) return;
      lose(running, 'the gateway is closing');
      await running.terminate();
    },
  };
}
