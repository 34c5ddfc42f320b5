/** Runs the gateway as a child, whatever kind of child: Electron's utility process, or a plain Node process for `npm start` without Electron. */

export interface GatewayChild {
  onMessage(listener: (message: unknown) => void): void;
  /** `code` is null when a signal ended it. */
  onExit(listener: (code: number | null) => void): void;
  kill(): void;
}

/** Where the gateway listens, as it says itself once it does. */
export interface GatewayAddress {
  url: string;
  feedUrl: string;
  token: string | null;
  port: number;
}

export type GatewayStatus =
  | { kind: 'starting' }
  | { kind: 'ready'; address: GatewayAddress }
  | { kind: 'restarting'; delayMs: number; reason: string }
  | { kind: 'failed'; reason: string; exitCode: number }
  | { kind: 'stopped' };

export interface GatewayProcessOptions {
  /** Starts one child. `address` is null the first time; later the child must listen there again, because open walls know that address. */
  start(address: GatewayAddress | null): GatewayChild;
  onStatus(status: GatewayStatus): void;
  /** A child that has not said where it listens after this long is killed, and started again. */
  readyTimeoutMs?: number;
  nowMs?: () => number;
}

export interface GatewayProcess {
  /** Resolves at the first `ready`; rejects when the gateway refuses its flags (exit code 2) or is stopped before. */
  readonly ready: Promise<GatewayAddress>;
  status(): GatewayStatus;
  /** Resolves when the child is gone; a child that ignores the request for `limitMs` is left to the operating system. */
  stop(limitMs?: number): Promise<void>;
}

const FIRST_DELAY_MS = 250;
const LAST_DELAY_MS = 15_000;
/** A child that lived this long was healthy: the next failure starts the back-off anew. */
const HEALTHY_MS = 10_000;
/** The gateway's exit code for flags, files and ports that a person must correct; starting again would not help. */
const REFUSED = 2;

export function createGatewayProcess({
  start,
  onStatus,
  readyTimeoutMs = 20_000,
  nowMs = Date.now,
}: GatewayProcessOptions): GatewayProcess {
  let child: GatewayChild | null = null;
  let address: GatewayAddress | null = null;
  let current: GatewayStatus = { kind: 'starting' };
  let delayMs = FIRST_DELAY_MS;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  const first = Promise.withResolvers<GatewayAddress>();
  first.promise.catch(() => undefined); // whoever only watches `onStatus` has heard of it there
  const gone = Promise.withResolvers<void>();

  const setStatus = (status: GatewayStatus) => {
    current = status;
    onStatus(status);
  };
  const fail = (reason: string, exitCode: number) => {
    setStatus({ kind: 'failed', reason, exitCode });
    first.reject(new Error(reason));
    gone.resolve();
  };
  const launch = () => {
    const mine = start(address);
    const startedMs = nowMs();
    child = mine;
    setStatus({ kind: 'starting' });
    timer = setTimeout(() => mine.kill(), readyTimeoutMs);
    mine.onMessage((message) => {
      const ready = readAddress(message);
      if (ready === null || child !== mine) return;
      clearTimeout(timer);
      address = ready;
      setStatus({ kind: 'ready', address: ready });
      first.resolve(ready);
    });
    mine.onExit((code) => {
      if (child !== mine) return;
      clearTimeout(timer);
      child = null;
      if (stopping) {
        setStatus({ kind: 'stopped' });
        first.reject(new Error('the gateway was stopped'));
        gone.resolve();
        return;
      }
      const reason = `the gateway ended with ${code === null ? 'a signal' : `code ${code}`}`;
      // After a start that worked, a refusal (its port taken meanwhile, a scene file being edited) may pass: keep trying.
      if (code === REFUSED && address === null) return fail('the gateway refused to start', REFUSED);
      if (nowMs() - startedMs >= HEALTHY_MS) delayMs = FIRST_DELAY_MS;
      setStatus({ kind: 'restarting', delayMs, reason });
      timer = setTimeout(launch, delayMs);
      delayMs = Math.min(LAST_DELAY_MS, delayMs * 2);
    });
  };
  launch();

  return {
    ready: first.promise,
    status: () => current,
    async stop(limitMs = 3000) {
      stopping = true;
      clearTimeout(timer);
      if (child === null) {
        if (current.kind !== 'failed') setStatus({ kind: 'stopped' });
        first.reject(new Error('the gateway was stopped'));
        return;
      }
      child.kill();
      const late = setTimeout(gone.resolve, limitMs);
      await gone.promise;
      clearTimeout(late);
    },
  };
}

/** The gateway's ready message, or null for any other message. */
function readAddress(message: unknown): GatewayAddress | null {
  if (typeof message !== 'object' || message === null) return null;
  const { kind, url, feedUrl, token, port } = message as Record<string, unknown>;
  if (kind !== 'ready' || typeof url !== 'string' || typeof feedUrl !== 'string' || typeof port !== 'number') return null;
  return { url, feedUrl, port, token: typeof token === 'string' ? token : null };
}

/** How to start a child that must come back at the address that walls already know. The token goes by environment: any user can read a command line. */
export function pinAddress(args: readonly string[], address: GatewayAddress | null): { args: string[]; env: Record<string, string> } {
  if (address === null) return { args: [...args], env: {} };
  const kept = args.filter((arg, i) => arg !== '--port' && args[i - 1] !== '--port');
  const env: Record<string, string> = address.token === null ? {} : { WANGLOU_TOKEN: address.token };
  return { args: [...kept, '--port', String(address.port)], env };
}
