import type { Socket } from 'node:net';
import { z } from 'zod';
import { refusal } from '../adapters/adapter.ts';
import { createEventSplitter } from '../adapters/cot/splitEvents.ts';
import { createRateLimit } from '../feed/rateLimit.ts';
import { defineSource } from './byteSource.ts';
import type { Port } from './byteSource.ts';
import { answer, listenFields, listenForSenders } from './listenForSenders.ts';
import type { Conversation } from './listenForSenders.ts';

const fileSchema = z.string().min(1);

const configSchema = z.object({
  ...listenFields,
  tls: z
    .strictObject({
      certFile: fileSchema.describe('PEM'),
      keyFile: fileSchema.describe('PEM'),
      clientCaFile: fileSchema.optional().describe('PEM; lets in only those whose certificate it has signed'),
    })
    .optional()
    .describe('Without it whoever reaches the port is heard, and anybody on the way can read along'),
  idleTimeoutS: z.int().min(5).max(3600).default(300),
  eventsPerS: z.int().min(1).max(1000).default(20).describe('From one phone, twice as many in a burst'),
  maxBytes: z
    .int()
    .min(1024)
    .max(1 << 20)
    .default(1 << 16)
    .describe('Of one event'),
});
type Config = z.infer<typeof configSchema>;

/** The beginning of an event, where a ping says that it is one. */
const PING = /^<event\b[^>]*\stype=["']t-x-c-t["']/;

/**
 * Phones with ATAK or its kin connect here as to a TAK server, over TCP or TLS, and send Cursor on Target events as XML. Their pings are
 * answered; nothing else leaves, the format knows no acknowledgement.
 */
export const cotSource = defineSource({
  kind: 'cot',
  config: configSchema,
  adapters: ['cot'],
  open(config, port, signal) {
    const { tls } = config;
    const files = tls
      ? port.tls({
          certFile: tls.certFile,
          keyFile: tls.keyFile,
          ...(tls.clientCaFile === undefined ? {} : { caFile: tls.clientCaFile }),
        })
      : null;
    const listening = { ...config, idleMs: config.idleTimeoutS * 1000, tls: files };
    const over = listenForSenders(listening, port, signal, (socket, from) => converse(socket, from, config, port));
    return { dispose: () => over };
  },
});

function converse(socket: Socket, from: string, { eventsPerS, maxBytes }: Config, port: Port): Conversation {
  const limit = createRateLimit(eventsPerS);
  const splitter = createEventSplitter(
    maxBytes,
    (event) => {
      if (!limit.take()) return port.refuse(refusal('tooFast', '', `more than ${eventsPerS} events a second`), from, event);
      port.onBytes(event, { from });
      if (PING.test(event.subarray(0, 1000).toString('latin1'))) answer(socket, pong(port.clock.nowMs()));
    },
    (why, bytes) => port.refuse(why, from, bytes),
  );
  return {
    onData: splitter.push,
    onClose() {
      if (splitter.waiting > 0) port.refuse(refusal('cutOff', '', 'the connection ended within an event'), from);
    },
  };
}

function pong(nowMs: number): string {
  const [now, stale] = [nowMs, nowMs + 20_000].map((atMs) => new Date(atMs).toISOString());
  const point = '<point lat="0" lon="0" hae="0" ce="9999999" le="9999999"/>';
  return `<event version="2.0" uid="takPong" type="t-x-c-t-r" how="h-g-i-g-o" time="${now}" start="${now}" stale="${stale}">${point}</event>\n`;
}
