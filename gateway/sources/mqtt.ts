import mqtt from 'mqtt';
import type { IClientOptions, IPublishPacket, MqttClient } from 'mqtt';
import { z } from 'zod';
import { refusal } from '../adapters/adapter.ts';
import { defineSource } from './byteSource.ts';
import type { OpenByteSource, Port } from './byteSource.ts';
import { brokerUrlSchema } from './brokerUrl.ts';
import { keepDialling, redialMostMsSchema } from './keepDialling.ts';
import { createOutbox } from './outbox.ts';
import { secretSchema, tlsSchema } from './secrets.ts';

const CONNECT_DEADLINE_MS = 5000;
/** An order that comes later than this is worth nothing to a crew. */
const ORDER_EXPIRES_S = 300;

const topicSchema = z.union([
  z.string().min(1).max(500),
  z.strictObject({ topic: z.string().min(1).max(500), qos: z.union([z.literal(0), z.literal(1)]) }),
]);

const configSchema = z.object({
  url: brokerUrlSchema(['mqtt', 'mqtts', 'ws', 'wss']).describe('e.g. mqtts://broker.example:8883 or wss://broker.example/mqtt'),
  topics: z.array(topicSchema).min(1).max(100).describe('Filters; a text alone is taken with QoS 1'),
  clientId: z.string().min(1).max(128).optional().describe('Names the session at the broker, so no two gateways may share it'),
  username: z.string().min(1).optional(),
  password: secretSchema.optional(),
  tls: tlsSchema.default({}),
  redialMostMs: redialMostMsSchema,
  keepaliveS: z.int().min(1).max(6).default(5).describe('A dead connection is noticed after one and a half of it'),
  sessionExpiryS: z.int().min(0).max(0xffff_fffe).default(86_400).describe('How long the broker keeps what it could not deliver'),
  receiveMaximum: z.int().min(1).max(65_535).default(500).describe('Most messages on their way that are not durable here yet'),
  maxBytes: z
    .int()
    .min(1)
    .max(16 << 20)
    .default(1 << 20),
  orderTopic: z.string().min(1).max(500).optional().describe('Where orders go; {unitId} is the unit’s id at the sender'),
});
type Config = z.infer<typeof configSchema>;

/** What mqtt.js hides and this source needs: it acknowledges on arrival, we do when the journal has committed. */
interface Sending {
  _sendPacket(packet: { cmd: string; messageId?: number }, done?: (error?: Error) => void, ...rest: unknown[]): void;
}

/**
 * MQTT 5 over TCP, TLS or WebSocket. The session outlives connections: with QoS 1 the broker keeps what was not acknowledged and sends it
 * again, and a message is acknowledged only after what it said is in the journal. Nothing is lost then; what comes twice is told apart by
 * the external id of a report or the `messageId` of the mapping.
 */
