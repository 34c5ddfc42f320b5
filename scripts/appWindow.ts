import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Arguments that show one address in a browser window without tabs, in a profile of its own. */
function appWindowArgs(url: string, profile: string, options: { kiosk: boolean; asRoot: boolean }): string[] {
  return [
    `--app=${url}`,
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--autoplay-policy=no-user-gesture-required',
    '--allow-loopback-in-peer-connection', // simulated calls connect without any network interface
    ...(options.kiosk ? ['--kiosk'] : ['--start-maximized']),
    ...(options.asRoot ? ['--no-sandbox'] : []), // Chromium refuses to start as root with its sandbox
  ];
}

/** Opens the wall in an installed browser. The caller stops the returned process. */
export function openAppWindow(browser: string, url: string, root: string, kiosk: boolean): ChildProcess {
  const profile = join(root, '.wanglou/browser');
  mkdirSync(profile, { recursive: true });
  const args = appWindowArgs(url, profile, { kiosk, asRoot: process.getuid?.() === 0 });
  return spawn(browser, args, { stdio: 'ignore' });
}
