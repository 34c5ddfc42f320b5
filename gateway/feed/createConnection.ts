import type { WebSocket } from 'ws';
import type { ClientFrame, CommandFrame, Cursor, Hello } from '../../protocol/frames/client.ts';
import type { ServerFrame, Welcome } from '../../protocol/frames/server.ts';
import type { CommandType } from '../../protocol/commands/index.ts';
import { assertNever } from '../appError.ts';
import type { Clock } from '../clock.ts';
import type { Desk } from '../desk/createDesk.ts';
import type { Admission } from '../http/admission.ts';
import type { FactHistories } from '../journal/factHistory.ts';
import type { Journal } from '../journal/journal.ts';
import type { TrackStore } from '../tracks/trackStore.ts';
import type { Vitals, VitalsRegistry } from '../vitals/createVitals.ts';
import type { Reach } from '../reach/createReach.ts';
import type { Replay, Replays, WelcomeBase } from '../replay/replay.ts';
import type { RefusalBook } from '../vitals/refusalBook.ts';
import { createAnswers } from './createAnswers.ts';
import { createEventFlow } from './createEventFlow.ts';
import type { EventFlow } from './createEventFlow.ts';
import type { EventEncoder } from './encodeEvents.ts';
import type { PositionEncoder } from './encodePositions.ts';
import type { FeedCounters } from './feedCounters.ts';
import type { FeedSettings } from './feedSettings.ts';
import type { Presence, PresenceSeat } from './createPresence.ts';
import { createLifeSigns } from './lifeSigns.ts';
import { parseClientFrame } from './parseClientFrame.ts';
import type { FrameFault } from './parseClientFrame.ts';
import { createRateLimit } from './rateLimit.ts';

/** What all connections share. */
export interface FeedHost {
  readonly journal: Journal;
  readonly desk: Desk;
  readonly tracks: TrackStore;
  readonly histories: FactHistories;
  readonly clock: Clock;
  readonly admission: Admission;
  readonly settings: FeedSettings;
  readonly counters: FeedCounters;
  readonly refusals: RefusalBook;
  readonly vitals: VitalsRegistry;
  readonly reach: Reach | null;
  readonly events: EventEncoder;
  readonly positions: PositionEncoder;
  readonly snapshots: { encode(): { seq: number; parts: Buffer[] } };
  readonly replays: Replays;
  readonly presence: Presence;
  welcome(): WelcomeBase;
  onFault(error: unknown): void;
}

/** WebSocket close codes: policy violation, going away, try again later. */
const CLOSE_POLICY = 1008;
export const CLOSE_GOING = 1001;
const CLOSE_RETRY = 1013;
/** What a wall that replays may ask for: the review's own words. */
const REVIEW_COMMANDS: ReadonlySet<string> = new Set(['bookmark.add', 'bookmark.edit'] satisfies CommandType[]);
const REPLAYING = { code: 'replaying', message: 'this is a replay: nothing can be changed in the past', path: null } as const;
/** A socket that does not answer the close handshake is dropped after this. */
const CLOSE_DEADLINE_MS = 1000;

export interface Connection {
  /** Sends what the client may have: call after commits. */
  pump(): void;
  sendPositions(): void;
  /** Sends who is where when that has changed since it was told here (rule P-12). */
  sendPresence(): void;
  /** Sends `hb` when one is due or when the client heard no server time for a while. @param nowMs Monotonic. */
  heartbeat(nowMs: number): void;
  /** Cuts the client when it was silent or took nothing for too long. @param nowMs Monotonic. */
  check(nowMs: number): void;
  /** Ends the connection with `bye`. */
  end(reason: string, code?: number): void;
  readonly deskId: string | null;
  /** How this client is doing; null before its hello. */
  vitals(): Vitals['feed']['walls'][number] | null;
}

