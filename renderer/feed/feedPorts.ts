/** What the feed needs from the outside: a socket, a clock, chance. Each is passed in, so that a test can hold all three still. */

export interface SocketHandlers {
  opened(): void;
  received(data: string | ArrayBuffer): void;
  closed(code: number, reason: string): void;
}

export interface FeedSocket {
  send(text: string): void;
  /** Lets go at once: no handler is called afterwards, whether or not the other side answers the close handshake. */
  abandon(): void;
}

/** Opens a socket. May throw (an address that is no WebSocket address); the client treats that as a connection that failed. */
export type OpenSocket = (url: string, protocols: readonly string[], handlers: SocketHandlers) => FeedSocket;

export interface FeedTime {
  /** This machine's time, UTC epoch milliseconds; never goes back. */
  nowMs(): number;
  /** Runs `task` once after `delayMs` of real time; returns a function that cancels it. */
  after(delayMs: number, task: () => void): () => void;
}

export interface Chance {
  /** Evenly from 0 (included) to 1 (excluded). */
  random(): number;
  /** Fills `bytes` with unpredictable values. */
  fill(bytes: Uint8Array<ArrayBuffer>): void;
}

export const openBrowserSocket: OpenSocket = (url, protocols, handlers) => {
  const socket = new WebSocket(url, [...protocols]);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => handlers.opened();
  socket.onmessage = ({ data }: { data: unknown }) => handlers.received(data as string | ArrayBuffer);
  socket.onclose = (event) => handlers.closed(event.code, event.reason);
  return {
    send: (text) => socket.send(text),
    abandon() {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    },
  };
};

export const browserTime: FeedTime = {
  nowMs: () => performance.timeOrigin + performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

export const browserChance: Chance = {
  random: () => Math.random(),
  fill: (bytes) => void crypto.getRandomValues(bytes),
};
