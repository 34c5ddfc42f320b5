import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildIfStale } from '../../scripts/build.ts';

/** `npm start` as a program, over the built wall. Programs that it would show are pretended: scripts that note how they were called. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const NO_DISPLAY = { DISPLAY: '', WAYLAND_DISPLAY: '' };
let folder = '';
const started: ChildProcess[] = [];

beforeAll(() => expect(buildIfStale(console.log)).toBe(true), 120_000);
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'wanglou-start-'))));
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

function start(args: readonly string[], env: Record<string, string>, script = 'scripts/start.ts') {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const until = async (pattern: RegExp): Promise<string> => {
    for (const fromMs = performance.now(); performance.now() - fromMs < 20_000;) {
      const found = pattern.exec(output)?.[0];
      if (found !== undefined) return found;
      if (child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`no ${String(pattern)} in: ${output}`);
  };
  return { child, exited, until, output: () => output };
}

/** A program that writes its arguments to a file and then does what `rest` says. */
function pretend(name: string, rest: string): { path: string; args(): string[] } {
  const path = join(folder, name);
  const note = `${path}.args`;
  writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$@" > '${note}.part'\nmv '${note}.part' '${note}'\n${rest}\n`);
  chmodSync(path, 0o755);
  return { path, args: () => (existsSync(note) ? readFileSync(note, 'utf8').trimEnd().split('\n') : []) };
}

const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+/;

describe('npm start', { timeout: 60_000 }, () => {
  it('serves where there is no display, and stops all when it is stopped', async () => {
    const wall = start(['--port', '0'], NO_DISPLAY);
    const address = new URL(await wall.until(ADDRESS));
    expect((await fetch(new URL('/healthz', address))).status).toBe(200);
    expect(await (await fetch(address)).text()).toContain('<div id="app">');
    await wall.until(/Ctrl-C stops the wall/);
    expect(wall.output().match(/Electron/g)).toHaveLength(1); // one line says that it is not shown in Electron
    wall.child.kill('SIGTERM');
    expect(await wall.exited).toBe(0);
    await expect(fetch(address)).rejects.toThrow();
  });

  it('gives the whole command to Electron, and ends as Electron ends', async () => {
    const electron = pretend('electron', 'exit 7');
    const wall = start(['--kiosk', '--display', '2', '--scene', 'wuzhen/ordinary', '--at', '19:20'], {
      DISPLAY: ':99',
      ELECTRON_EXEC_PATH: electron.path,
    });
    expect(await wall.exited).toBe(7);
    const args = electron.args().filter((arg) => arg !== '--no-sandbox');
    expect(args).toEqual([root, '--scene', 'wuzhen/ordinary', '--at', '19:20', '--kiosk', '--display', '2']);
    expect(electron.args().includes('--no-sandbox')).toBe(process.getuid?.() === 0);
  });

  it('ends Electron when it is stopped', async () => {
    const electron = pretend('electron', 'trap "exit 0" TERM; while :; do sleep 0.1; done');
    const wall = start([], { DISPLAY: ':99', ELECTRON_EXEC_PATH: electron.path });
    await expect.poll(() => electron.args().length, { timeout: 10_000 }).toBeGreaterThan(0);
    wall.child.kill('SIGTERM');
    expect(await wall.exited).toBe(0);
  });

  it('shows the wall in a browser, and ends when its window is closed', async () => {
    const browser = pretend('chromium', 'sleep 3.5');
    const wall = start(['--browser', '--port', '0'], { DISPLAY: ':99', CHROMIUM_PATH: browser.path });
    const address = await wall.until(ADDRESS);
    expect(await wall.exited).toBe(0);
    expect(browser.args()).toContain(`--app=${address}`);
    expect(browser.args().some((arg) => arg.startsWith('--user-data-dir='))).toBe(true);
    await expect(fetch(address)).rejects.toThrow();
  });

  it('keeps serving when the browser does not stay', async () => {
    const browser = pretend('chromium', 'exit 1');
    const wall = start(['--browser', '--port', '0'], { DISPLAY: ':99', CHROMIUM_PATH: browser.path });
    const address = await wall.until(ADDRESS);
    await wall.until(/left at once with code 1; still serving/);
    expect((await fetch(address)).status).toBe(200);
  });

  it.each([
    [['--port', '70000'], /--port 70000: expected/],
    [['--scene', 'wuzhen/none'], /wuzhen\/none/],
    [['--nope'], /Unknown option '--nope'/],
  ])('%j: one line and exit code 2', async (args, line) => {
    const wall = start(['--serve', ...args], NO_DISPLAY);
    expect(await wall.exited).toBe(2);
    expect(wall.output().trim().split('\n')).toHaveLength(1);
    expect(wall.output()).toMatch(line);
  });

  it('says which port is taken and how to choose another', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const wall = start(['--serve', '--port', String(port)], NO_DISPLAY);
    expect(await wall.exited).toBe(2);
    expect(wall.output()).toMatch(new RegExp(`port ${port} .*taken.*--port`));
    taken.close();
  });

  it('through run.mjs: nothing is left when npm is killed', async () => {
    // npm leaves its children behind when it is killed; a shell in its place does the same.
    const shell = spawn('/bin/sh', ['-c', `"${process.execPath}" scripts/run.mjs scripts/start.ts --serve --port 0; true`], {
      cwd: root,
      env: { ...process.env, npm_lifecycle_event: 'start' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    shell.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await expect.poll(() => ADDRESS.exec(output)?.[0], { timeout: 20_000 }).toBeDefined();
    const address = new URL(ADDRESS.exec(output)?.[0] ?? '');
    shell.kill('SIGKILL');
    await expect
      .poll(
        () =>
          fetch(address).then(
            () => 'serves',
            () => 'gone',
          ),
        { timeout: 10_000 },
      )
      .toBe('gone');
  });
});
