import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { z } from 'zod';
import { refusal } from '../adapters/adapter.ts';
import type { Refusal } from '../adapters/adapter.ts';
import { DELIMITER, messageIds, readFrame, writeFrame } from '../adapters/jt808/frame.ts';
import type { Frame } from '../adapters/jt808/frame.ts';
import { createFrameSplitter } from '../adapters/jt808/splitFrames.ts';
import { createRateLimit } from '../feed/rateLimit.ts';
import { defineSource } from './byteSource.ts';
import type { Port, Taken } from './byteSource.ts';
import { answer, listenFields, listenForSenders } from './listenForSenders.ts';
import type { Conversation } from './listenForSenders.ts';
import { secretSchema } from './secrets.ts';

const configSchema = z.object({
  ...listenFields,
  idleTimeoutS: z
    .int()
    .min(5)
    .max(3600)
    .default(180)
    .describe('Silence that ends a connection; longer than the heartbeat of the terminals'),
  authenticateWithinS: z.int().min(1).max(300).default(30),
  authKey: secretSchema
    .optional()
    .describe('Makes the codes that registration hands out; without it any code of a known terminal is taken'),
  messagesPerS: z.int().min(1).max(1000).default(50).describe('From one terminal, twice as many in a burst'),
});
type Config = z.infer<typeof configSchema>;

/** Results of 0x8001 and 0x8100. */
const DONE = 0;
const FAILED = 1;
const BAD = 2;
const UNSUPPORTED = 3;
const NO_SUCH_TERMINAL = 4;
/** Positions of one terminal on their way to the disk; then it has to wait. */
const MOST_PENDING = 100;

/** What it was found to be broken, by the reasons of the adapter; what was only not wanted is answered as done, or it would come again for ever. */
const broken: ReadonlySet<string> = new Set(['badBody', 'badTime', 'badField', 'badPart', 'tooManyParts']);

/**
 * Terminals of JT/T 808-2013 and 808-2019 connect here. Each registers, authenticates on every connection, and reports; a position is
 * answered when the journal has committed what came before it, so a terminal that keeps what was not answered loses nothing.
 */
export const jt808Source = defineSource({
  kind: 'jt808',
  config: configSchema,
  adapters: ['jt808'],
  open(config, port, signal) {
    const codes = createCodes(config, port);
    /** The connection on which each terminal authenticated last. */
    const connections = new Map<string, Socket>();
    const over = listenForSenders({ ...config, idleMs: config.idleTimeoutS * 1000, tls: null }, port, signal, (socket, from) =>
      converse(socket, from, { config, port, codes, connections }),
    );
    return { dispose: () => over };
  },
});

function createCodes({ authKey }: Config, port: Port) {
  const key = authKey === undefined ? null : port.secret(authKey);
  const of = (terminal: string): string =>
    key === null ? terminal : createHmac('sha256', key).update(terminal).digest('base64url').slice(0, 20);
  return {
    of,
    fits(terminal: string, code: string): boolean {
      if (key === null) return true;
      const [given, expected] = [code, of(terminal)].map((text) => createHmac('sha256', key).update(text).digest());
      return timingSafeEqual(given!, expected!);
    },
  };
}
/** 2013: the whole body. 2019: after its length, with the IMEI and the version of the software behind it. */
function codeOf({ is2019, body }: Frame): string {
  const code = is2019 ? body.subarray(1, 1 + (body[0] ?? 0)) : body;
  return code.toString('latin1').replace(/\0+$/, '');
}

interface Shared {
  config: Config;
  port: Port;
  codes: ReturnType<typeof createCodes>;
  connections: Map<string, Socket>;
}