export const mqttSource = defineSource({
  kind: 'mqtt',
  config: configSchema,
  adapters: [],
  open(config, port, signal) {
    const connectOptions = optionsOf(config, port);
    const outbox = createOutbox(port);

    const connect = (): Promise<string> =>
      new Promise((resolve) => {
        const client = mqtt.connect(config.url, connectOptions);
        let why = 'the connection was closed';
        const end = (): void => {
          outbox.disconnected();
          clearTimeout(deadline);
          signal.removeEventListener('abort', leave);
          client.end(true);
          resolve(why);
        };
        const fail = (reason: string): void => {
          why = reason;
          client.end(true);
          end();
        };
        const leave = (): void => {
          // A DISCONNECT keeps the session; the broker goes on collecting for the next start.
          client.end(false, {}, end);
          setTimeout(end, 500).unref();
        };
        const deadline = setTimeout(() => fail(`no answer from the broker within ${CONNECT_DEADLINE_MS} ms`), CONNECT_DEADLINE_MS);
        acknowledgeWhenDurable(client, port, fail);
        client.on('connect', () => {
          client.subscribe(subscriptionsOf(config), (error, granted) => {
            clearTimeout(deadline);
            if (error) return fail(`the broker refused to subscribe: ${error.message}`);
            const denied = (granted ?? []).find(({ qos }) => qos >= 128);
            if (denied) return fail(`the broker refused the topic ${denied.topic}`);
            port.status('live');
            outbox.connected(({ to, bytes }) =>
              client.publishAsync(to, Buffer.from(bytes), { qos: 1, properties: { messageExpiryInterval: ORDER_EXPIRES_S } }),
            );
          });
        });
        client.on('error', (error) => {
          why = error.message || why;
        });
        client.on('disconnect', ({ reasonCode }) => {
          why =
            reasonCode === 142
              ? `another client took the session ${connectOptions.clientId}`
              : `the broker ended the connection (${reasonCode})`;
        });
        client.on('close', end);
        signal.addEventListener('abort', leave);
        if (signal.aborted) leave();
      });

    const over = keepDialling(connect, signal, (why) => port.status('connecting', why), { mostMs: config.redialMostMs });
    const opened: OpenByteSource = {
      order(order, bytes) {
        if (config.orderTopic === undefined)
          return port.refuse(refusal('orderNotCarried', '', 'the source has no orderTopic'), 'desk', bytes);
        outbox.post({ to: config.orderTopic.replaceAll('{unitId}', order.unitId.replace(/[+#/\u0000]/g, '_')), bytes });
      },
      dispose: () => over,
    };
    return opened;
  },
});

function optionsOf(config: Config, port: Port): IClientOptions & { clientId: string } {
  return {
    protocolVersion: 5,
    clientId: config.clientId ?? `wanglou-${port.sourceId}`,
    clean: false,
    keepalive: config.keepaliveS,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_DEADLINE_MS,
    resubscribe: false,
    // An acknowledgement of one connection means another message on the next.
    queueQoSZero: false,
    ...(config.username === undefined ? {} : { username: config.username }),
    ...(config.password === undefined ? {} : { password: port.secret(config.password) }),
    ...port.tls(config.tls),
    properties: {
      sessionExpiryInterval: config.sessionExpiryS,
      receiveMaximum: config.receiveMaximum,
      maximumPacketSize: config.maxBytes,
    },
  };
}

/** Retain handling 1: what the broker keeps comes with a new subscription, not with every connection. No echo of our own orders. */
const subscriptionsOf = ({ topics }: Config) =>
  Object.fromEntries(
    topics.map((entry) => {
      const { topic, qos } = typeof entry === 'string' ? { topic: entry, qos: 1 as const } : entry;
      return [topic, { qos, rh: 1, nl: !topic.startsWith('$share/') }];
    }),
  );

/**
 * Hands each message over at once, and sends its PUBACK, in the order of arrival (MQTT-4.6.0-2), when the journal has committed. Holding
 * back in `handleMessage` instead would stop the client from reading on: one commit a message.
 */
function acknowledgeWhenDurable(client: MqttClient, port: Port, fail: (why: string) => void): void {
  const sending = client as unknown as Sending;
  const send = sending._sendPacket.bind(client);
  const durable = new Map<number, Promise<void>>();
  let before: Promise<void> = Promise.resolve();

  client.on('message', (topic, payload, packet: IPublishPacket) => {
    const taken = port.onBytes(payload, { from: topic, retained: packet.retain });
    if (packet.qos > 0 && packet.messageId !== undefined) durable.set(packet.messageId, taken.durable());
  });
  sending._sendPacket = (packet, done, ...rest) => {
    const safe = packet.cmd === 'puback' && packet.messageId !== undefined ? durable.get(packet.messageId) : undefined;
    if (!safe) return send(packet, done, ...rest);
    durable.delete(packet.messageId!);
    done?.();
    before = Promise.all([before, safe]).then(
      () => {
        if (client.connected) send(packet);
      },
      // Not acknowledged: the broker sends it again with the next connection.
      (error: unknown) =>
        fail(`not acknowledged, the journal could not keep it: ${error instanceof Error ? error.message : String(error)}`),
    );
  };
}
