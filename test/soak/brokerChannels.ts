import { connect } from '@nats-io/transport-node';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import mqtt from 'mqtt';
import { v7 as uuidv7 } from 'uuid';

/** A connection of a producer to its broker. Over means over: the producer opens the next one. */
export interface BrokerChannel {
  /** Resolves when the broker has taken the message; rejects when the connection fell before. @param id Names the message for ever. */
  publish(key: string, id: string, body: string): Promise<unknown>;
  /** Resolves when the connection is over. */
  readonly over: Promise<unknown>;
  close(): void;
}
/** @throws Error when there is no broker. */
export type OpenBrokerChannel = () => Promise<BrokerChannel>;

export const SOAK_STREAM = 'soak';
const ANSWER_WITHIN_MS = 20_000;

/** QoS 1, a topic each key. */
export const mqttChannel =
  (port: number): OpenBrokerChannel =>
  async () => {
    const client = await mqtt.connectAsync(
      `mqtt://127.0.0.1:${port}`,
      { protocolVersion: 5, reconnectPeriod: 0, clientId: `producer-${uuidv7()}`, connectTimeout: ANSWER_WITHIN_MS },
      false,
    );
    client.on('error', () => undefined);
    const over = new Promise<void>((resolve) => void client.once('close', () => resolve()));
    return {
      publish: (key, _id, body) =>
        Promise.race([client.publishAsync(`soak/${key}`, body, { qos: 1 }), over.then(() => Promise.reject(new Error('closed')))]),
      over,
      close: () => void client.end(true),
    };
  };

/** JetStream, a subject each key, the message's id in its header. Makes the stream where it is not there yet. */
export const natsChannel =
  (port: number): OpenBrokerChannel =>
  async () => {
    const connection = await connect({ servers: `127.0.0.1:${port}`, reconnect: false, timeout: ANSWER_WITHIN_MS });
    try {
      await (await jetstreamManager(connection)).streams.add({ name: SOAK_STREAM, subjects: [`${SOAK_STREAM}.>`] });
    } catch (error) {
      await connection.close();
      throw error;
    }
    const stream = jetstream(connection, { timeout: ANSWER_WITHIN_MS });
    return {
      publish: (key, id, body) => stream.publish(`${SOAK_STREAM}.${key}`, body, { msgID: id, retries: 0 }),
      over: connection.closed(),
      close: () => void connection.close(),
    };
  };
