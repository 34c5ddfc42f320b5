import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { SUBPROTOCOL_JSON } from '../../protocol/frames/client.ts';
import { LIMITS } from '../feed/feedSettings.ts';
import { brokerUrlSchema } from './brokerUrl.ts';
import { defineSource } from './byteSource.ts';
import { keepDialling, redialMostMsSchema } from './keepDialling.ts';
import { secretSchema, tlsSchema } from './secrets.ts';
import { createUpstreamSession } from './upstream/createUpstreamSession.ts';
import { createUpstreamCursor } from './upstream/upstreamCursor.ts';

const CONNECT_DEADLINE_MS = 5000;
/** A closing handshake with a dead peer has no end. */
const CLOSE_WITHIN_MS = 300;

const configSchema = z.object({
  url: brokerUrlSchema(['wss', 'ws'])
    .refine((text) => !/[?#]/.test(text), 'a token belongs into its own field, never into the address')
    .describe('e.g. wss://neighbour.example/feed'),
  token: secretSchema.optional(),
  tls: tlsSchema.default({}),
  window: z.int().min(1).max(10_000).default(256).describe('Most events on their way that are not durable here yet'),
  redialMostMs: redialMostMsSchema,
});

/**
 * Another gateway, or any backend that speaks PROTOCOL.md, as one source beside others: its units, cameras, incidents, detections and calls are
 * shown here and decided there. It is read on from the epoch and seq that the journal keeps in the same transaction as what they led to: nothing
 * is lost and nothing comes twice, whoever of the two is killed. JSON only: the binary positions name units by handles that a resume does not tell.
 */
export const protocolSource = defineSource({
  kind: 'protocol',
  config: configSchema,
  adapters: ['feed'],
  open(config, port, signal) {
    const token = config.token === undefined ? null : port.secret(config.token);
    const tls = port.tls(config.tls);
    const cursor = createUpstreamCursor(port);

    const connectOnce = (): Promise<string> =>
      new Promise((resolve) => {
        const socket = new WebSocket(config.url, [SUBPROTOCOL_JSON], {
          ...tls,
          handshakeTimeout: CONNECT_DEADLINE_MS,
          maxPayload: LIMITS.maxDownBytes,
          perMessageDeflate: false,
        });
        const leave = (): void => session.end('stopped');
        const session = createUpstreamSession({
          port,
          cursor,
          token,
          window: config.window,
          send: (frame) => {
            if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
          },
          end(why, askedMs = 0) {
            signal.removeEventListener('abort', leave);
            socket.close();
            setTimeout(() => socket.terminate(), CLOSE_WITHIN_MS).unref();
            port.status('connecting', why);
            if (askedMs === 0) return resolve(why);
            pause(askedMs, undefined, { signal }).then(
              () => resolve(why),
              () => resolve(why),
            );
          },
        });
        socket.on('open', () => session.opened());
        socket.on('message', (data: Buffer, binary) => session.received(data, binary));
        socket.on('error', (error) => session.end(error.message || error.name));
        socket.on('close', (code, reason) =>
          session.end(`it closed the connection (${code}${reason.length > 0 ? ` ${reason.toString()}` : ''})`),
        );
        signal.addEventListener('abort', leave);
        if (signal.aborted) leave();
      });

    const over = keepDialling(connectOnce, signal, (why) => port.status('connecting', why), { mostMs: config.redialMostMs });
    return { dispose: () => over };
  },
});
