import { refusal } from '../adapters/adapter.ts';
import type { Port } from './byteSource.ts';

/** Orders that wait for a connection; when more come, the oldest is refused aloud. */
const MOST_WAITING = 100;
/** An order that is older is worth nothing to a crew any more. */
const WORTH_MS = 300_000;

export interface Letter {
  to: string;
  bytes: Uint8Array;
}

/** Orders on their way out: they wait while there is no connection, and go again when one fell before it had taken them. */
export function createOutbox(port: Port) {
  const waiting: (Letter & { atMs: number })[] = [];
  let send: ((letter: Letter) => Promise<unknown>) | null = null;

  const refuse = ({ to, bytes }: Letter, why: string): void => port.refuse(refusal('orderNotCarried', '', why), to, bytes);
  const go = async (letter: Letter & { atMs: number }): Promise<void> => {
    const own = send;
    if (!own) {
      waiting.push(letter);
      if (waiting.length > MOST_WAITING) refuse(waiting.shift()!, `more than ${MOST_WAITING} orders wait for a connection`);
      return;
    }
    try {
      await own(letter);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      // While the same connection stands it was refused for good; otherwise it fell with the connection.
      if (send === own) refuse(letter, why);
      else await go(letter);
    }
  };

  return {
    post(letter: Letter): void {
      void go({ ...letter, atMs: performance.now() });
    },
    /** A connection stands: what waits goes out, in order. @param deliver resolves when the other side has it. */
    connected(deliver: (letter: Letter) => Promise<unknown>): void {
      send = deliver;
      for (const letter of waiting.splice(0)) {
        if (performance.now() - letter.atMs > WORTH_MS) refuse(letter, `it waited ${WORTH_MS / 1000} s for a connection`);
        else void go(letter);
      }
    },
    disconnected(): void {
      send = null;
    },
  };
}