/** One client: hello, resume or snapshot, then events within its window, positions when there is room (rules P-01 to P-09). */
export function createConnection(socket: WebSocket, options: { binary: boolean; bearer: boolean }, host: FeedHost): Connection {
  const { journal, settings, counters } = host;
  const frames = createRateLimit(settings.framesPerS);
  const commands = createRateLimit(settings.commandsPerS);
  let phase: 'hello' | 'opening' | 'open' | 'over' = 'hello';
  let hello: Hello | null = null;
  let flow: EventFlow | null = null;
  let replay: Replay | null = null;
  const looks = createRateLimit(settings.looksPerS);
  let positionVersion = -1;
  let presenceVersion = -1;
  let seat: PresenceSeat | null = null;
  const life = createLifeSigns(socket);
  /** When the last `hb`, and the last frame with the server's time, were sent. */
  let beatAtMs = performance.now();
  let freshAtMs = beatAtMs;
  /** Whether the desk knows of this connection. */
  let entered = false;

  const serverTimeMs = (): number => (replay ?? host.clock).nowMs();
  const sent = { frames: 0, bytes: 0 };
  let skippedTicks = 0;
  let connectedAtMs = 0;

  const isFull = (): boolean => socket.bufferedAmount > settings.highWaterBytes;
  const sendBytes = (bytes: Buffer | string, binary = false, done?: () => void): void => {
    if (phase === 'over') return;
    sent.frames += 1;
    sent.bytes += bytes.length;
    socket.send(bytes, { binary }, done);
  };
  const send = (frame: ServerFrame): void => sendBytes(JSON.stringify(frame));
  const note = ({ code, path, message }: FrameFault): void =>
    host.refusals.add(hello?.desk.id ?? 'before hello', code, path === null ? message : `${path}: ${message}`);
  const refuse = (fault: FrameFault, fatal: boolean): void => {
    const { code, path, message } = fault;
    note(fault);
    // A hostile client that never reads must not make us keep its errors.
    if (fatal || !isFull()) send({ frame: 'err', code, path, message, fatal });
    if (fatal) finish(CLOSE_POLICY, code);
  };
  const finish = (code: number, reason: string): void => {
    if (phase === 'over') return;
    phase = 'over';
    socket.close(code, reason);
    setTimeout(() => socket.terminate(), CLOSE_DEADLINE_MS).unref();
  };
  const end = (reason: string, code = CLOSE_RETRY): void => {
    send({ frame: 'bye', retryDelayMs: settings.retryDelayMs, reason });
    finish(code, reason);
  };

  const broken = (error: unknown): void => {
    if (error instanceof RangeError) return end('too far behind: events after your last one are no longer kept');
    host.onFault(error);
    end('internal error');
  };
  const startFlow = (window: number, seq: number): EventFlow =>
    createEventFlow(
      {
        journal,
        events: host.events,
        window,
        isFull,
        isOpen: () => phase === 'open',
        send: (bytes, flushed) => {
          counters.events += 1;
          sendBytes(bytes, false, flushed);
        },
        onBroken: broken,
      },
      seq,
    );

  const gapOf = (cursor: Cursor | null): Welcome['gap'] => {
    if (!cursor) return { reason: 'noCursor', missed: null };
    if (cursor.epoch !== journal.epoch || cursor.seq > journal.committedSeq) return { reason: 'otherEpoch', missed: null };
    const isFar = journal.committedSeq - cursor.seq > settings.maxResumeEvents;
    if (isFar || cursor.seq < journal.oldestSeq - 1) return { reason: 'tooOld', missed: journal.committedSeq - cursor.seq };
    return null;
  };
  // A function, because the socket's events change the phase behind TypeScript's back.
  const isOpening = (): boolean => phase === 'opening';
  const open = async (greeting: Hello): Promise<void> => {
    phase = 'opening';
    hello = greeting;
    if (greeting.replay) return openReplay(greeting, greeting.replay);
    const gap = gapOf(greeting.resume);
    const snapshot = gap ? host.snapshots.encode() : null;
    // The snapshot may show facts that a durable journal is still writing: nothing is told before it is safe.
    if (snapshot) await journal.committed(snapshot.seq);
    if (!isOpening()) return;
    send({
      ...host.welcome(),
      epoch: journal.epoch,
      headSeq: journal.committedSeq,
      resumed: !gap,
      gap,
      serverTimeMs: host.clock.nowMs(),
      clockRate: host.clock.rate,
    });
    if (snapshot) {
      counters.snapshots += 1;
      for (const part of snapshot.parts) sendBytes(part);
    } else counters.resumed += 1;
    phase = 'open';
    flow = startFlow(greeting.window, snapshot ? snapshot.seq : greeting.resume!.seq);
    entered = true;
    connectedAtMs = Math.round(host.clock.nowMs());
    host.desk.deskCame(greeting.desk.id);
    seat = host.presence.enter(greeting.desk, greeting.role);
    api.sendPositions();
    flow.pump();
  };

  const openReplay = async (greeting: Hello, { atMs, rate }: NonNullable<Hello['replay']>): Promise<void> => {
    const wire = { binary: options.binary, window: greeting.window, send, sendBytes, isFull, onBroken: broken };
    const made = host.replays.create(wire, greeting.desk.id);
    if (!made)
      return refuse({ code: 'notAllowed', path: 'replay', message: 'as many replays run as may, or there is no record yet' }, true);
    replay = made;
    await made.open(atMs, rate);
    if (!isOpening()) return;
    counters.replays += 1;
    connectedAtMs = Math.round(host.clock.nowMs());
    phase = 'open';
  };

  const command = async (frame: CommandFrame): Promise<void> => {
    const { desk, role } = hello!;
    if (!commands.take()) {
      const error = { code: 'tooFast', message: `more than ${settings.commandsPerS} commands a second`, path: null } as const;
      note(error);
      send({ frame: 'res', id: frame.id, status: 'rejected', seq: null, error });
      return;
    }
    const client = { deskId: desk.id, name: desk.name, role };
    if (replay) {
      // A bookmark goes to the record of now, whose time and numbers the replay does not know (rule P-11).
      const answer = REVIEW_COMMANDS.has(frame.type)
        ? host.desk.command({ ...frame, expiresAtMs: Infinity }, client)
        : ({ status: 'forbidden', seq: null, error: REPLAYING } as const);
      if (answer.seq !== null) await journal.committed(answer.seq);
      send({ frame: 'res', id: frame.id, ...answer, seq: null });
      return;
    }
    const answer = host.desk.command(frame, client);
    if (answer.seq !== null) await journal.committed(answer.seq);
    send({ frame: 'res', id: frame.id, ...answer });
  };
  const answers = createAnswers({
    limit: createRateLimit(settings.queriesPerS),
    queriesPerS: settings.queriesPerS,
    context: () => ({
      nearest: replay ? replay.nearest : host.desk.nearest,
      freeUnits: replay ? replay.freeUnits : host.desk.freeUnits,
      reach: host.reach,
      hasUnit: replay ? replay.hasUnit : host.desk.fleet.has,
      nowMs: serverTimeMs,
      tracks: host.tracks,
      histories: host.histories,
      vitals: host.vitals,
      record: host.replays.span,
      log: (action, detail) => journal.logAccess({ atMs: Math.round(host.clock.nowMs()), deskId: hello!.desk.id, action, detail }),
    }),
    send: sendBytes,
    refuse: (fault) => refuse(fault, false),
    isFull,
    isOpen: () => phase === 'open',
    onFault: host.onFault,
  });
  const receive = (frame: ClientFrame): void => {
    switch (frame.frame) {
      case 'hello':
        return refuse({ code: 'badFrame', path: 'frame', message: 'hello comes once' }, false);
      case 'ack':
        // An answer to what a jump made void may still be under way: it says nothing of the new numbers.
        if ((replay ?? flow)?.ack(frame.seq) || replay) return;
        return refuse({ code: 'badField', path: 'seq', message: `ack ${frame.seq} is ahead of ${flow?.sentSeq ?? 0}` }, false);
      case 'ping': {
        const receivedAtMs = serverTimeMs();
        return send({ frame: 'pong', clientTimeMs: frame.clientTimeMs, receivedAtMs, serverTimeMs: serverTimeMs() });
      }
      case 'cmd':
        command(frame).catch((error: unknown) => {
          host.onFault(error);
          refuse({ code: 'internal', path: null, message: `command ${frame.id} failed` }, false);
        });
        return;
      case 'query':
        return answers.ask(frame);
      case 'seek':
        if (replay) return replay.seek(frame);
        return refuse({ code: 'notAllowed', path: 'frame', message: 'seek belongs to a replay' }, false);
      case 'look':
        if (replay) return;
        if (looks.take()) return seat?.look(frame.at, frame.follows ?? false);
        return refuse({ code: 'tooFast', path: 'frame', message: `more than ${settings.looksPerS} looks a second` }, false);
      default:
        return assertNever(frame);
    }
  };
  const greet = (frame: ClientFrame): void => {
    if (frame.frame !== 'hello')
      return refuse({ code: 'helloExpected', path: 'frame', message: `hello comes before ${frame.frame}` }, true);
    const admitted = frame.token === null ? options.bearer : host.admission.tokenMatches(frame.token);
    if (!admitted) return refuse({ code: 'badToken', path: 'token', message: 'the token is wrong or missing' }, true);
    clearTimeout(deadline);
    open(frame).catch(broken);
  };

  const deadline = setTimeout(
    () => refuse({ code: 'helloTimeout', path: null, message: `no hello within ${settings.helloDeadlineMs} ms` }, true),
    settings.helloDeadlineMs,
  );
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (phase === 'over') return;
    if (!frames.take()) return refuse({ code: 'tooFast', path: null, message: `more than ${settings.framesPerS} frames a second` }, false);
    const parsed = isBinary
      ? { fault: { code: 'badFrame', path: null, message: 'clients send text frames' } satisfies FrameFault }
      : parseClientFrame(data);
    try {
      if (phase === 'hello') {
        if ('fault' in parsed) {
          const code = parsed.fault.code === 'badFrame' && parsed.fault.path === 'frame' ? 'helloExpected' : parsed.fault.code;
          refuse({ ...parsed.fault, code }, true);
        } else greet(parsed.frame);
      } else if ('fault' in parsed) refuse(parsed.fault, false);
      else if (phase === 'open') receive(parsed.frame);
      else refuse({ code: 'helloExpected', path: 'frame', message: 'wait for welcome' }, false);
    } catch (error) {
      // A bug behind one frame of one client: said, counted, and the feed goes on (rule P-09).
      host.onFault(error);
      refuse({ code: 'internal', path: null, message: 'the frame could not be served' }, false);
    }
  });
  socket.on('close', () => {
    phase = 'over';
    clearTimeout(deadline);
    replay?.dispose();
    seat?.leave();
    if (entered) host.desk.deskWent(hello!.desk.id);
  });
  // The close event follows; ws reports frames that break RFC 6455 (too large, bad UTF-8) here first.
  socket.on('error', (error) => note({ code: 'badFrame', path: null, message: error.message }));

  const api: Connection = {
    get deskId() {
      return hello?.desk.id ?? null;
    },
    pump: () => flow?.pump(),
    sendPositions() {
      if (phase !== 'open' || replay) return;
      if (isFull()) {
        counters.skippedTicks += 1;
        skippedTicks += 1;
        return;
      }
      for (const frame of host.positions.after(positionVersion, options.binary)) {
        sendBytes(frame, options.binary);
        counters.positionFrames += 1;
        freshAtMs = performance.now();
      }
      positionVersion = host.positions.version;
    },
    sendPresence() {
      if (seat === null || phase !== 'open' || presenceVersion === host.presence.version || isFull()) return;
      presenceVersion = host.presence.version;
      sendBytes(host.presence.frame());
    },
    heartbeat(nowMs) {
      if (phase !== 'open' || isFull()) return;
      if (nowMs - beatAtMs < settings.heartbeatMs && nowMs - freshAtMs < settings.freshMs) return;
      beatAtMs = freshAtMs = nowMs;
      const sentSeq = (replay ?? flow)?.sentSeq ?? 0;
      send({ frame: 'hb', serverTimeMs: serverTimeMs(), headSeq: replay ? sentSeq : journal.committedSeq, sentSeq, skippedTicks });
    },
    check(nowMs) {
      if (phase !== 'open') return;
      if (life.silentForMs(nowMs) > settings.silenceMs) {
        counters.cutSilent += 1;
        end(`nothing heard for ${settings.silenceMs} ms`);
      } else if (((replay ?? flow)?.stuckForMs(nowMs) ?? 0) > settings.stallMs) {
        counters.cutStalled += 1;
        end(`nothing taken for ${settings.stallMs} ms`);
      }
    },
    end,
    vitals: () =>
      hello === null || phase !== 'open'
        ? null
        : {
            deskId: hello.desk.id,
            binary: options.binary,
            connectedAtMs,
            behindEvents: replay ? replay.sentSeq - replay.ackedSeq : Math.max(0, journal.committedSeq - (flow?.ackedSeq ?? 0)),
            bufferedBytes: socket.bufferedAmount,
            skippedTicks,
            ...sent,
          },
  };
  return api;
}
