import type * as Electron from 'electron';
import type { Cdp } from './cdp.ts';
import { strict } from './strict.ts';
import { fromPageUrl } from './world.ts';

type RequestHandler = (
  contents: unknown,
  permission: string,
  callback: (granted: boolean) => void,
  details: { requestingUrl: string; isMainFrame: boolean },
) => void;
type CheckHandler = (contents: unknown, permission: string, origin: string, details: object) => boolean;
type Filter = (details: { url: string; method: string; resourceType: string }, callback: (answer: { cancel?: boolean }) => void) => void;

const handlers = {
  request: null as RequestHandler | null,
  check: null as CheckHandler | null,
  device: null as (() => boolean) | null,
  filter: null as Filter | null,
};

const defaultSession = strict('session', {
  setPermissionRequestHandler: (handler: RequestHandler | null) => void (handlers.request = handler),
  setPermissionCheckHandler: (handler: CheckHandler | null) => void (handlers.check = handler),
  setDevicePermissionHandler: (handler: (() => boolean) | null) => void (handlers.device = handler),
  webRequest: strict('session.webRequest', { onBeforeRequest: (filter: Filter | null) => void (handlers.filter = filter) }),
}) satisfies Partial<Record<keyof Electron.Session, unknown>>;
export const session = strict('session module', { defaultSession });

/** What Electron would answer: with no handler it grants. */
export async function askPermission(permission: string, url: string): Promise<{ request: boolean; check: boolean; device: boolean }> {
  const { request, check, device } = handlers;
  return {
    request:
      request === null ||
      (await new Promise<boolean>((resolve) => request(null, permission, resolve, { requestingUrl: url, isMainFrame: true }))),
    check: check === null || check(null, permission, new URL(url).origin === 'null' ? url : new URL(url).origin, {}),
    device: device === null || device(),
  };
}

/** Whether the session's filter lets a request out; without a filter, always. */
export async function passesFilter(details: { url: string; method: string; resourceType: string }): Promise<boolean> {
  const { filter } = handlers;
  if (filter === null) return true;
  const answer = await new Promise<{ cancel?: boolean }>((resolve) => filter(details, resolve));
  return answer.cancel !== true;
}

/** Electron's names, and the names under which DevTools sets the same permission. */
const DEVTOOLS_NAMES: Record<string, string[]> = {
  geolocation: ['geolocation'],
  notifications: ['notifications'],
  media: ['camera', 'microphone'],
  'clipboard-read': ['clipboard-read'],
  midi: ['midi'],
  'loopback-network': ['loopback-network'],
  'local-network-access': ['local-network-access'],
  'local-network': ['local-network'],
};

/** Tells Chromium what the program's handler decides, for one origin. */
export async function applyPermissions(cdp: Cdp, pageOrigin: string): Promise<void> {
  for (const [permission, names] of Object.entries(DEVTOOLS_NAMES)) {
    const { request } = await askPermission(permission, `${fromPageUrl(pageOrigin)}/`);
    for (const name of names) {
      const setting = request ? 'granted' : 'denied';
      await cdp.send('Browser.setPermission', { permission: { name }, setting, origin: pageOrigin }).catch((error: unknown) => {
        console.error(`stand-in: ${name}: ${String(error)}`);
      });
    }
  }
}
