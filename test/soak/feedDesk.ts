import { once } from 'node:events';
import { v7 as uuidv7 } from 'uuid';
import { WebSocket } from 'ws';
import type { Cursor } from '../../protocol/frames/client.ts';
import type { Ev, Res, ServerFrame, Snap, Welcome } from '../../protocol/frames/server.ts';

export interface Command {
  readonly id: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly reason: string;
}
export const newCommand = (type: string, data: Record<string, unknown>, reason = 'soak'): Command => ({ id: uuidv7(), type, data, reason });

const WITHIN_MS = 20_000;
/** Server time that a command may wait: a killed gateway must not make it expire. */
const EXPIRY_MS = 3_600_000;

/**
 * A desk that knows the protocol and nothing else: follows events, sends commands, waits for answers. Its socket may go at any moment.
 * @throws Error when the gateway does not greet it within 20 s.
 */
export async function openDesk(
  feedUrl: string,
  options: {
    token: string;
    deskId: string;
    resume?: Cursor | null;
    /** Watches the record from this moment instead of now, standing still. */
    replayAtMs?: number;
    onEvent?(ev: Ev): void;
    /** Every frame, after it was taken. */
    onFrame?(frame: ServerFrame): void;
  },
) {
  const socket = new WebSocket(feedUrl, ['feed.v1.json'], { perMessageDeflate: false });
  const answers = new Map<string, (res: Res | null) => void>();
  const snaps: Snap[] = [];
  let welcome: Welcome | null = null;
  let snapped = false;
  let lastSeq = 0;
  const watchers = new Set<() => void>();
  const until = (condition: () => boolean, what: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        watchers.delete(look);
        resolve();
      };
      const timer = setTimeout(() => reject(new Error(`${options.deskId}: ${what} not within ${WITHIN_MS} ms`)), WITHIN_MS);
      watchers.add(look);
      look();
    });
  const send = (frame: object): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  };
  const hear = (frame: ServerFrame): void => {
    switch (frame.frame) {
      case 'welcome':
        welcome = frame;
        break;
      case 'snap':
        snaps.push(frame);
        snapped = frame.last;
        lastSeq = frame.seq;
        break;
      case 'ev':
        lastSeq = frame.seq;
        options.onEvent?.(frame);
        send({ frame: 'ack', seq: frame.seq });
        break;
      case 'res':
        answers.get(frame.id)?.(frame);
        answers.delete(frame.id);
        break;
      default:
        break;
    }
    options.onFrame?.(frame);
    for (const look of watchers) look();
  };
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (!isBinary) hear(JSON.parse(data.toString()) as ServerFrame);
  });
  // The gateway is killed under it: the close that follows ends everything that waits.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    for (const answer of answers.values()) answer(null);
    answers.clear();
  });
  await once(socket, 'open');
  send({
    frame: 'hello',
    v: 1,
    token: options.token,
    window: 5000,
    resume: options.resume ?? null,
    role: 'leader',
    desk: { id: options.deskId, name: { zh: options.deskId, en: options.deskId } },
    clientTimeMs: Date.now(),
    ...(options.replayAtMs === undefined ? {} : { replay: { atMs: options.replayAtMs, rate: 0 } }),
  });
  await until(() => welcome !== null && (welcome.resumed || snapped), 'welcome');

  return {
    get welcome(): Welcome {
      return welcome!;
    },
    /** The snapshot, all parts; empty after a resume. */
    snaps,
    get lastSeq() {
      return lastSeq;
    },
    send,
    /** @throws Error when it does not come true within 20 s. */
    until,
    reached: (seq: number): Promise<void> => until(() => lastSeq >= seq, `event ${seq}`),
    /** @returns null when the connection went before the answer came. */
    command({ id, type, data, reason }: Command): Promise<Res | null> {
      if (socket.readyState !== WebSocket.OPEN) return Promise.resolve(null);
      return new Promise((resolve) => {
        answers.set(id, resolve);
        send({ frame: 'cmd', id, type, rev: null, expiresAtMs: welcome!.serverTimeMs + EXPIRY_MS, data, reason });
      });
    },
    close: (): void => socket.terminate(),
  };
}
export type FeedDesk = Awaited<ReturnType<typeof openDesk>>;
