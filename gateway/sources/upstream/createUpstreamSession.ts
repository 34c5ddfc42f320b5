import { z } from 'zod';
import type { ClientFrame } from '../../../protocol/frames/client.ts';
import { byeSchema, errSchema, hbSchema, pongSchema, welcomeSchema } from '../../../protocol/frames/server.ts';
import type { Welcome } from '../../../protocol/frames/server.ts';
import { refusal } from '../../adapters/adapter.ts';
import { firstIssue } from '../../desk/firstIssue.ts';
import type { Port, Taken } from '../byteSource.ts';
import { createClockOffset } from './clockOffset.ts';
import { NO_CURSOR } from './upstreamCursor.ts';
import type { UpstreamCursorKeeper } from './upstreamCursor.ts';

const WELCOME_WITHIN_MS = 8000;
const TICK_MS = 100;
/** A tick as late as this says that this process was busy, not that upstream was silent. */
const LATE_TICK_MS = 1000;
const PING_BURST = 4;
const PING_EVERY_MS = 3000;
const SILENT_HEARTBEATS = 2.5;
/** However seldom its heartbeat: every ping is answered. */
const MOST_SILENT_MS = 9000;
/** The longest delay that a `bye` is granted. */
const MOST_ASKED_MS = 15_000;

const snapHeadSchema = z.object({ seq: z.int().min(0), part: z.int().min(0), last: z.boolean() });

export interface SessionOptions {
  port: Port;
  cursor: UpstreamCursorKeeper;
  token: string | null;
  window: number;
  send(frame: ClientFrame): void;
  /** Called once. @param askedMs how long upstream wants to be left alone. */
  end(why: string, askedMs?: number): void;
}

/**
 * One connection to a server that speaks PROTOCOL.md, as a wall would have it: hello, resume or snapshot, the order of the log, acks, pings.
 * What frames say is the adapter's; here is where in the log it stands.
 */
