import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { assertNever } from '../appError.ts';
import type { FixBatch } from './fixBatch.ts';
import { createTrackEngine } from './trackEngine.ts';
import type { TrackEngine } from './trackEngine.ts';
import type { FromThread, ThreadData, ToThread } from './threadMessages.ts';

/** Longer work is interrupted, so that commits are not late. */
const TURN_MS = 20;
/** About so many fixes go into one answer to `next`. */
const PART_FIXES = 4000;
/** A disk that was full is tried again after this. */
const RETRY_MS = 1000;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const weightOf = (part: unknown): number => (Array.isArray(part) ? part.length : (part as { observedAtMs: unknown[] }).observedAtMs.length);

/** The thread that owns the files of the tracks: writes what comes, answers what is asked, part by part. */
function run(port: MessagePort, data: ThreadData): void {
  const say = (message: FromThread): void => port.postMessage(message);
  const engine: TrackEngine = createTrackEngine({ ...data, onWarning: (warning) => say({ kind: 'warning', warning }) });
  const waiting: FixBatch[] = [];
  const answers = new Map<number, Generator<unknown>>();
  let retry: NodeJS.Timeout | null = null;
  let obstacle: string | null = null;
  say({ kind: 'stats', stats: engine.stats() });

  const stand = (error: unknown): void => {
    if (obstacle === null) engine.warn(`the tracks cannot be written at the moment: ${reasonOf(error)}`);
    obstacle = reasonOf(error);
  };
  const write = (): void => {
    retry = null;
    let safe = 0;
    try {
      while (waiting.length > 0) {
        engine.commit(waiting[0]!);
        safe += waiting.shift()!.fixes.count;
      }
      engine.tidy();
      obstacle = null;
    } catch (error) {
      stand(error);
      if (waiting.length > 0) retry = setTimeout(write, RETRY_MS);
    }
    say({ kind: 'safe', fixes: safe, stats: engine.stats() });
  };
  const add = (batch: FixBatch): void => {
    const admitted = engine.admit(batch);
    const dropped = batch.fixes.count - admitted.reduce((sum, { fixes }) => sum + fixes.count, 0);
    waiting.push(...admitted);
    if (dropped > 0) say({ kind: 'safe', fixes: dropped, stats: engine.stats() });
    if (retry === null) write();
  };
  const generatorOf = (asked: Extract<ToThread, { kind: 'ask' }>): Generator<unknown> => {
    switch (asked.ask) {
      case 'tracks':
        return engine.tracks(asked.question);
      case 'positionsAt':
        return engine.positionsAt(asked.question.atMs);
      case 'fixesBetween':
        return engine.fixesBetween(asked.question.afterMs, asked.question.untilMs);
      default:
        return assertNever(asked);
    }
  };
  const advance = (id: number, gathered: unknown[] = []): void => {
    const answer = answers.get(id);
    if (!answer) return;
    const untilMs = performance.now() + TURN_MS;
    let weight = gathered.reduce((sum: number, part) => sum + weightOf(part), 0);
    try {
      for (;;) {
        const made = answer.next();
        if (made.done === true) {
          answers.delete(id);
          return say({ kind: 'part', id, parts: gathered, last: true });
        }
        const { value } = made;
        if (value !== null) {
          gathered.push(value);
          weight += weightOf(value);
          if (weight >= PART_FIXES) return say({ kind: 'part', id, parts: gathered, last: false });
        }
        if (performance.now() > untilMs) {
          setImmediate(() => advance(id, gathered));
          return;
        }
      }
    } catch (error) {
      answers.delete(id);
      say({ kind: 'failed', id, reason: reasonOf(error) });
    }
  };
  const close = (): void => {
    if (retry) clearTimeout(retry);
    write();
    if (retry) clearTimeout(retry);
    engine.close();
    say({ kind: 'closed' });
    port.close();
  };

  port.on('message', (message: ToThread) => {
    switch (message.kind) {
      case 'add':
        return add(message.batch);
      case 'ask':
        answers.set(message.id, generatorOf(message));
        return advance(message.id);
      case 'next':
        return advance(message.id);
      case 'stop':
        answers.delete(message.id);
        return;
      case 'close':
        return close();
      default:
        assertNever(message);
    }
  });
}

if (!parentPort) throw new Error('trackThread: this is a worker thread of the gateway');
run(parentPort, workerData as ThreadData);
