import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { z } from 'zod';
import { refusal } from '../adapters/adapter.ts';
import { AppError } from '../appError.ts';
import type { Port } from './byteSource.ts';
import type { TlsFiles } from './secrets.ts';

/** Fields of a source that waits for connections instead of dialling. */
export const listenFields = {
  host: z.string().min(1).max(255).default('127.0.0.1').describe('Address to listen at; 0.0.0.0 lets other machines in'),
  port: z.int().min(1).max(65_535),
  maxConnections: z.int().min(1).max(20_000).default(2000),
  maxPerAddress: z.int().min(1).max(20_000).default(200).describe('A carrier may hide many devices behind one address'),
};

export interface Listening {
  host: string;
  port: number;
  maxConnections: number;
  maxPerAddress: number;
  idleMs: number;
  /** PEM; `ca` then decides whose certificates are let in, and one is asked for. */
  tls: TlsFiles | null;
}
/** One connection as its source handles it. */
export interface Conversation {
  onData(bytes: Buffer): void;
  onClose(): void;
}

/** A device that reads nothing must not fill the memory with answers. */
const MOST_UNREAD_BYTES = 64 << 10;
const HANDSHAKE_MS = 10_000;

/** An answer, or the end of a peer that takes none. */
export function answer(socket: Socket, bytes: Uint8Array | string): void {
  if (!socket.writable) return;
  socket.write(bytes);
  if (socket.writableLength > MOST_UNREAD_BYTES) socket.destroy();
}

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress?.replace(/^::ffff:/, '') ?? 'gone'}:${remotePort ?? 0}`;

/**
 * Listens until the signal aborts. Connections beyond the limits are refused with a reason, silent ones are ended.
 * @param converse begins with a connection, after its handshake.
 * @returns a promise that resolves when the last connection is over. A port that cannot be had is the status `closed`.
 * @throws AppError when a certificate or key is none.
 */
export function listenForSenders(
  { host, port: number, maxConnections, maxPerAddress, idleMs, tls }: Listening,
  port: Port,
  signal: AbortSignal,
  converse: (socket: Socket, from: string) => Conversation,
): Promise<void> {
  const open = new Set<Socket>();
  const perAddress = new Map<string, number>();

  const begin = (socket: Socket): void => {
    const from = peerOf(socket);
    const conversation = converse(socket, from);
    socket.on('data', (bytes) => conversation.onData(bytes));
    socket.once('close', () => conversation.onClose());
  };
  const server: Server = tls ? createTls(tls) : createServer();
  if (tls) {
    server.on('secureConnection', (socket: TLSSocket) => {
      socket.on('error', () => socket.destroy());
      begin(socket);
    });
    server.on('tlsClientError', (error: Error, socket: TLSSocket) => {
      port.refuse(refusal('noTls', '', error.message), peerOf(socket));
      socket.destroy();
    });
  }
  // Raw connections, also before a handshake.
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const from = peerOf(socket);
    const before = perAddress.get(address) ?? 0;
    if (open.size >= maxConnections || before >= maxPerAddress) {
      const what = before >= maxPerAddress ? `${maxPerAddress} of this address` : `${maxConnections}`;
      port.refuse(refusal('tooManyConnections', '', `there are ${what} connections already`), from);
      socket.destroy();
      return;
    }
    open.add(socket);
    perAddress.set(address, before + 1);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.setTimeout(idleMs, () => {
      port.refuse(refusal('silent', '', `nothing came for ${Math.round(idleMs / 1000)} s`), from);
      socket.destroy();
    });
    // What a reset has to say, its close says as well.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      open.delete(socket);
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left > 0) perAddress.set(address, left);
      else perAddress.delete(address);
    });
    if (!tls) begin(socket);
  });

  return new Promise((resolve) => {
    const close = (): void => {
      for (const socket of open) socket.destroy();
      if (!server.listening) return resolve();
      server.close(() => resolve());
    };
    server.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? `port ${number} on ${host} is taken` : error.message;
      port.status('closed', why);
      resolve();
    });
    server.listen(number, host, () => {
      if (signal.aborted) close();
      else port.status('live');
    });
    signal.addEventListener('abort', close, { once: true });
  });
}

function createTls(files: TlsFiles): Server {
  try {
    const isAsked = files.ca !== undefined;
    return createTlsServer({
      ...files,
      requestCert: isAsked,
      rejectUnauthorized: isAsked,
      handshakeTimeout: HANDSHAKE_MS,
      minVersion: 'TLSv1.2',
    });
  } catch (cause) {
    throw new AppError('badTlsFile', `tls: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
