/**
 * A stand-in for the `electron` module of the main process. The built main.js and preload.cjs run on it as they are, under Node, over a
 * real headless Chromium. Members that are not modelled throw. What it is not faithful in: README.md.
 */
import { runInThisContext } from 'node:vm';
import type * as Electron from 'electron';
import { app, appState, appSwitches } from './appModule.ts';
import { launchChromium } from './chromium.ts';
import { ipcMain, ipcState, listChannels, invoke } from './ipcModule.ts';
import { screen, screenState, type StandinDisplay } from './screenModule.ts';
import { askPermission, passesFilter, session } from './sessionModule.ts';
import { blockers, Menu, menuState, powerSaveBlocker, protocol } from './smallModules.ts';
import { utilityChildren, utilityProcess } from './utilityModule.ts';
import { BrowserWindow, popups, stopped, watchTargets } from './windowModule.ts';
import { report, world } from './world.ts';

export { app, BrowserWindow, ipcMain, Menu, powerSaveBlocker, protocol, screen, session, utilityProcess };
const modelled: object = {
  app,
  BrowserWindow,
  ipcMain,
  Menu,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  utilityProcess,
} satisfies Partial<Record<keyof typeof Electron, unknown>>;
export default modelled;

/** What a test sees and does from outside; it sends one of these and gets its answer. */
interface Orders {
  displays: { displays: StandinDisplay[] };
  state: object;
  forge: { channel: string; args: unknown[]; url: string; nested: boolean; foreign: boolean };
  permission: { permission: string; url: string };
  request: { url: string };
  crash: object;
  killGateway: object;
  bypassPolicy: object;
  evaluate: { source: string };
}
export type Order = { [K in keyof Orders]: { order: K } & Orders[K] }[keyof Orders];

async function obey(order: Order): Promise<unknown> {
  const [window] = BrowserWindow.getAllWindows();
  switch (order.order) {
    case 'displays':
      return screenState.plug(order.displays);
    case 'state':
      return readState();
    case 'forge':
      return forge(order);
    case 'permission':
      return askPermission(order.permission, order.url);
    case 'request':
      return passesFilter({ url: order.url, method: 'GET', resourceType: 'Other' });
    case 'crash':
      return window?.webContents.forcefullyCrashRenderer();
    case 'killGateway':
      return [...utilityChildren].map((child) => child.kill('SIGKILL'));
    case 'bypassPolicy':
      return window?.command('Page.setBypassCSP', { enabled: true });
    case 'evaluate':
      return await (runInThisContext(`(${order.source})`) as (electron: object) => unknown)(modelled);
  }
}

/** A message that some other page, frame or window sends on one of our channels. */
async function forge({ channel, args, url, nested, foreign }: Orders['forge']): Promise<{ answer: unknown } | { error: string }> {
  const own = BrowserWindow.getAllWindows()[0]?.webContents.outward;
  const event = { sender: foreign ? {} : own, senderFrame: { url, parent: nested ? {} : null } };
  if (!ipcState.handlers.has(channel)) return { answer: ipcState.emit(channel, event, ...args) };
  return invoke(channel, event, args).then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error: String(error) }),
  );
}

function readState() {
  return {
    channels: listChannels(),
    sandboxed: appState.sandboxed,
    switches: [...appSwitches.keys()],
    menu: menuState.menu === null ? 'none' : 'default',
    blockers,
    stopped,
    popups,
    gateways: [...utilityChildren].map((child) => child.pid),
    windows: BrowserWindow.getAllWindows().map(({ bounds, options, visible, focusCount, webContents, targetId }) => ({
      bounds,
      visible,
      focusCount,
      targetId,
      url: webContents.getURL(),
      kiosk: options.kiosk === true,
      frame: options.frame !== false,
      preferences: options.webPreferences ?? {},
    })),
  };
}
export type StandinState = ReturnType<typeof readState>;

process.on('message', ({ id, ...order }: Order & { id: number }) => {
  obey(order).then(
    (answer) => report({ id, answer: answer ?? null }),
    (error: unknown) => report({ id, error: String(error) }),
  );
});
process.once('disconnect', () => app.exit(72)); // the test is gone
process.once('SIGTERM', () => app.quit());
process.once('SIGINT', () => app.quit());

// Electron kills what is left of its utility processes when it ends, without asking them.
appState.on('quit', () => {
  for (const child of utilityChildren) {
    console.error('stand-in: a utility process was killed');
    child.kill('SIGKILL');
  }
});

launchChromium().then(
  async (chromium) => {
    if (world.isEnding) return chromium.close();
    world.chromium = chromium;
    chromium.child.once('exit', () => {
      if (world.isEnding) return;
      console.error('stand-in: Chromium died');
      process.exit(71);
    });
    await watchTargets();
    report({ event: 'devtools', url: chromium.url });
    appState.becomeReady();
  },
  (error: unknown) => {
    console.error('stand-in:', error);
    process.exit(70);
  },
);
