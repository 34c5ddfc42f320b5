import { connect } from '@nats-io/transport-node';
import { credsAuthenticator, wsconnect } from '@nats-io/nats-core';
import type { ConnectionOptions, NatsConnection, Subscription } from '@nats-io/nats-core';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { WebSocket as NodeWebSocket } from 'ws';
import { z } from 'zod';
import { AppError } from '../appError.ts';
import { refusal } from '../adapters/adapter.ts';
import { defineSource } from './byteSource.ts';
import type { Port } from './byteSource.ts';
import { brokerUrlSchema } from './brokerUrl.ts';
import { cursorOf, startAfterLoss, startOf } from './natsStart.ts';
import type { Cursor, Start } from './natsStart.ts';
import { keepDialling, redialMostMsSchema } from './keepDialling.ts';
import { createOutbox } from './outbox.ts';
import { secretSchema, tlsSchema } from './secrets.ts';
import type { TlsFiles } from './secrets.ts';

const CONNECT_DEADLINE_MS = 5000;
/** Two pings unanswered: a dead connection is noticed within six seconds, a silent consumer within three. */
const PING_INTERVAL_MS = 2000;
const MOST_PINGS_OUT = 2;
const IDLE_HEARTBEAT_MS = 1000;
/** A consumer that nobody reads is removed by the server. */
const INACTIVE_THRESHOLD_MS = 30_000;

const subjectSchema = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[^\s]+$/, 'a subject has no spaces');
const configSchema = z.object({
  url: brokerUrlSchema(['nats', 'tls', 'ws', 'wss']).describe('e.g. tls://nats.example:4222 or wss://nats.example/nats'),
  stream: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,128}$/)
    .optional()
    .describe('The JetStream stream whose every message is taken, in order'),
  subjects: z.array(subjectSchema).max(32).default([]).describe('Filters within the stream; more than one needs a server of 2.10'),
  live: z.array(subjectSchema).max(32).default([]).describe('Subjects that are heard as they come and kept nowhere, e.g. positions'),
  start: z.enum(['all', 'new', 'lastPerSubject']).default('all').describe('Where the first connection ever begins in the stream'),
  username: z.string().min(1).optional(),
  password: secretSchema.optional(),
  token: secretSchema.optional(),
  creds: secretSchema.optional().describe('The text of a .creds file'),
  tls: tlsSchema.default({}),
  redialMostMs: redialMostMsSchema,
  window: z.int().min(1).max(10_000).default(500).describe('Most messages taken that are not durable here yet'),
  orderSubject: z.string().min(1).max(500).optional().describe('Where orders go; {unitId} is the unit’s id at the sender'),
});
type Config = z.infer<typeof configSchema>;

/** The transport of nats-core is a setting of the whole process, read while it dials: one dial at a time, or TCP meets WebSocket. */
let lastDial: Promise<unknown> = Promise.resolve();
function dialAlone<T>(dial: () => Promise<T>): Promise<T> {
  const own = lastDial.then(dial, dial);
  lastDial = own.catch(() => undefined);
  return own;
}

/**
 * NATS JetStream over TCP, TLS or WebSocket. The stream is read in order from where the journal stopped: the number of the last message is
 * kept in the same transaction as what it said, so nothing is lost and nothing comes twice, whoever of the two is killed. A stream that no
 * longer has what was missed is a gap: it is counted and told.
 */
