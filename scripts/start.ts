import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createGatewayProcess, pinAddress, type GatewayStatus } from '../electron/app/gatewayProcess.ts';
import { openAppWindow } from './appWindow.ts';
import { buildIfStale } from './build.ts';
import { electronPlace, findElectron, installElectron } from './electronBinary.ts';
import { findBrowser, hasDisplay } from './findBrowser.ts';
import { forkGateway } from './forkGateway.ts';
import { FlagError, parseStartOptions, USAGE, type StartOptions } from './startOptions.ts';

/** `npm start`: builds where needed, then shows the wall in the best way that this machine has. Ctrl-C stops all that was started. */

const root = fileURLToPath(new URL('..', import.meta.url));
/** A download of about 110 MB on a slow line. Offline, the fetch fails at once. */
const INSTALL_LIMIT_MS = 180_000;
/** A browser that ends sooner has handed its window to a copy that was already running, or could not open one. */
const BROWSER_SETTLED_MS = 3000;
const say = (line: string) => console.log(`wanglou: ${line}`);

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let options: StartOptions;
  try {
    options = parseStartOptions(args);
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    console.error(`wanglou: ${error.message} (npm start -- --help lists the flags)`);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  if (!buildIfStale(say)) return 1;
  const electron = await chooseElectron(options);
  if (stop.signal.aborted) return 130;
  if (electron.path !== null) return runElectron(electron.path, options);
  if (electron.reason !== null) say(electron.reason);
  return options.shell === 'electron' ? 2 : serveWall(options);
}

/** `reason` is what the user should know where Electron was wanted and is not there. */
async function chooseElectron(options: StartOptions): Promise<{ path: string } | { path: null; reason: string | null }> {
  if (options.shell !== null && options.shell !== 'electron') return { path: null, reason: null };
  const place = electronPlace(root);
  const found = findElectron(place);
  if (!hasDisplay())
    return {
      path: null,
      reason: `${found === null ? 'Electron is not here and there is' : 'Electron cannot start:'} no display (DISPLAY, WAYLAND_DISPLAY)`,
    };
  if (found !== null) return { path: found };
  const installed = await installElectron(place, { retry: options.retryElectron, limitMs: INSTALL_LIMIT_MS, signal: stop.signal, say });
  return installed.path !== null ? installed : { path: null, reason: `Electron is not here: ${installed.reason}` };
}

async function runElectron(path: string, options: StartOptions): Promise<number> {
  const args = [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), // Chromium refuses to start as root with its sandbox
    root,
    ...options.gatewayArgs,
    ...(options.kiosk ? ['--kiosk'] : []),
    ...(options.display === null ? [] : ['--display', options.display]),
  ];
  const child = spawn(path, args, { cwd: root, stdio: 'inherit' });
  const end = () => child.kill('SIGTERM');
  stop.signal.addEventListener('abort', end, { once: true });
  const { code, error } = await ended(child);
  if (error !== null)
    console.error(`wanglou: Electron could not start: ${error.message}; npm start -- --browser shows the wall in a browser`);
  else if (code === 127 && !stop.signal.aborted)
    console.error('wanglou: Electron lacks system libraries; npm start -- --browser shows the wall in a browser');
  return code;
}

/** The gateway serves; a browser shows it where there is one and a display for it. */
async function serveWall(options: StartOptions): Promise<number> {
  const gateway = createGatewayProcess({
    start: (address) => forkGateway(root, pinAddress(options.gatewayArgs, address)),
    onStatus: reportStatus,
  });
  const stopped = new Promise<void>((resolve) => {
    if (stop.signal.aborted) resolve();
    else stop.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const address = await Promise.race([gateway.ready.catch(() => null), stopped.then(() => null)]);
  if (address === null) {
    const status = gateway.status();
    await gateway.stop();
    return status.kind === 'failed' ? status.exitCode : 130;
  }
  const url = address.token === null ? `${address.url}/` : `${address.url}/#token=${encodeURIComponent(address.token)}`;
  const child = openBrowser(options, url);
  if (child === null) {
    say(`open ${url} in Chromium, Chrome or Edge; Ctrl-C stops the wall`);
    await stopped;
  } else {
    await Promise.race([stopped, untilClosed(child)]);
    child.kill('SIGTERM');
  }
  await gateway.stop();
  return 0;
}

function openBrowser(options: StartOptions, url: string): ChildProcess | null {
  if (options.shell === 'serve') return null;
  if (!hasDisplay()) {
    if (options.shell === 'browser') say('no display here (DISPLAY, WAYLAND_DISPLAY): serving only');
    return null;
  }
  const browser = findBrowser();
  if (browser === null) {
    say('no Chromium, Chrome or Edge found (CHROMIUM_PATH names one elsewhere): serving only');
    return null;
  }
  say(`showing the wall in ${browser}; closing its window stops it`);
  return openAppWindow(browser, url, root, options.kiosk);
}

/** Resolves when the window that we opened is closed; never, when its process left at once: then the wall is served until Ctrl-C. */
async function untilClosed(child: ChildProcess): Promise<void> {
  const startedMs = performance.now();
  const { code, error } = await ended(child);
  if (error === null && performance.now() - startedMs >= BROWSER_SETTLED_MS) return;
  say(
    `the browser ${error === null ? `left at once with code ${code}` : `could not start: ${error.message}`}; still serving, Ctrl-C stops the wall`,
  );
  await new Promise(() => undefined);
}

function ended(child: ChildProcess): Promise<{ code: number; error: Error | null }> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, error }));
    child.once('exit', (code) => resolve({ code: code ?? 143, error: null }));
  });
}

function reportStatus(status: GatewayStatus): void {
  if (status.kind === 'restarting') say(`${status.reason}: starting it again in ${status.delayMs} ms`);
}
