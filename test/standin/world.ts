import { EventEmitter } from 'node:events';
import type { Chromium } from './chromium.ts';

/** What the stand-in's modules share: one program run, from its start to its end. */
export const world = {
  chromium: null as Chromium | null,
  isReady: false,
  isQuitting: false,
  isEnding: false,
  /** Schemes that the program registered as its own. */
  schemes: new Set<string>(),
  schemeHandlers: new Map<string, (request: Request) => Response | Promise<Response>>(),
};

/** Only the app module may end the program; others ask here, because modules must not import each other in a circle. */
export const ending = { stop: (_code: number): Promise<void> => Promise.resolve() };

export interface Preventable {
  defaultPrevented: boolean;
  preventDefault(): void;
}
export function preventable(): Preventable {
  const event = { defaultPrevented: false, preventDefault: () => void (event.defaultPrevented = true) };
  return event;
}

export function needReady(what: string): void {
  if (!world.isReady) throw new Error(`${what} cannot be used before the app 'ready' event`);
}

/** A module that only emits, typed by nobody here: its listeners are typed by Electron's declarations at the caller. */
export class Emitter extends EventEmitter {}

const SUFFIX = '.standin.test';

/** `app://wall/x` is `https://app--wall.standin.test/x` in Chromium, which has no custom schemes over DevTools. */
export function toPageUrl(url: string): string {
  const [, scheme, host, rest] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/.exec(url) ?? [];
  return scheme !== undefined && world.schemes.has(scheme) ? `https://${scheme}--${host}${SUFFIX}${rest || '/'}` : url;
}

export function fromPageUrl(url: string): string {
  const [, scheme, host, rest] = /^https:\/\/([a-z0-9+.-]+?)--([^/?#]*?)\.standin\.test(.*)$/.exec(url) ?? [];
  return scheme === undefined ? url : `${scheme}://${host}${rest}`;
}

/** A message to the test that started this program. */
export function report(message: object): void {
  if (process.connected) process.send?.(message);
}
