import { findBrowser } from '../../scripts/findBrowser.ts';

/** Flags under which Chromium draws WebGL2 in software, headless, as root, and talks to nobody. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
  '--autoplay-policy=no-user-gesture-required',
  '--allow-loopback-in-peer-connection', // calls between two connections of one page, on a machine without a network
];

/** @throws Error that says what to install, when there is no browser. */
export function findChromium(): string {
  const found = findBrowser();
  if (found === null) throw new Error('no Chromium, Chrome or Edge found: install one, or set CHROMIUM_PATH to its executable');
  return found;
}
