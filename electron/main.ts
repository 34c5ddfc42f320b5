import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, ipcMain, Menu, powerSaveBlocker, protocol, session, utilityProcess } from 'electron';
import { ORIGIN, resolveAsset, SCHEME } from './app/assets.ts';
import { contentPolicy } from './app/contentPolicy.ts';
import { parseShellFlags, type ShellFlags } from './app/flags.ts';
import { createGatewayProcess, pinAddress, type GatewayAddress, type GatewayChild, type GatewayProcess } from './app/gatewayProcess.ts';
import { handleIpc } from './app/ipc.ts';
import { isAllowedRequest } from './app/network.ts';
import { decidePermission } from './app/permissions.ts';
import { utilityChild } from './app/utilityChild.ts';
import { createWallWindows, type WallWindows } from './wallWindows.ts';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, '..');
/** A gateway that was asked to stop and has not after this long is killed. */
const GATEWAY_STOP_MS = 2000;
const log = (level: 'info' | 'warn' | 'error', message: string) => console[level](`wanglou: ${message}`);

let gateway: GatewayProcess | null = null;
let address: GatewayAddress | null = null;
let windows: WallWindows | null = null;

const flags = parseShellFlags(process.argv.slice(1));
if (flags.fatal !== null) {
  log('error', flags.fatal);
  app.exit(2);
} else if (!app.requestSingleInstanceLock()) {
  log('info', 'the wall is already running: showing that one');
  app.exit(0);
} else {
  app.enableSandbox();
  app.commandLine.appendSwitch('disable-background-networking'); // no update checks, no variations: nothing but the gateway
  app.commandLine.appendSwitch('allow-loopback-in-peer-connection'); // simulated calls must connect on a machine without a network
  app.commandLine.appendSwitch('autoplay-policy', 'no-user-gesture-required'); // camera tiles start by themselves
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } },
  ]);
  app.on('second-instance', () => windows?.focus());
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', stopGatewayFirst);
  void app
    .whenReady()
    .then(() => open(flags))
    .catch(giveUp);
}

async function open({ gatewayArgs, kiosk, display }: ShellFlags): Promise<void> {
  Menu.setApplicationMenu(null);
  lockSession();
  gateway = createGatewayProcess({ start: (known) => forkGateway(pinAddress(gatewayArgs, known)), onStatus: hearGateway });
  handleIpc(ipcMain, {
    isWall: (sender) => windows?.isWall(sender) ?? false,
    async config() {
      const { url, feedUrl, token } = await (gateway as GatewayProcess).ready;
      return { gatewayUrl: url, feedUrl, token };
    },
    quit(reason) {
      log('info', `quit: ${reason}`);
      setImmediate(() => app.quit()); // after the answer has left
    },
    log: (level, message) => log(level, `page: ${message}`),
    nowMs: Date.now,
  });
  address = await gateway.ready; // the page's content policy names its port
  protocol.handle(SCHEME, ({ url }) => serve(url, contentPolicy((address as GatewayAddress).url)));
  windows = createWallWindows({
    preload: join(dist, 'preload/preload.cjs'),
    icon: join(dist, '../resources/icon.png'),
    kiosk,
    display,
    log,
  });
  powerSaveBlocker.start('prevent-display-sleep');
}

async function serve(url: string, policy: string): Promise<Response> {
  const asset = resolveAsset(join(dist, 'renderer'), url);
  const body = asset === null ? null : await readFile(asset.file).catch(() => null); // absent or a folder: the answer is 404
  if (asset === null || body === null) return new Response('not found', { status: 404, headers: { 'content-type': 'text/plain' } });
  const headers = { 'content-type': asset.type, 'content-security-policy': policy, 'x-content-type-options': 'nosniff' };
  return new Response(new Uint8Array(body), { headers });
}

function lockSession(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, callback, { requestingUrl }) =>
    callback(decidePermission(permission, requestingUrl)),
  );
  defaultSession.setPermissionCheckHandler((_contents, permission, origin) => decidePermission(permission, origin));
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.webRequest.onBeforeRequest(({ url }, callback) => callback({ cancel: !isAllowedRequest(url, address?.url ?? null) }));
}

/**
 * A utility process, not `child_process.fork` with ELECTRON_RUN_AS_NODE: that would need the runAsNode fuse, with which any program could
 * run its own script under our name.
 */
function forkGateway({ args, env }: ReturnType<typeof pinAddress>): GatewayChild {
  const scenes = app.isPackaged ? join(process.resourcesPath, 'scenes') : join(dist, '../scenes');
  const defaults = [...(args.includes('--port') ? [] : ['--port', '0']), ...(args.includes('--scenes') ? [] : ['--scenes', scenes])];
  const child = utilityProcess.fork(
    join(dist, 'host/gatewayHost.js'),
    [join(dist, 'gateway/main.js'), ...args, ...defaults, '--renderer', join(dist, 'renderer'), '--allow-origin', ORIGIN],
    { serviceName: 'wanglou gateway', stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } },
  );
  return utilityChild(child, GATEWAY_STOP_MS, (message) => log('error', message));
}

function hearGateway(status: ReturnType<GatewayProcess['status']>): void {
  if (status.kind === 'ready') log('info', `gateway at ${status.address.url}`);
  if (status.kind === 'restarting') log('error', `${status.reason}: starting it again in ${status.delayMs} ms`);
}

let stopped = false;
function stopGatewayFirst(event: { preventDefault(): void }): void {
  if (stopped || gateway === null) return;
  event.preventDefault();
  void gateway.stop().then(() => {
    stopped = true;
    app.quit();
  });
}

function giveUp(error: unknown): void {
  log('error', error instanceof Error ? error.message : String(error));
  const status = gateway?.status();
  app.exit(status?.kind === 'failed' ? status.exitCode : 1);
}
