import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON } from '../../protocol/frames/client.ts';

/** What stands behind the door: a feed of our own, or a relay to another one. It gets upgrades whose path, host and origin are admitted. */
export interface FeedDoor {
  readonly clients: number;
  /** Counters for `/healthz`. */
  readonly counters: { refusedUpgrades: number };
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Says goodbye to every client and waits until they are gone. */
  close(): Promise<void>;
}

/** The subprotocols that an upgrade request offers. */
const offeredSubprotocols = (request: IncomingMessage): ReadonlySet<string> =>
  new Set(
    (request.headers['sec-websocket-protocol'] ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
  );

/**
 * The first of our subprotocols that is offered. A client that offers nothing gets JSON; one that offers only what we do not
 * speak is refused (rule P-10).
 */
export function chooseSubprotocol(offered: ReadonlySet<string>, preferred: readonly string[]): string | false {
  return preferred.find((name) => offered.has(name)) ?? false;
}

/** Answers an upgrade request with plain HTTP and closes. */
export function refuseUpgrade(socket: Duplex, status: string, text: string): void {
  const body = `${text}\n`;
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Refuses what cannot be served: no common subprotocol, or too many clients. @returns true when it was refused. */
export function refuseUnservable(request: IncomingMessage, socket: Duplex, clients: number, maxClients: number): boolean {
  const offered = offeredSubprotocols(request);
  if (offered.size > 0 && chooseSubprotocol(offered, [SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON]) === false) {
    refuseUpgrade(socket, '400 Bad Request', `subprotocol must be ${SUBPROTOCOL_BINARY} or ${SUBPROTOCOL_JSON}`);
    return true;
  }
  if (clients >= maxClients) {
    refuseUpgrade(socket, '503 Service Unavailable', `more than ${maxClients} clients`);
    return true;
  }
  return false;
}
