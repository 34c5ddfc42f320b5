import townJsonSchema from '../protocol/generated/town.town.schema.json' with { type: 'json' };
import type { Town } from '../protocol/town/town.ts';
import { compileSchema } from './feed/compileSchema.ts';
import type { TownTrouble } from './state/townStore.ts';

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5000;
const ANSWER_WITHIN_MS = 10_000;

export interface FetchTownPorts {
  fetch: (url: string, init: { signal: AbortSignal }) => Promise<Pick<Response, 'ok' | 'status' | 'json'>>;
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** Called after each failure; the town is asked for again. */
  trouble(trouble: TownTrouble): void;
}

const waitInPage = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });

const checkTown = compileSchema(townJsonSchema);

async function ask(url: string, ports: FetchTownPorts, signal: AbortSignal): Promise<Town | Omit<TownTrouble, 'attempts'>> {
  let body: unknown;
  try {
    const response = await ports.fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]) });
    if (!response.ok) return { code: 'refused', message: `HTTP ${response.status}` };
    body = await response.json();
  } catch (cause) {
    const code = cause instanceof SyntaxError ? 'notATown' : 'unreachable';
    return { code, message: cause instanceof Error ? cause.message : String(cause) };
  }
  const why = checkTown(body, '');
  return why === null ? (body as Town) : { code: 'notATown', message: why };
}

/**
 * Asks for `/town.json` until it comes: the wall may be up before its gateway.
 * @returns the town, or null when `signal` ended the asking.
 */
export async function fetchTown(
  gatewayUrl: string,
  signal: AbortSignal,
  ports: Pick<FetchTownPorts, 'trouble'> & Partial<FetchTownPorts>,
): Promise<Town | null> {
  const all: FetchTownPorts = { fetch: (url, init) => fetch(url, init), wait: waitInPage, ...ports };
  const url = new URL('/town.json', gatewayUrl).href;
  for (let attempts = 1; !signal.aborted; attempts++) {
    const found = await ask(url, all, signal);
    if ('scene' in found) return found;
    if (signal.aborted) return null;
    all.trouble({ ...found, attempts });
    await all.wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempts - 1)), signal);
  }
  return null;
}