export const natsSource = defineSource({
  kind: 'nats',
  config: configSchema,
  adapters: [],
  open(config, port, signal) {
    if (config.stream === undefined && config.live.length === 0) {
      throw new AppError('badSource', 'stream or live: expected one of them, otherwise there is nothing to hear');
    }
    const secrets = readSecrets(config, port);
    const outbox = createOutbox(port);

    const session = async (connection: NatsConnection, fail: (why: string) => void): Promise<void> => {
      for (const subject of config.live) void hearLive(connection.subscribe(subject), port).catch((error: unknown) => fail(lineOf(error)));
      const reading = config.stream === undefined ? null : await readOn(connection, config, config.stream, port, fail);
      port.status('live');
      outbox.connected(async ({ to, bytes }) => {
        connection.publish(to, bytes);
        await connection.flush();
      });
      await reading?.();
    };

    const connectOnce = async (): Promise<string> => {
      const dialling = dialAlone(() => dial(config, secrets));
      const dialled = await Promise.race([dialling, aborted(signal)]);
      if (dialled === null) {
        // It stops without waiting for a server that does not answer.
        void dialling.then(
          ({ connection, terminate }) => {
            terminate();
            return connection.close();
          },
          () => undefined,
        );
        return 'stopped';
      }
      const { connection, terminate } = dialled;
      return new Promise((resolve) => {
        const over = (why: string): void => {
          signal.removeEventListener('abort', leave);
          outbox.disconnected();
          // nats-core waits for a closing handshake: a dead peer never answers one.
          terminate();
          void connection.close().catch(() => undefined);
          resolve(why);
        };
        const leave = (): void => over('stopped');
        signal.addEventListener('abort', leave);
        if (signal.aborted) return leave();
        void connection.closed().then((error) => over(error ? lineOf(error) : 'the server closed the connection'));
        void watch(connection, over);
        session(connection, over).catch((error: unknown) => over(lineOf(error)));
      });
    };

    const done = keepDialling(connectOnce, signal, (why) => port.status('connecting', why), { mostMs: config.redialMostMs });
    return {
      order(order, bytes) {
        if (config.orderSubject === undefined)
          return port.refuse(refusal('orderNotCarried', '', 'the source has no orderSubject'), 'desk', bytes);
        outbox.post({ to: config.orderSubject.replaceAll('{unitId}', order.unitId.replace(/[\s.*>]/g, '_')), bytes });
      },
      dispose: () => done,
    };
  },
});

const aborted = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
const lineOf = (error: unknown): string => (error instanceof Error ? error.message || error.name : String(error));

interface Secrets {
  options: Pick<ConnectionOptions, 'user' | 'pass' | 'token' | 'authenticator'>;
  tls: TlsFiles;
}
function readSecrets(config: Config, port: Port): Secrets {
  return {
    options: {
      ...(config.username === undefined ? {} : { user: config.username }),
      ...(config.password === undefined ? {} : { pass: port.secret(config.password) }),
      ...(config.token === undefined ? {} : { token: port.secret(config.token) }),
      ...(config.creds === undefined ? {} : { authenticator: credsAuthenticator(new TextEncoder().encode(port.secret(config.creds))) }),
    },
    tls: port.tls(config.tls),
  };
}

async function dial({ url }: Config, { options, tls }: Secrets): Promise<{ connection: NatsConnection; terminate(): void }> {
  const all: ConnectionOptions = {
    servers: url,
    ...options,
    // A new connection reads on from the cursor; one that nats-core mends by itself would not know it.
    reconnect: false,
    timeout: CONNECT_DEADLINE_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: MOST_PINGS_OUT,
    ignoreClusterUpdates: true,
  };
  if (!url.startsWith('ws')) {
    const secure = url.startsWith('tls:') || Object.keys(tls).length > 0;
    return { connection: await connect(secure ? { ...all, tls } : all), terminate: () => undefined };
  }
  let socket: NodeWebSocket | null = null;
  const connection = await wsconnect({
    ...all,
    wsFactory: (address) => {
      socket = new NodeWebSocket(address, { ...tls, handshakeTimeout: CONNECT_DEADLINE_MS, perMessageDeflate: false });
      return Promise.resolve({ socket: socket as unknown as WebSocket, encrypted: address.startsWith('wss:') });
    },
  });
  return { connection, terminate: () => socket?.terminate() };
}

