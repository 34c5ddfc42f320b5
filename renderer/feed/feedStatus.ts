import type { FeedStatus } from './feedTypes.ts';

/** Silence after which what is shown is called stale, real ms. */
const STALE_AFTER_MS = 2000;

export interface StatusPorts {
  localNowMs(): number;
  serverNowMs(): number;
  changed(status: FeedStatus): void;
}

/** One word for how the feed is, from what was heard and when. */
export function createFeedStatus(ports: StatusPorts) {
  let hasPicture = false;
  let connected = false;
  let refusedCode: string | null = null;
  let lostReason: string | null = null;
  let heardAtMs = ports.localNowMs();
  let staleAfterMs = STALE_AFTER_MS;
  let disposed = false;
  let status: FeedStatus = { kind: 'connecting', sinceMs: ports.serverNowMs(), reason: null };

  function kindNow(silentMs: number): FeedStatus['kind'] {
    if (disposed || refusedCode !== null) return 'closed';
    if (!hasPicture) return 'connecting';
    return silentMs > staleAfterMs ? 'stale' : connected ? 'live' : status.kind === 'live' ? 'live' : 'stale';
  }
  function evaluate(): void {
    const silentMs = ports.localNowMs() - heardAtMs;
    const kind = kindNow(silentMs);
    const reason =
      kind === 'live'
        ? null
        : kind === 'closed'
          ? (refusedCode ?? 'disposed')
          : connected
            ? kind === 'stale'
              ? 'silent'
              : null
            : lostReason;
    if (kind === status.kind && reason === status.reason) return;
    // A change of the reason alone does not start anew: it has been stale since it was heard last.
    const sinceMs = kind === status.kind ? status.sinceMs : ports.serverNowMs() - (kind === 'stale' ? silentMs : 0);
    status = { kind, sinceMs, reason };
    ports.changed(status);
  }

  return {
    status: () => status,
    /** @param heartbeatMs a server that only beats is not stale between two beats. */
    welcomed(heartbeatMs: number): void {
      staleAfterMs = Math.max(STALE_AFTER_MS, heartbeatMs * 1.5);
      connected = true;
      refusedCode = null;
      lostReason = null;
    },
    heard(): void {
      heardAtMs = ports.localNowMs();
    },
    pictured(): void {
      hasPicture = true;
      evaluate();
    },
    lost(reason: string): void {
      connected = false;
      lostReason = reason;
      evaluate();
    },
    /** The server will not have this wall: it is said at once, though the client keeps trying. */
    refused(code: string): void {
      refusedCode = code;
      evaluate();
    },
    evaluate,
    dispose(): void {
      disposed = true;
      evaluate();
    },
  };
}
