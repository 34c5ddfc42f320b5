import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** The packaged wall's own scheme. */
const WALL_ORIGIN = 'app://wall';
const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

export interface AdmissionOptions {
  token: string;
  /** Address that the server is bound to. */
  host: string;
  allowOrigins: readonly string[];
}

/** The name in a Host header, without port and brackets; null when it is none. */
function nameOf(header: string | undefined): string | null {
  if (!header) return null;
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?$/i.exec(header);
  return match ? (match[1] ?? match[2]!).toLowerCase() : null;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Who may come in: host names against DNS rebinding, origins of browsers, the shared token. */
export function createAdmission({ token, host, allowOrigins }: AdmissionOptions) {
  const origins = new Set([WALL_ORIGIN, ...allowOrigins]);
  const names = new Set([...loopbackNames, host.toLowerCase()]);
  for (const origin of allowOrigins) {
    const name = URL.canParse(origin) ? new URL(origin).hostname : '';
    if (name) names.add(name.replace(/^\[|\]$/g, ''));
  }
  const everywhere = host === '0.0.0.0' || host === '::';
  if (everywhere) names.add(hostname().toLowerCase());
  const expected = digest(token);

  return {
    /** Rebinding needs a name that its owner points elsewhere: a bare address cannot be one. */
    hostAllowed(header: string | undefined): boolean {
      const name = nameOf(header);
      return name !== null && (names.has(name) || (everywhere && isIP(name) !== 0));
    },
    /** Programs send no Origin; for them the token decides. */
    originAllowed(origin: string | undefined, hostHeader: string | undefined): boolean {
      return origin === undefined || origins.has(origin) || origin === `http://${hostHeader}`;
    },
    /** Digests have one length, so the comparison takes the same time for every guess. */
    tokenMatches: (given: string | null | undefined): boolean => typeof given === 'string' && timingSafeEqual(digest(given), expected),
  };
}
export type Admission = ReturnType<typeof createAdmission>;

/** The token of an `Authorization: Bearer` header, or null. */
export const bearerOf = (header: string | undefined): string | null => /^Bearer +(\S+)$/i.exec(header ?? '')?.[1] ?? null;

/**
 * Whether a request comes from this machine itself and was sent to it under a name of its own. A proxy on this machine speaks for
 * others: one that forwards the name it was asked for, or says for whom it speaks, is not local.
 */
export function isLocal(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  const name = nameOf(request.headers.host);
  const forwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((header) => header in request.headers);
  return (address === '::1' || address.startsWith('127.')) && name !== null && loopbackNames.has(name) && !forwarded;
}
