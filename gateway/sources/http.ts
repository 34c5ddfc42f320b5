import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { AppError } from '../appError.ts';
import { refusal } from '../adapters/adapter.ts';
import type { Refusal } from '../adapters/adapter.ts';
import { createRateLimit } from '../feed/rateLimit.ts';
import { bearerOf } from '../http/admission.ts';
import { defineSource } from './byteSource.ts';
import type { Port } from './byteSource.ts';
import { secretSchema } from './secrets.ts';

const LEAST_TOKEN = 16;
/** Bodies that are read at one moment. */
const MOST_AT_ONCE = 32;
/** Refusals told in one answer; the number of all of them stands beside. */
const MOST_TOLD = 50;

const configSchema = z.object({
  token: secretSchema.describe('Senders show it as `Authorization: Bearer TOKEN`; at least 16 characters, not the one of the wall'),
  maxBytes: z
    .int()
    .min(1)
    .max(16 << 20)
    .default(1 << 20),
  requestsPerS: z.number().min(0.1).max(10_000).default(20).describe('From all senders together, twice as many in a burst'),
});

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Small senders post JSON or GeoJSON to `/in/<name of the source>` of the gateway's own server. 2xx means that everything was taken and is
 * durable; 422 names each field that was not, what was good beside it is taken. A sender that is not sure sends again: reports are told apart by
 * their external id, anything by the header `Idempotency-Key`.
 */
export const httpSource = defineSource({
  kind: 'http',
  config: configSchema,
  adapters: ['geojson', 'json'],
  open({ token, maxBytes, requestsPerS }, port) {
    const secret = port.secret(token);
    if (secret.length < LEAST_TOKEN) throw new AppError('weakToken', `token: a token has at least ${LEAST_TOKEN} characters`);
    const expected = digest(secret);
    const limit = createRateLimit(requestsPerS);
    let reading = 0;

    /** @returns why the request is not read. */
    const objection = ({ method, headers }: IncomingMessage): [status: number, why: Refusal, headers?: Record<string, string>] | null => {
      if (method !== 'POST') return [405, refusal('notPost', '', 'POST only'), { Allow: 'POST' }];
      if (!timingSafeEqual(digest(bearerOf(headers.authorization) ?? ''), expected))
        return [401, refusal('badToken', 'Authorization', 'expected Authorization: Bearer TOKEN'), { 'WWW-Authenticate': 'Bearer' }];
      if (!limit.take()) return [429, refusal('tooFast', '', `more than ${requestsPerS} requests a second`), { 'Retry-After': '1' }];
      if (!/^application\/(geo\+)?json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(headers['content-type'] ?? ''))
        return [415, refusal('badType', 'Content-Type', 'expected application/json or application/geo+json in UTF-8')];
      if (!/^(identity)?$/i.test(headers['content-encoding'] ?? ''))
        return [415, refusal('badType', 'Content-Encoding', 'expected no compression')];
      if (Number(headers['content-length'] ?? 0) > maxBytes)
        return [413, refusal('tooLarge', 'Content-Length', `at most ${maxBytes} bytes are taken`)];
      if (reading >= MOST_AT_ONCE) return [503, refusal('busy', '', `${MOST_AT_ONCE} requests are being read`), { 'Retry-After': '1' }];
      return null;
    };

    port.receive((request, response) => {
      const from = (request.url ?? '').split('?', 1)[0]!.replace(/^\/in\//, '');
      const turnAway = (status: number, why: Refusal, headers: Record<string, string> = {}): void => {
        port.refuse(why, from);
        // What is left of the body is not read.
        tell(response, status, { accepted: 0, repeated: 0, refused: 1, refusals: [why] }, { ...headers, Connection: 'close' });
      };
      const against = objection(request);
      if (against) return turnAway(...against);

      const parts: Buffer[] = [];
      let sizeBytes = 0;
      let isOver = false;
      reading += 1;
      const stop = (): boolean => {
        if (isOver) return false;
        isOver = true;
        reading -= 1;
        return true;
      };
      request.on('data', (part: Buffer) => {
        sizeBytes += part.length;
        if (isOver) return;
        parts.push(part);
        if (sizeBytes > maxBytes && stop()) {
          parts.length = 0;
          turnAway(413, refusal('tooLarge', '', `at most ${maxBytes} bytes are taken`));
        }
      });
      request.on('end', () => {
        if (stop()) void take(port, Buffer.concat(parts), from, request, response);
      });
      const cutOff = (): void => {
        if (stop()) port.refuse(refusal('cutOff', '', `the sender went away after ${sizeBytes} bytes`), from);
      };
      request.on('error', cutOff);
      request.on('close', cutOff);
    });
    port.status('live');
    return { dispose: () => undefined };
  },
});

interface Answer {
  accepted: number;
  repeated: number;
  refused: number;
  refusals: Refusal[];
}
function tell(response: ServerResponse, status: number, told: Answer, headers: Record<string, string> = {}): void {
  const body = Buffer.from(JSON.stringify({ ...told, refusals: told.refusals.slice(0, MOST_TOLD) }));
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(body);
}

async function take(port: Port, body: Buffer, from: string, { headers }: IncomingMessage, response: ServerResponse): Promise<void> {
  const key = headers['idempotency-key'];
  // With the body: a sender that mends a message and keeps its key is heard.
  const about =
    typeof key === 'string' && key !== ''
      ? { messageId: digest(`${key}\n${digest(body.toString('latin1')).toString('hex')}`).toString('base64url') }
      : {};
  const { accepted, repeated, refusals, durable } = port.onBytes(body, { from, ...about });
  try {
    await durable();
  } catch (error) {
    const why = refusal('notKept', '', `nothing was kept: ${error instanceof Error ? error.message : String(error)}`);
    port.refuse(why, from);
    return tell(response, 503, { accepted: 0, repeated: 0, refused: 1, refusals: [why] }, { 'Retry-After': '5' });
  }
  const status = refusals.length === 0 ? 200 : refusals.some(({ reason }) => reason === 'badJson') ? 400 : 422;
  tell(response, status, { accepted, repeated, refused: refusals.length, refusals });
}
