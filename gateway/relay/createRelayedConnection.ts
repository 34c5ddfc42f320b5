import { WebSocket } from 'ws';
import type { RawData } from 'ws';
import type { ClientFrame, Hello } from '../../protocol/frames/client.ts';
import { SUBPROTOCOL_JSON } from '../../protocol/frames/client.ts';
import type { ServerFrame } from '../../protocol/frames/server.ts';
import { LIMITS } from '../feed/feedSettings.ts';
import type { FeedSettings } from '../feed/feedSettings.ts';
import { createLifeSigns } from '../feed/lifeSigns.ts';
import { parseClientFrame } from '../feed/parseClientFrame.ts';
import type { FrameFault } from '../feed/parseClientFrame.ts';
import { createRateLimit } from '../feed/rateLimit.ts';
import type { Admission } from '../http/admission.ts';

export interface Upstream {
  url: string;
  /** Null where the backend asks for none. */
  token: string | null;
}
export interface RelayCounters {
  accepted: number;
  refusedUpgrades: number;
  refusedFrames: number;
  /** Frames passed on to the backend, and to walls. */
  up: number;
  down: number;
  upstreamAway: number;
  cut: number;
}
export interface RelayedConnection {
  /** @param nowMs Monotonic. */
  check(nowMs: number): void;
  end(reason: string): void;
}
interface Options {
  upstream: Upstream;
  admission: Admission;
  settings: FeedSettings;
  counters: RelayCounters;
  bearer: boolean;
}

const CLOSE_POLICY = 1008;
const CLOSE_RETRY = 1013;
const CLOSE_DEADLINE_MS = 1000;
const CONNECT_DEADLINE_MS = 5000;

/** Reading from one side pauses while the other side's socket is full: TCP carries the pressure to its origin. */
function forward(bytes: RawData, binary: boolean, from: WebSocket, to: WebSocket, highWaterBytes: number): void {
  to.send(bytes, { binary }, () => {
    if (from.isPaused && to.bufferedAmount <= highWaterBytes / 2) from.resume();
  });
  if (to.bufferedAmount > highWaterBytes) from.pause();
}