async function watch(connection: NatsConnection, fail: (why: string) => void): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'staleConnection') return fail('the server answers no ping');
    if (status.type === 'disconnect') return fail('the connection was closed');
    if (status.type === 'error') return fail(status.error.message);
  }
}

async function hearLive(subscription: Subscription, port: Port): Promise<void> {
  for await (const message of subscription) port.onBytes(message.data, { from: message.subject });
}

/**
 * Opens a consumer where the journal stopped. @returns what reads it, for as long as the connection stands.
 * @throws when there is no such stream, or the server does not answer.
 */
async function readOn(
  connection: NatsConnection,
  config: Config,
  stream: string,
  port: Port,
  fail: (why: string) => void,
): Promise<() => Promise<void>> {
  const info = await (await jetstreamManager(connection, { timeout: CONNECT_DEADLINE_MS })).streams.info(stream);
  const open = async (start: Start): Promise<ConsumerMessages> => {
    if (start.gap !== null) port.refuse(refusal('gap', '', start.gap), stream);
    const [only, ...more] = config.subjects;
    const consumer = await jetstream(connection, { timeout: CONNECT_DEADLINE_MS }).consumers.get(stream, {
      ...(only === undefined ? {} : { filter_subjects: more.length === 0 ? only : config.subjects }),
      ...start.deliver,
      inactive_threshold: INACTIVE_THRESHOLD_MS,
    });
    const list = await consumer.consume({ max_messages: config.window, idle_heartbeat: IDLE_HEARTBEAT_MS, expires: 30_000 });
    const listen = async (): Promise<void> => {
      for await (const status of list.status()) {
        if (status.type === 'heartbeats_missed') return fail('the stream is silent: heartbeats of the consumer are missing');
        if (status.type === 'consumer_deleted' || status.type === 'stream_not_found') return fail(status.type.replaceAll('_', ' '));
      }
    };
    void listen().catch((error: unknown) => fail(lineOf(error)));
    return list;
  };
  const kept = cursorOf(port.cursor());
  const start = startOf(info, kept, config.start);
  const list = await open(start);
  return async () => {
    if ((await take(list, start, config, port)) === 'over' || kept === null) return;
    list.stop();
    const later = startAfterLoss(kept, info.state.last_seq);
    await take(await open(later), later, config, port);
  };
}

/**
 * Takes each message once, in order, and reads on only while the journal keeps up.
 * @returns `rewritten` at once when the message that it was to begin after is another one now.
 */
async function take(
  list: ConsumerMessages,
  { created, seq, storedAtNs }: Start,
  { window }: Config,
  port: Port,
): Promise<'over' | 'rewritten'> {
  let lastSeq = seq;
  let taken = 0;
  let before: Promise<void> = Promise.resolve();
  for await (const message of list as AsyncIterable<JsMsg>) {
    const ownStoredAtNs = String(message.timestampNanos);
    if (message.seq === seq && storedAtNs !== null && ownStoredAtNs !== storedAtNs) return 'rewritten';
    // The one before, what an abandoned consumer still delivers, or the ordered one again after it was made anew.
    if (message.seq <= lastSeq) continue;
    lastSeq = message.seq;
    const messageId = messageIdOf(message);
    const { durable } = port.onBytes(message.data, {
      from: message.subject,
      cursor: JSON.stringify({ created, seq: lastSeq, storedAtNs: ownStoredAtNs } satisfies Cursor),
      ...(messageId === '' ? {} : { messageId }),
    });
    taken += 1;
    if (taken % window !== 0) continue;
    const own = durable();
    own.catch(() => undefined);
    await before;
    before = own;
  }
  return 'over';
}

/** Empty where there is none. A header that no client of this library could have written makes it throw: such a message has no name. */
function messageIdOf(message: JsMsg): string {
  try {
    return message.headers?.get('Nats-Msg-Id') ?? '';
  } catch {
    return '';
  }
}
