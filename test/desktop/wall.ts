import { fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, chromium, type Page } from '@playwright/test';
import type * as Electron from 'electron';
import type { Order, StandinState } from '../standin/electron.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The wall as a program: the built main process with its windows, in Electron or on the stand-in. */
export interface DesktopWall {
  /** The page of the first window, once it shows the wall's own address. */
  page(): Promise<Page>;
  pages(): Page[];
  /** Runs a function in the main process; it may use nothing but its argument. */
  inMain<R>(task: (electron: typeof Electron) => R): Promise<Awaited<R>>;
  /** What the program printed so far. */
  output(): string;
  /** Its exit code; null when a signal ended it. */
  exited: Promise<number | null>;
  /** Starts the same program a second time, with the same user, and waits for its end. */
  launchAgain(): Promise<{ code: number | null; output: string }>;
  close(): Promise<void>;
}
export interface StandinWall extends DesktopWall {
  order(order: Order): Promise<unknown>;
  state(): Promise<StandinState>;
}
export interface LaunchOptions {
  args?: readonly string[];
  env?: Record<string, string>;
}

const PAGE_LIMIT_MS = 60_000;

/** The built main.js on the stand-in. Rejects with what it printed when it ends before Chromium is up. */
export async function launchStandin({ args = [], env = {} }: LaunchOptions = {}): Promise<StandinWall> {
  const userData = mkdtempSync(join(tmpdir(), 'wanglou-user-'));
  const start = () =>
    fork(join(root, 'dist/main/main.js'), args, {
      cwd: root,
      execArgv: ['--disable-warning=ExperimentalWarning', '--import', join(root, 'test/standin/register.ts')],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, STANDIN_USERDATA: userData, ...env },
    });
  const child = start();
  const output = collect(child.stdout, child.stderr);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const waiting = new Map<number, (message: { answer?: unknown; error?: string }) => void>();
  let lastId = 0;
  const devtools = await new Promise<string>((resolve, reject) => {
    child.on('message', (message: { id?: number; event?: string; url?: string; answer?: unknown; error?: string }) => {
      if (message.event === 'devtools') resolve(message.url ?? '');
      if (message.id === undefined) return;
      waiting.get(message.id)?.(message);
      waiting.delete(message.id);
    });
    void exited.then((code) => {
      reject(new Error(`the stand-in ended with code ${code}: ${output()}`));
      for (const answer of waiting.values()) answer({ error: `the program ended: ${output()}` });
    });
  });
  const order = (message: Order) =>
    new Promise<unknown>((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, ({ answer, error }) => (error === undefined ? resolve(answer) : reject(new Error(error))));
      child.send({ ...message, id });
    });
  const browser = await chromium.connectOverCDP(devtools);
  const pages = () => browser.contexts().flatMap((context) => context.pages().filter((page) => page.url().includes('.standin.test')));
  return {
    pages,
    output,
    exited,
    order,
    page: () => waitForPage(pages, exited, output),
    inMain: (task) => order({ order: 'evaluate', source: task.toString() }) as never,
    state: () => order({ order: 'state' }) as Promise<StandinState>,
    launchAgain: () => runToEnd(start()),
    async close() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exited;
      await browser.close();
      rmSync(userData, { recursive: true, force: true });
    },
  };
}

export async function launchElectron(executablePath: string, { args = [], env = {} }: LaunchOptions = {}): Promise<DesktopWall> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const userData = mkdtempSync(join(tmpdir(), 'wanglou-user-'));
  const all = [...asRoot, `--user-data-dir=${userData}`, root, ...args];
  const electron = await _electron.launch({ executablePath, args: all, env: { ...(process.env as Record<string, string>), ...env } });
  const child = electron.process();
  const output = collect(child.stdout, child.stderr);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const pages = () => electron.windows().filter((page) => page.url().startsWith('app://'));
  return {
    pages,
    output,
    exited,
    page: () => waitForPage(pages, exited, output),
    inMain: (task) => electron.evaluate(task as never) as never,
    launchAgain: () => runToEnd(spawn(executablePath, all, { env: { ...process.env, ...env } })),
    async close() {
      await electron.close();
      rmSync(userData, { recursive: true, force: true });
    },
  };
}

async function runToEnd(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  const output = collect(child.stdout, child.stderr);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output: output() };
}

async function waitForPage(pages: () => Page[], exited: Promise<number | null>, output: () => string): Promise<Page> {
  let ended = false;
  void exited.then(() => (ended = true));
  for (const startMs = Date.now(); Date.now() - startMs < PAGE_LIMIT_MS && !ended;) {
    const [page] = pages();
    if (page !== undefined) return page;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no window with the wall: ${output()}`);
}

/** The last 100,000 characters of several streams. */
function collect(...streams: (NodeJS.ReadableStream | null)[]): () => string {
  let text = '';
  for (const stream of streams) stream?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-100_000)));
  return () => text;
}