function converse(socket: Socket, from: string, { config, port, codes, connections }: Shared): Conversation {
  let terminal: string | null = null;
  let serial = 0;
  let pending = 0;
  const limit = createRateLimit(config.messagesPerS);
  const deadline = setTimeout(() => {
    port.refuse(refusal('notAuthenticated', '', `no authentication within ${config.authenticateWithinS} s`), from);
    socket.destroy();
  }, config.authenticateWithinS * 1000);

  const send = (frame: Frame, id: number, body: Buffer): void => {
    const { is2019, terminalBcd, version } = frame;
    answer(socket, writeFrame({ id, is2019, terminalBcd, version, serial, body }));
    serial = (serial + 1) & 0xffff;
  };
  const reply = (frame: Frame, result: number): void => {
    const body = Buffer.alloc(5);
    body.writeUInt16BE(frame.serial, 0);
    body.writeUInt16BE(frame.id, 2);
    body[4] = result;
    send(frame, messageIds.platformAnswer, body);
  };
  const isUnknown = ({ refusals }: Taken): boolean => refusals.some(({ reason }) => reason === 'unknownTerminal');

  const register = (frame: Frame, taken: Taken): void => {
    const body = Buffer.alloc(3);
    body.writeUInt16BE(frame.serial, 0);
    if (!isUnknown(taken))
      return send(frame, messageIds.registerAnswer, Buffer.concat([body, Buffer.from(codes.of(frame.terminal), 'latin1')]));
    body[2] = NO_SUCH_TERMINAL;
    send(frame, messageIds.registerAnswer, body);
    socket.end();
  };
  const authenticate = (frame: Frame, taken: Taken, refuse: (why: Refusal) => void): void => {
    if (isUnknown(taken)) {
      reply(frame, FAILED);
      socket.end();
      return;
    }
    if (!codes.fits(frame.terminal, codeOf(frame))) {
      refuse(refusal('badCode', 'code', `the code of terminal ${frame.terminal} is not the one that it was given; it has to register`));
      return reply(frame, FAILED);
    }
    clearTimeout(deadline);
    terminal = frame.terminal;
    const before = connections.get(terminal);
    connections.set(terminal, socket);
    // Half open: the terminal lost its network and came back by another way.
    if (before !== socket) before?.destroy();
    reply(frame, DONE);
  };
  const report = (frame: Frame, taken: Taken): void => {
    if (taken.refusals.some(({ reason }) => reason === 'otherMessage')) return reply(frame, UNSUPPORTED);
    if (taken.accepted === 0 && taken.refusals.some(({ reason }) => broken.has(reason))) return reply(frame, BAD);
    pending += 1;
    if (pending >= MOST_PENDING) socket.pause();
    taken.durable().then(
      () => {
        pending -= 1;
        if (pending < MOST_PENDING / 2) socket.resume();
        reply(frame, DONE);
        if (frame.id === messageIds.logOut) socket.end();
      },
      // Not answered: the terminal sends it again with its next connection.
      (error: unknown) => {
        port.refuse(refusal('notKept', '', error instanceof Error ? error.message : String(error)), from);
        socket.destroy();
      },
    );
  };

  const onFrame = (inner: Buffer): void => {
    const wire = Buffer.concat([Buffer.of(DELIMITER), inner, Buffer.of(DELIMITER)]);
    const refuse = (why: Refusal): void => port.refuse(why, from, wire);
    if (!limit.take()) return refuse(refusal('tooFast', '', `more than ${config.messagesPerS} messages a second`));
    const frame = readFrame(inner);
    if ('reason' in frame) return refuse(frame);
    if (terminal !== null && frame.terminal !== terminal) {
      refuse(refusal('otherTerminal', 'terminal', `terminal ${frame.terminal} on the connection of ${terminal}`));
      return reply(frame, FAILED);
    }
    const isGreeting = frame.id === messageIds.register || frame.id === messageIds.authenticate;
    if (!isGreeting && terminal === null) {
      refuse(refusal('notAuthenticated', 'id', `terminal ${frame.terminal} has to authenticate first`));
      return reply(frame, FAILED);
    }
    const taken = port.onBytes(wire, { from: frame.terminal });
    if (frame.id === messageIds.register) return register(frame, taken);
    if (frame.id === messageIds.authenticate) return authenticate(frame, taken, refuse);
    // An answer to an answer would never end.
    if (frame.id !== messageIds.terminalAnswer) report(frame, taken);
  };
  const splitter = createFrameSplitter(onFrame, (why, bytes) => port.refuse(why, from, bytes));

  return {
    onData: splitter.push,
    onClose() {
      clearTimeout(deadline);
      if (splitter.waiting > 0) port.refuse(refusal('cutOff', '', 'the connection ended within a frame'), from);
      if (terminal !== null && connections.get(terminal) === socket) connections.delete(terminal);
    },
  };
}