export function createUpstreamSession({ port, cursor, token, window, send, end: ended }: SessionOptions) {
  const kept = cursor.kept();
  const offset = createClockOffset(kept?.offsetMs ?? 0);
  const asked = cursor.resume();
  const startedAtMs = performance.now();
  const pings = new Map<number, number>();
  let helloAtMs = 0;
  let welcome: Welcome | null = null;
  let appliedSeq = asked?.seq ?? 0;
  let ackedSeq = -1;
  let acking = false;
  let lastTaken: Taken | null = null;
  let snapshot: { seq: number | null; nextPart: number; held: { seq: number; bytes: Uint8Array }[] } | null = null;
  let heardAtMs = startedAtMs;
  let tickedAtMs = startedAtMs;
  let pinged = 0;
  let pingedAtMs = -Infinity;
  let over = false;

  const end = (why: string, askedMs = 0): void => {
    if (over) return;
    over = true;
    clearInterval(timer);
    ended(why, askedMs);
  };
  const refuse = (reason: string, path: string, message: string, bytes?: Uint8Array): void =>
    port.refuse(refusal(reason, path, message), 'upstream', bytes);
  /** @returns what the frame says, or null after its refusal. */
  const read = <S extends z.ZodType>(schema: S, frame: unknown, bytes: Uint8Array): z.infer<S> | null => {
    const parsed = schema.safeParse(frame);
    if (parsed.success) return parsed.data;
    const { path, message } = firstIssue(parsed.error, '');
    refuse('badField', path, message, bytes);
    return null;
  };
  const hand = (frame: string, bytes: Uint8Array, next?: string): Taken =>
    port.onBytes(bytes, { from: frame, clockOffsetMs: offset.heldMs, ...(next === undefined ? {} : { cursor: next }) });
  const cursorAt = (seq: number): string => cursor.textOf(welcome!.epoch, seq, offset.heldMs);

  /** Acknowledged is what is durable here: upstream's window bounds what is not. */
  const ack = (): void => {
    if (acking || lastTaken === null || appliedSeq === ackedSeq || snapshot !== null) return;
    acking = true;
    const seq = appliedSeq;
    lastTaken.durable().then(
      () => {
        acking = false;
        if (over) return;
        ackedSeq = seq;
        send({ frame: 'ack', seq });
      },
      (error: unknown) => end(`the journal cannot keep it: ${error instanceof Error ? error.message : String(error)}`),
    );
  };
  const ping = (nowMs: number): void => {
    pinged += 1;
    pingedAtMs = nowMs;
    const clientTimeMs = port.clock.nowMs();
    pings.set(clientTimeMs, clientTimeMs);
    if (pings.size > 16) pings.delete(pings.keys().next().value!);
    send({ frame: 'ping', clientTimeMs });
  };

  const takeWelcome = (frame: unknown): void => {
    const parsed = welcomeSchema.safeParse(frame);
    if (!parsed.success) {
      const { path, message } = firstIssue(parsed.error, '');
      return end(`its welcome cannot be read: ${path}: ${message}`);
    }
    const next = parsed.data;
    if (next.epoch === port.epoch) return end('this is the gateway itself');
    if (next.replay) return end('it shows a replay instead of now');
    if (next.clockRate !== 1) return end(`its clock runs at ${next.clockRate} times the rate of real time: a scene at speed`);
    if (next.resumed && asked?.epoch !== next.epoch) {
      cursor.wantSnapshot();
      return end('it resumes what was not asked for');
    }
    welcome = next;
    offset.exchange(helloAtMs, port.clock.nowMs(), next.serverTimeMs, next.serverTimeMs);
    if (next.resumed) {
      ackedSeq = appliedSeq;
      return port.status('live');
    }
    snapshot = { seq: null, nextPart: 0, held: [] };
    if (asked && next.gap && next.gap.reason !== 'noCursor')
      refuse('gap', 'gap', `events after ${asked.seq} cannot be had any more (${next.gap.reason}): the snapshot says how things are now`);
  };
  const brokenSnapshot = (why: string): void => {
    cursor.wantSnapshot();
    end(`its snapshot is broken: ${why}`);
  };
  const takeSnapshot = (frame: unknown, bytes: Uint8Array): void => {
    if (snapshot === null) return refuse('badFrame', 'frame', 'nobody asked for a snapshot', bytes);
    const head = snapHeadSchema.safeParse(frame);
    if (!head.success) return brokenSnapshot('it has no number');
    const { seq, part, last } = head.data;
    if (part !== snapshot.nextPart || seq !== (snapshot.seq ?? seq)) return brokenSnapshot(`part ${part} of ${seq} is out of order`);
    snapshot.seq = seq;
    snapshot.nextPart += 1;
    lastTaken = hand('snap', bytes, last ? cursorAt(seq) : NO_CURSOR);
    if (!last) return;
    const { held } = snapshot;
    snapshot = null;
    appliedSeq = seq;
    cursor.gotSnapshot();
    port.status('live');
    for (const one of held) takeEvent(one.seq, one.bytes);
  };
  const gap = (why: string): void => {
    cursor.noteGap(appliedSeq);
    end(why);
  };
  const takeEvent = (seq: unknown, bytes: Uint8Array): void => {
    if (over) return;
    // Without a number it has no place in the log: the adapter says what is wrong with it.
    if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1) return void hand('ev', bytes);
    if (snapshot) {
      snapshot.held.push({ seq, bytes });
      if (snapshot.held.length > window) brokenSnapshot('more events between its parts than the window');
      return;
    }
    if (seq <= appliedSeq) return;
    if (seq !== appliedSeq + 1) return gap(`event ${seq} came after ${appliedSeq}`);
    lastTaken = hand('ev', bytes, cursorAt(seq));
    appliedSeq = seq;
    if (appliedSeq - ackedSeq >= window / 4) ack();
  };

  const timer = setInterval(() => {
    const nowMs = performance.now();
    const late = nowMs - tickedAtMs > LATE_TICK_MS;
    tickedAtMs = nowMs;
    if (late) heardAtMs = Math.max(heardAtMs, nowMs - TICK_MS);
    if (welcome === null) {
      if (nowMs - startedAtMs > WELCOME_WITHIN_MS) end('no welcome');
      return;
    }
    const silentMs = nowMs - heardAtMs;
    if (silentMs > Math.min(MOST_SILENT_MS, SILENT_HEARTBEATS * welcome.heartbeatMs)) return end(`silent for ${Math.round(silentMs)} ms`);
    if (pinged < PING_BURST || nowMs - pingedAtMs >= PING_EVERY_MS) ping(nowMs);
    ack();
  }, TICK_MS);

  return {
    opened(): void {
      helloAtMs = port.clock.nowMs();
      const name = `gateway-${port.sourceId}`;
      const desk = { id: name, name: { zh: name, en: name } };
      send({ frame: 'hello', v: 1, token, window, resume: asked, role: 'viewer', desk, clientTimeMs: helloAtMs });
    },
    received(bytes: Uint8Array, binary: boolean): void {
      if (over) return;
      heardAtMs = performance.now();
      if (binary) return refuse('badFrame', '', 'a binary frame, though JSON was agreed on', bytes);
      let frame: { frame?: unknown; seq?: unknown };
      try {
        frame = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as typeof frame;
      } catch (error) {
        return refuse('badJson', '', `not JSON: ${error instanceof Error ? error.message : String(error)}`, bytes);
      }
      const kind = typeof frame === 'object' && frame !== null ? frame.frame : undefined;
      if (kind === 'bye') {
        const bye = read(byeSchema, frame, bytes);
        return bye ? end(bye.reason, Math.min(MOST_ASKED_MS, bye.retryDelayMs)) : undefined;
      }
      if (kind === 'err') {
        const err = read(errSchema, frame, bytes);
        if (!err) return;
        if (err.fatal) return end(`it refused this gateway: ${err.code}: ${err.message}`);
        return refuse('upstreamError', err.path ?? '', `${err.code}: ${err.message}`, bytes);
      }
      if (welcome === null) {
        if (kind === 'welcome') return takeWelcome(frame);
        return refuse('badFrame', 'frame', 'expected welcome first', bytes);
      }
      switch (kind) {
        case 'welcome':
          return refuse('badFrame', 'frame', 'expected one welcome a connection', bytes);
        case 'snap':
          return takeSnapshot(frame, bytes);
        case 'ev':
          return takeEvent(frame.seq, bytes);
        case 'hb': {
          const hb = read(hbSchema, frame, bytes);
          if (hb && snapshot === null && hb.sentSeq > appliedSeq) gap(`events up to ${hb.sentSeq} were sent and ${appliedSeq} came`);
          return;
        }
        case 'pong': {
          const pong = read(pongSchema, frame, bytes);
          if (pong && pings.delete(pong.clientTimeMs))
            offset.exchange(pong.clientTimeMs, port.clock.nowMs(), pong.receivedAtMs, pong.serverTimeMs);
          return;
        }
        case 'pos':
          // Before the snapshot nobody knows whose fixes these are.
          if (snapshot === null) hand('pos', bytes);
          return;
        case 'res':
        case 'part':
          return refuse('badFrame', 'frame', 'an answer to what was not asked', bytes);
        default:
          hand('frame', bytes);
      }
    },
    end,
  };
}
