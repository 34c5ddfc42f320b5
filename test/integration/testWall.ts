import { onTestFinished } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import type { Cursor, Hello } from '../../protocol/frames/client.ts';
import { serverFrameSchema } from '../../protocol/frames/server.ts';
import type { Ev, Res, ServerFrame, Snap, Welcome } from '../../protocol/frames/server.ts';
import { decodePositions } from '../../protocol/frames/positionBinary.ts';
import type { HandleFix } from '../../protocol/frames/positionBinary.ts';

export interface WallOptions {
  protocols?: string[];
  ws?: ClientOptions;
  hello?: Partial<Hello>;
  /** Say hello at once. */
  greet?: boolean;
  /** Acknowledge every event at once. */
  ack?: boolean;
  /** Check every frame against the schemas. */
  strict?: boolean;
}
type Frame<N> = Extract<ServerFrame, { frame: N }>;

/** A plain client of the feed: keeps what it hears and answers as told. */
export function openWall(feedUrl: string, options: WallOptions = {}) {
  const socket = new WebSocket(feedUrl, options.protocols ?? ['feed.v1.json'], options.ws);
  const frames: ServerFrame[] = [];
  const binary: HandleFix[][] = [];
  const watchers = new Set<() => void>();
  const state = {
    closeCode: null as number | null,
    closeReason: '',
    error: null as Error | null,
    httpStatus: null as number | null,
    invalid: [] as string[],
  };

  const send = (frame: object | string): void => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  const hello = (change: Partial<Hello> = {}): void =>
    send({
      frame: 'hello',
      v: 1,
      token: 'a-test-token',
      window: 500,
      resume: null,
      role: 'leader',
      desk: { id: 'wall-1', name: { zh: '一号', en: 'One' } },
      clientTimeMs: Date.now(),
      ...options.hello,
      ...change,
    });
  const tell = (): void => {
    for (const watcher of watchers) watcher();
  };
  socket.on('open', () => {
    if (options.greet ?? true) hello();
    tell();
  });
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) {
      const fixes: HandleFix[] = [];
      decodePositions(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer, (fix) =>
        fixes.push({ ...fix }),
      );
      binary.push(fixes);
    } else {
      const frame = JSON.parse(data.toString('utf8')) as ServerFrame;
      if (options.strict ?? true) {
        const checked = serverFrameSchema.safeParse(frame);
        if (!checked.success) state.invalid.push(`${frame.frame}: ${checked.error.message}`);
      }
      frames.push(frame);
      if (frame.frame === 'ev' && (options.ack ?? true)) send({ frame: 'ack', seq: frame.seq });
    }
    tell();
  });
  socket.on('unexpected-response', (request, response) => {
    state.httpStatus = response.statusCode ?? null;
    response.resume();
    request.destroy();
    tell();
  });
  socket.on('error', (error) => {
    state.error = error;
    tell();
  });
  socket.on('close', (code, reason) => {
    state.closeCode = code;
    state.closeReason = reason.toString();
    tell();
  });
  onTestFinished(() => socket.terminate());

  const of = <N extends ServerFrame['frame']>(name: N): Frame<N>[] => frames.filter((frame) => frame.frame === name) as Frame<N>[];
  /** Waits until the condition holds; looks again at every frame. */
  const until = <T>(what: string, condition: () => T | null | undefined | false, withinMs = 5000): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const value = condition();
        if (value === null || value === undefined || value === false) return;
        watchers.delete(look);
        clearTimeout(timer);
        resolve(value);
      };
      const timer = setTimeout(() => {
        watchers.delete(look);
        const seen = frames.map((frame) => frame.frame).slice(-30);
        reject(new Error(`${what}: not within ${withinMs} ms; heard ${seen.join(' ')}, close ${state.closeCode}, ${state.error?.message}`));
      }, withinMs);
      watchers.add(look);
      look();
    });

  return {
    socket,
    frames,
    binary,
    state,
    send,
    hello,
    of,
    until,
    welcome: (): Promise<Welcome> => until('welcome', () => of('welcome')[0]),
    /** The whole snapshot, all parts. */
    snapshot: (): Promise<Snap[]> => until('snapshot', () => (of('snap').at(-1)?.last ? of('snap') : null)),
    event: (type: string, condition: (data: Record<string, unknown>) => boolean = () => true): Promise<Ev> =>
      until(type, () => of('ev').find(({ ce }) => ce.type === type && condition(ce.data))),
    closed: (): Promise<number> => until('close', () => state.closeCode),
    /** Sends a command and waits for its answer. */
    async command(
      type: string,
      data: object,
      change: { id?: string; rev?: number | null; expiresAtMs?: number; reason?: string | null } = {},
    ): Promise<Res> {
      const id = change.id ?? uuidv7();
      const before = of('res').length;
      send({ frame: 'cmd', id, type, rev: null, expiresAtMs: Date.now() + 30_000, data, reason: null, ...change });
      return until(`res to ${type}`, () =>
        of('res')
          .slice(before)
          .find((res) => res.id === id),
      );
    },
    cursor: (): Cursor => ({ epoch: of('welcome')[0]!.epoch, seq: of('ev').at(-1)?.seq ?? of('snap').at(-1)!.seq }),
  };
}
export type TestWall = ReturnType<typeof openWall>;
