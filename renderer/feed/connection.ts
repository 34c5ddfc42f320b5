import type { Hello } from '../../protocol/frames/client.ts';
import type { Welcome } from '../../protocol/frames/server.ts';
import { decodeFrame } from './decodeFrame.ts';
import type { Decoded } from './decodeFrame.ts';
import type { FeedSocket, OpenSocket } from './feedPorts.ts';

// The values of protocol/frames/client.ts, which this folder may import for its types only.
const PROTOCOLS = ['feed.v1.bin', 'feed.v1.json'] as const;
/** How long opening and the welcome may take together. */
const WELCOME_WITHIN_MS = 8000;
const SILENT_HEARTBEATS = 2.5;
/** Pings at the start, one a tick, then one every five seconds. */
const PING_BURST = 8;
const PING_EVERY_MS = 5000;
const MOST_PINGS_OUT = 16;
/** A jump of a replay is answered within this, real ms: how wrong its welcome may be about the time until pings say better. */
const JUMP_WITHIN_MS = 200;
/** The protocol asks for an ack at the latest every 250 ms; the tick that sends it comes every 100 ms. */
const ACK_AFTER_MS = 150;

export interface ConnectionPorts {
  url: string;
  openSocket: OpenSocket;
  localNowMs(): number;
  hello(): Hello;
  ackEvery: number;
  /** The last event applied, or null before a snapshot. */
  appliedSeq(): number | null;
  positions(buffer: ArrayBuffer): void;
  /** Called once a frame, inside the socket's handler: there is no queue. */
  frame(decoded: Decoded, text: string): void;
  exchange(sentMs: number, receivedMs: number, serverReceivedMs: number, serverSentMs: number): void;
  heard(): void;
  /** Before the frame of the welcome, and before the exchange that it is. */
  welcomed(welcome: Welcome): void;
  /** Called once, when the connection is over for whatever reason. */
  ended(reason: string): void;
}

/** One socket from `hello` to its end: liveness (rule P-06), pings (P-07), acks (P-03). */
export function createConnection(ports: ConnectionPorts) {
  const startedAtMs = ports.localNowMs();
  let socket: FeedSocket | null = null;
  let over = false;
  let open = false;
  let helloAtMs = 0;
  let welcomedAtMs: number | null = null;
  let heartbeatMs = 2000;
  let heardAtMs = startedAtMs;
  let pings = 0;
  let pingedAtMs = 0;
  const pingsOut = new Set<number>();
  let ackedSeq = -1;
  let unackedSinceMs: number | null = null;

  function end(reason: string): void {
    if (over) return;
    over = true;
    open = false;
    socket?.abandon();
    ports.ended(reason);
  }
  function transmit(text: string): boolean {
    if (!open || socket === null) return false;
    try {
      socket.send(text);
      return true;
    } catch {
      // A socket that cannot send is a lost one, whatever it calls the reason.
      end('disconnected');
      return false;
    }
  }
  function ping(nowMs: number): void {
    pings += 1;
    pingedAtMs = nowMs;
    pingsOut.add(nowMs);
    if (pingsOut.size > MOST_PINGS_OUT) pingsOut.delete(pingsOut.values().next().value!);
    transmit(JSON.stringify({ frame: 'ping', clientTimeMs: nowMs }));
  }
  function ackIfDue(): void {
    const seq = ports.appliedSeq();
    if (seq === null || seq === ackedSeq) return;
    const nowMs = ports.localNowMs();
    unackedSinceMs ??= nowMs;
    if (seq - ackedSeq < ports.ackEvery && nowMs - unackedSinceMs < ACK_AFTER_MS) return;
    if (transmit(JSON.stringify({ frame: 'ack', seq }))) {
      ackedSeq = seq;
      unackedSinceMs = null;
    }
  }

  const connection = {
    /** Sends when the server has welcomed us; @returns false otherwise. */
    transmit: (text: string): boolean => welcomedAtMs !== null && transmit(text),
    healthyForMs: (): number => (welcomedAtMs === null ? 0 : ports.localNowMs() - welcomedAtMs),
    /** @param judge false while the page catches up with what it has not read yet: silence is then nobody's fault. */
    tick(judge: boolean): void {
      if (over) return;
      const nowMs = ports.localNowMs();
      if (welcomedAtMs === null) {
        if (judge && nowMs - startedAtMs > WELCOME_WITHIN_MS) end(open ? 'noWelcome' : 'noAnswer');
        return;
      }
      if (judge && nowMs - heardAtMs > SILENT_HEARTBEATS * heartbeatMs) {
        end('silent');
        return;
      }
      if (pings < PING_BURST || nowMs - pingedAtMs >= PING_EVERY_MS) ping(nowMs);
      ackIfDue();
    },
    end,
  };

  function received(data: string | ArrayBuffer): void {
    if (over) return;
    heardAtMs = ports.localNowMs();
    ports.heard();
    if (typeof data !== 'string') {
      ports.positions(data);
      return;
    }
    const decoded = decodeFrame(data);
    if (decoded.kind === 'welcome' && welcomedAtMs === null) {
      welcomedAtMs = heardAtMs;
      heartbeatMs = decoded.welcome.heartbeatMs;
      ackedSeq = decoded.welcome.resumed ? (ports.appliedSeq() ?? -1) : -1;
    } else if (decoded.kind === 'welcome' && decoded.welcome.replay) {
      // A replay went elsewhere, or at another rate: what was asked before says nothing of its time.
      if (!decoded.welcome.resumed) ackedSeq = -1;
      helloAtMs = heardAtMs - JUMP_WITHIN_MS;
      pings = 0;
      pingsOut.clear();
    } else if (decoded.kind === 'welcome') {
      ports.frame({ kind: 'bad', fault: { what: 'welcome', reason: 'frame: expected one welcome a connection' } }, data);
      return;
    } else if (welcomedAtMs === null && decoded.kind !== 'err' && decoded.kind !== 'bye') {
      ports.frame({ kind: 'bad', fault: { what: decoded.kind, reason: 'frame: expected welcome first' } }, data);
      return;
    }
    if (decoded.kind === 'welcome') {
      ports.welcomed(decoded.welcome);
      // The welcome is an exchange too: the server read its clock between our hello and now.
      ports.exchange(helloAtMs, heardAtMs, decoded.welcome.serverTimeMs, decoded.welcome.serverTimeMs);
      ping(heardAtMs);
    } else if (decoded.kind === 'pong' && pingsOut.delete(decoded.pong.clientTimeMs))
      ports.exchange(decoded.pong.clientTimeMs, heardAtMs, decoded.pong.receivedAtMs, decoded.pong.serverTimeMs);
    ports.frame(decoded, data);
    if (!over) ackIfDue();
  }

  try {
    socket = ports.openSocket(ports.url, PROTOCOLS, {
      opened() {
        if (over) return;
        open = true;
        heardAtMs = helloAtMs = ports.localNowMs();
        transmit(JSON.stringify(ports.hello()));
      },
      received,
      closed: () => end('disconnected'),
    });
  } catch {
    // The constructor refuses an address or the page's policy forbids it; both are a connection that failed.
    end('badAddress');
  }
  if (over) socket?.abandon();
  return connection;
}
export type Connection = ReturnType<typeof createConnection>;