/** One wall and its own connection to the backend. The hello is checked and rewritten, everything else passes as it is, within limits. */
export function createRelayedConnection(wall: WebSocket, options: Options): RelayedConnection {
  const { settings, counters, admission } = options;
  const frames = createRateLimit(settings.framesPerS);
  let backend: WebSocket | null = null;
  let over = false;
  let welcomed = false;
  const life = createLifeSigns(wall);
  let fullSinceMs: number | null = null;

  const send = (frame: ServerFrame): void => {
    if (wall.readyState === WebSocket.OPEN) wall.send(JSON.stringify(frame));
  };
  const finish = (code: number, reason: string): void => {
    if (over) return;
    over = true;
    clearTimeout(deadline);
    backend?.close();
    wall.resume();
    wall.close(code, reason.slice(0, 100));
    setTimeout(() => {
      wall.terminate();
      backend?.terminate();
    }, CLOSE_DEADLINE_MS).unref();
  };
  const refuse = ({ code, path, message }: FrameFault, fatal: boolean): void => {
    counters.refusedFrames += 1;
    if (fatal || wall.bufferedAmount <= settings.highWaterBytes) send({ frame: 'err', code, path, message, fatal });
    if (fatal) finish(CLOSE_POLICY, code);
  };
  const end = (reason: string): void => {
    if (over) return;
    send({ frame: 'bye', retryDelayMs: settings.retryDelayMs, reason });
    finish(CLOSE_RETRY, reason);
  };
  /** The wall's own token was right: what failed lies behind us, and the wall should come back. */
  const away = (why: string): void => {
    if (over) return;
    counters.upstreamAway += 1;
    const message = `the backend behind this gateway is away: ${why}`.slice(0, 300);
    send({ frame: 'err', code: 'internal', path: null, message, fatal: true });
    end(message);
  };

  /** A refusal that the backend meant for us must not look like one for the wall. @returns true when the first frame may pass. */
  const passesFirst = (data: RawData, binary: boolean): boolean => {
    if (binary) return false;
    let first: { frame?: unknown; code?: unknown; message?: unknown };
    try {
      first = JSON.parse((data as Buffer).toString('utf8')) as typeof first;
    } catch {
      away('its first frame is not JSON');
      return false;
    }
    welcomed = first?.frame === 'welcome';
    if (!welcomed) away(first?.frame === 'err' ? `it refused this gateway with ${String(first.code)}` : 'its first frame is not a welcome');
    return welcomed;
  };
  const connect = (hello: Hello): void => {
    const opened = new WebSocket(options.upstream.url, [wall.protocol || SUBPROTOCOL_JSON], {
      handshakeTimeout: CONNECT_DEADLINE_MS,
      maxPayload: LIMITS.maxDownBytes,
      perMessageDeflate: false,
    });
    backend = opened;
    opened.on('open', () => {
      opened.send(JSON.stringify({ ...hello, token: options.upstream.token } satisfies Hello));
      wall.resume();
    });
    opened.on('message', (data, binary) => {
      if (over || (!welcomed && !passesFirst(data, binary))) return;
      counters.down += 1;
      forward(data, binary, opened, wall, settings.highWaterBytes);
    });
    opened.on('error', (error) => away(error.message));
    opened.on('close', (code) =>
      welcomed ? end(`the backend closed the connection (${code})`) : away(`it closed the connection (${code})`),
    );
    // Until the backend listens, the wall's frames wait in its socket.
    wall.pause();
  };
  const greet = (frame: ClientFrame): void => {
    if (frame.frame !== 'hello')
      return refuse({ code: 'helloExpected', path: 'frame', message: `hello comes before ${frame.frame}` }, true);
    if (!(frame.token === null ? options.bearer : admission.tokenMatches(frame.token))) {
      return refuse({ code: 'badToken', path: 'token', message: 'the token is wrong or missing' }, true);
    }
    clearTimeout(deadline);
    connect(frame);
  };

  const deadline = setTimeout(
    () => refuse({ code: 'helloTimeout', path: null, message: `no hello within ${settings.helloDeadlineMs} ms` }, true),
    settings.helloDeadlineMs,
  );
  wall.on('message', (data: Buffer, binary: boolean) => {
    if (over) return;
    if (!frames.take()) return refuse({ code: 'tooFast', path: null, message: `more than ${settings.framesPerS} frames a second` }, false);
    if (binary) return refuse({ code: 'badFrame', path: null, message: 'clients send text frames' }, backend === null);
    const parsed = parseClientFrame(data);
    if ('fault' in parsed) return refuse(parsed.fault, backend === null);
    if (backend === null) return greet(parsed.frame);
    // A second hello could carry anything as its token.
    if (parsed.frame.frame === 'hello') return refuse({ code: 'badFrame', path: 'frame', message: 'hello comes once' }, false);
    if (backend.readyState !== WebSocket.OPEN) return;
    counters.up += 1;
    forward(data, false, wall, backend, settings.highWaterBytes);
  });
  wall.on('error', () => {
    counters.refusedFrames += 1;
  });
  wall.on('close', () => {
    over = true;
    clearTimeout(deadline);
    backend?.terminate();
  });

  return {
    check(nowMs) {
      if (over) return;
      // Either side: while the backend takes nothing the wall is not read, and so not even its going away would be noticed.
      const unsentBytes = Math.max(wall.bufferedAmount, backend?.bufferedAmount ?? 0);
      fullSinceMs = unsentBytes > settings.highWaterBytes ? (fullSinceMs ?? nowMs) : null;
      const isSilent = life.silentForMs(nowMs) > settings.silenceMs && !wall.isPaused && backend !== null;
      if (!isSilent && (fullSinceMs === null || nowMs - fullSinceMs <= settings.stallMs)) return;
      counters.cut += 1;
      end(isSilent ? `nothing heard for ${settings.silenceMs} ms` : `nothing taken for ${settings.stallMs} ms`);
    },
    end,
  };
}
