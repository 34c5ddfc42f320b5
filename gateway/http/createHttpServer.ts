import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Town } from '../../protocol/town/town.ts';
import { AppError } from '../appError.ts';
import { refuseUpgrade } from '../feed/upgrades.ts';
import { bearerOf, isLocal } from './admission.ts';
import type { Admission } from './admission.ts';
import type { IntakeDoors } from './intakeDoors.ts';
import { createRendererFiles } from './rendererFiles.ts';
import { securityHeaders } from './securityHeaders.ts';

export interface HttpServerOptions {
  town: Town;
  rendererDirectory: string;
  admission: Admission;
  /** What `/healthz` tells; no secrets, it asks for no token. */
  health(): { ok: boolean };
  metrics(): Promise<{ contentType: string; text: string }>;
  /** Writes the file that an address under `/export/` asks for. Rejects with an AppError `badRequest` before anything was written. Null where another server has the record. */
  exportFile: ((url: URL, response: ServerResponse, headOnly: boolean) => Promise<void>) | null;
  /** Where small senders post: `/in/<source>`. */
  intakeDoors?: IntakeDoors;
  /** An admitted upgrade to `/feed`. */
  onFeed(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  onRefusedUpgrade(): void;
  /** Told when an answer failed by a mistake of ours or of the disk: the reader gets 500, the gateway goes on. */
  onFault(error: unknown): void;
}

const MAX_URL = 2048;
const EXPORTS: ReadonlySet<string | undefined> = new Set(['/export/tracks', '/export/clip']);

/** Files, the town, health, metrics, exports, and the door of the feed. Reads only, GET and HEAD; but for what small senders post. */
export function createHttpServer(options: HttpServerOptions): Server {
  const { admission } = options;
  const files = createRendererFiles(options.rendererDirectory);
  const townJson = Buffer.from(JSON.stringify(options.town));

  const plain = (response: ServerResponse, status: number, text: string): void => {
    response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }).end(`${text}\n`);
  };
  const json = (request: IncomingMessage, response: ServerResponse, body: Buffer, status = 200): void => {
    response.writeHead(status, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': body.length,
      'Cache-Control': 'no-cache',
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  };

  /** A scraper shows the token in its header; on this machine itself, with no proxy between, none is asked for. */
  const measure = (request: IncomingMessage, response: ServerResponse): void => {
    if (!isLocal(request) && !admission.tokenMatches(bearerOf(request.headers.authorization))) {
      response.setHeader('WWW-Authenticate', 'Bearer');
      return plain(response, 401, 'metrics need the token: Authorization: Bearer TOKEN');
    }
    options.metrics().then(
      ({ contentType, text }) => {
        response.writeHead(200, { 'Content-Type': contentType, 'Cache-Control': 'no-store' });
        response.end(request.method === 'HEAD' ? undefined : text);
      },
      (error: unknown) => {
        options.onFault(error);
        plain(response, 500, 'the metrics could not be read');
      },
    );
  };

  /** Where people were is not for everybody on this machine: the token, always. */
  const exportFile = (request: IncomingMessage, response: ServerResponse, url: URL): void => {
    if (!admission.tokenMatches(bearerOf(request.headers.authorization))) {
      response.setHeader('WWW-Authenticate', 'Bearer');
      return plain(response, 401, 'exports need the token: Authorization: Bearer TOKEN');
    }
    if (!options.exportFile) return plain(response, 404, 'the record is with the backend behind this gateway');
    options.exportFile(url, response, request.method === 'HEAD').catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'badRequest') return plain(response, 400, error.message);
      options.onFault(error);
      if (!response.headersSent) plain(response, 500, 'the record could not be read');
    });
  };

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { host, origin } = request.headers;
    if (!admission.hostAllowed(host)) return plain(response, 421, 'this server does not answer to that host name');
    for (const [name, value] of Object.entries(securityHeaders(host!))) response.setHeader(name, value);
    response.setHeader('Vary', 'Origin');
    const path = (request.url ?? '/').split('?', 1)[0]!;
    const isFriend = origin !== undefined && admission.originAllowed(origin, host);
    if (isFriend) response.setHeader('Access-Control-Allow-Origin', origin);
    if (request.method === 'OPTIONS' && isFriend && EXPORTS.has(path)) {
      response.writeHead(204, { 'Access-Control-Allow-Headers': 'Authorization', 'Access-Control-Allow-Methods': 'GET, HEAD' }).end();
      return;
    }
    const posted = /^\/in\/([a-z0-9-]{1,32})(?:\/|$)/.exec(path)?.[1];
    if (posted !== undefined) {
      // A page of a stranger, in the browser of somebody who may reach this machine.
      if (origin !== undefined && !isFriend) return plain(response, 403, 'badOrigin');
      if ((request.url ?? '').length > MAX_URL) return plain(response, 414, 'address too long');
      const receiver = options.intakeDoors?.at(posted);
      return receiver ? receiver(request, response) : plain(response, 404, 'no source takes requests here');
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return plain(response, 405, 'GET and HEAD only');
    }
    const url = request.url ?? '/';
    if (url.length > MAX_URL) return plain(response, 414, 'address too long');
    switch (path) {
      case '/town.json':
        return json(request, response, townJson);
      case '/healthz': {
        const health = options.health();
        return json(request, response, Buffer.from(JSON.stringify(health)), health.ok ? 200 : 503);
      }
      case '/export/tracks':
      case '/export/clip':
        return exportFile(request, response, new URL(url, 'http://gateway'));
      case '/metrics':
        return measure(request, response);
      case '/feed':
        response.setHeader('Upgrade', 'websocket');
        return plain(response, 426, 'this is a WebSocket: subprotocol feed.v1.json or feed.v1.bin');
      default:
        return files(request, response);
    }
  };

  const guarded = (request: IncomingMessage, response: ServerResponse): void => {
    try {
      answer(request, response);
    } catch (error) {
      options.onFault(error);
      if (response.headersSent) response.destroy();
      else plain(response, 500, 'this could not be served');
    }
  };

  const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 30_000, headersTimeout: 10_000 }, guarded);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { host, origin } = request.headers;
    const refuse = (status: string, text: string): void => {
      options.onRefusedUpgrade();
      refuseUpgrade(socket, status, text);
    };
    if (!admission.hostAllowed(host)) return refuse('421 Misdirected Request', 'this server does not answer to that host name');
    if ((request.url ?? '').split('?', 1)[0] !== '/feed') return refuse('404 Not Found', 'the feed is at /feed');
    if (!admission.originAllowed(origin, host))
      return refuse('403 Forbidden', 'badOrigin: start the gateway with --allow-origin to let this page in');
    options.onFeed(request, socket, head);
  });
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });
  return server;
}
