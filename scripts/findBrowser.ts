import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

interface Machine {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  isExecutable(file: string): boolean;
}

const UNIX_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'microsoft-edge-stable'];
const MAC_APPS = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
const WINDOWS_APPS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/** An installed Chromium, Chrome or Edge. CHROMIUM_PATH, where set, is the only candidate: a wrong value is then an error, not ignored. */
export function findBrowser(machine: Machine = { platform: process.platform, env: process.env, isExecutable }): string | null {
  const { platform, env } = machine;
  const chosen = env['CHROMIUM_PATH'];
  if (chosen !== undefined && chosen !== '') return machine.isExecutable(chosen) ? chosen : null;
  return candidates(platform, env).find((file) => machine.isExecutable(file)) ?? null;
}

function candidates(platform: NodeJS.Platform, env: Machine['env']): string[] {
  if (platform === 'win32') {
    const folders = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter((folder) => folder !== undefined);
    return WINDOWS_APPS.flatMap((app) => folders.map((folder) => `${folder}\\${app}`));
  }
  const inPath = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const unix = UNIX_NAMES.flatMap((name) => inPath.map((folder) => join(folder, name)));
  if (platform !== 'darwin') return unix;
  const folders = ['/Applications', ...(env['HOME'] === undefined ? [] : [`${env['HOME']}/Applications`])];
  return [...MAC_APPS.flatMap((app) => folders.map((folder) => `${folder}/${app}`)), ...unix];
}

/** Whether a window can be shown: always on macOS and Windows, elsewhere only with an X11 or Wayland display. */
export function hasDisplay(platform: NodeJS.Platform = process.platform, env: Machine['env'] = process.env): boolean {
  return platform === 'darwin' || platform === 'win32' || Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // absent or not ours to run: either way not a candidate
  }
}
