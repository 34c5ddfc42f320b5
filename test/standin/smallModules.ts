import type * as Electron from 'electron';
import { strict } from './strict.ts';
import { needReady, world } from './world.ts';

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
    if (world.isReady) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    for (const { scheme } of schemes) world.schemes.add(scheme);
  },
  handle(scheme: string, handler: (request: Request) => Response | Promise<Response>): void {
    needReady('protocol');
    world.schemeHandlers.set(scheme, handler);
  },
}) satisfies Partial<Record<keyof Electron.Protocol, unknown>>;

export const blockers: string[] = [];
export const powerSaveBlocker = strict('powerSaveBlocker', {
  start: (type: 'prevent-app-suspension' | 'prevent-display-sleep'): number => blockers.push(type),
}) satisfies Partial<Electron.PowerSaveBlocker>;

/** undefined: the program left Electron's default menu, with its developer tools and reload. */
export const menuState = { menu: undefined as unknown };
export const Menu = strict('Menu', {
  setApplicationMenu(menu: Electron.Menu | null): void {
    menuState.menu = menu;
  },
});
