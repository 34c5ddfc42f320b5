import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type * as Electron from 'electron';
import { strict } from './strict.ts';
import { Emitter, ending, preventable, report, world } from './world.ts';

const switches = new Map<string, string>();
const userData = process.env['STANDIN_USERDATA'] ?? mkdtempSync(join(tmpdir(), 'wanglou-standin-user-'));
const lockFile = join(userData, 'lock');
/** What closes every window; the window module sets it. */
export const windowsOf = { closeAll: (): boolean => true, forgetAll: (): void => undefined };

class App extends Emitter {
  readonly isPackaged = false;
  sandboxed = false;
  hasLock = false;
  private readonly ready = Promise.withResolvers<void>();
  readonly commandLine = strict('app.commandLine', {
    appendSwitch: (name: string, value = '') => void switches.set(name, value),
    hasSwitch: (name: string) => switches.has(name),
  } satisfies Partial<Electron.CommandLine>);

  whenReady = (): Promise<void> => this.ready.promise;
  getVersion = (): string => (JSON.parse(readFileSync(join(appFolder(), 'package.json'), 'utf8')) as { version: string }).version;

  becomeReady(): void {
    world.isReady = true;
    this.emit('ready', {}, {});
    this.ready.resolve();
  }
  enableSandbox(): void {
    if (world.isReady) throw new Error('app.enableSandbox() can only be called before app is ready');
    this.sandboxed = true;
  }
  /** A lock file: the second program leaves its command line beside it, and the first sees that. */
  requestSingleInstanceLock(): boolean {
    mkdirSync(userData, { recursive: true });
    if (holderIsAlive()) {
      writeFileSync(join(userData, `second-${process.pid}.json`), JSON.stringify(process.argv));
      return false;
    }
    writeFileSync(lockFile, String(process.pid));
    this.hasLock = true;
    watch(userData, () => this.hearSecond()).unref();
    return true;
  }
  private hearSecond(): void {
    for (const name of readdirSync(userData).filter((entry) => /^second-.*\.json$/.test(entry))) {
      const text = readFileSync(join(userData, name), 'utf8');
      if (text === '') continue; // still being written; its next event comes
      rmSync(join(userData, name));
      this.emit('second-instance', {}, JSON.parse(text), userData, null);
    }
  }
  relaunch(): void {
    report({ event: 'relaunch' });
  }
  quit(): void {
    if (world.isQuitting) return;
    world.isQuitting = true;
    const event = preventable();
    this.emit('before-quit', event);
    if (event.defaultPrevented || !windowsOf.closeAll()) {
      world.isQuitting = false;
      return;
    }
    const last = preventable();
    this.emit('will-quit', last);
    if (last.defaultPrevented) world.isQuitting = false;
    else void this.end(0);
  }
  exit(code = 0): void {
    void this.end(code);
  }
  async end(code: number): Promise<void> {
    if (world.isEnding) return;
    world.isEnding = true;
    this.emit('quit', {}, code);
    windowsOf.forgetAll();
    await world.chromium?.close();
    if (this.hasLock) rmSync(lockFile, { force: true });
    if (process.env['STANDIN_USERDATA'] === undefined) rmSync(userData, { recursive: true, force: true });
    process.exit(code);
  }
}

function holderIsAlive(): boolean {
  if (!existsSync(lockFile)) return false;
  try {
    process.kill(Number(readFileSync(lockFile, 'utf8')), 0);
    return true;
  } catch {
    return false; // it died without giving the lock back
  }
}

function appFolder(): string {
  let folder = dirname(resolve(process.argv[1] ?? '.'));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

export const appState = new App();
ending.stop = (code) => appState.end(code);
type Modelled = 'whenReady' | 'quit' | 'exit' | 'relaunch' | 'getVersion' | 'isPackaged' | 'enableSandbox' | 'requestSingleInstanceLock';
export const app = strict('app', appState) satisfies Record<Modelled | 'commandLine', unknown> satisfies Partial<
  Record<keyof Electron.App, unknown>
>;
export const appSwitches = switches;
