import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { assertNever } from '../appError.ts';
import { createReachEngine } from './reachEngine.ts';
import type { ReachTown } from './reachTown.ts';
import type { FromThread, ToThread } from './threadMessages.ts';

/** The thread that works out who can be where: 60 units on 20,000 edges would hold up the feed of every wall. */
function run(port: MessagePort, town: ReachTown): void {
  const engine = createReachEngine(town);
  const answer = (asked: ToThread): Extract<FromThread, { items: unknown }>['items'] => {
    switch (asked.ask) {
      case 'reach':
        return [engine.reach(asked.units, asked.atMs)];
      case 'reachWithout':
        return engine.without(asked.units, asked.atMs, asked.unitIds);
      case 'moveUp':
        return engine.moveUp(asked.units, asked.atMs, asked.limit);
      default:
        return assertNever(asked);
    }
  };
  port.on('message', (asked: ToThread) => {
    let told: FromThread;
    try {
      told = { id: asked.id, items: answer(asked) };
    } catch (error) {
      told = { id: asked.id, reason: error instanceof Error ? error.message : String(error) };
    }
    port.postMessage(told);
  });
}

if (!parentPort) throw new Error('reachThread: this is a worker thread of the gateway');
run(parentPort, workerData as ReachTown);
