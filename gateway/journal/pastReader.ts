import type { Worker } from 'node:worker_threads';
import type { Answers, Ask, FromReader } from './threadMessages.ts';

type Kind = Ask['ask'];

/** Asks the thread that reads the past. It starts with the first question: most gateways that run are never asked. */
export function createPastReader(start: () => Worker) {
  const waiting = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>();
  let thread: Worker | null = null;
  let last = 0;

  const failAll = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    thread = null;
  };
  const open = (): Worker => {
    const opened = start();
    opened.unref();
    opened.on('message', (message: FromReader) => {
      const asked = waiting.get(message.n);
      waiting.delete(message.n);
      if ('error' in message) asked?.reject(new Error(`the journal cannot be read: ${message.error}`));
      else asked?.resolve(message.answer as never);
    });
    // A reader that fell over is started anew by the next question.
    opened.on('error', failAll);
    opened.on('exit', () => {
      if (thread === opened) failAll(new Error('the journal is closed'));
    });
    return opened;
  };

  return {
    ask<K extends Kind>(question: Extract<Ask, { ask: K }>): Promise<Answers[K]> {
      thread ??= open();
      const n = (last += 1);
      const answer = new Promise<Answers[K]>((resolve, reject) => waiting.set(n, { resolve, reject }));
      thread.postMessage({ n, ...question });
      return answer;
    },
    async dispose(): Promise<void> {
      await thread?.terminate();
    },
  };
}
