import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHROMIUM_FLAGS, findChromium } from '../support/findChromium.ts';
import { connectCdp, type Cdp } from './cdp.ts';

export interface Chromium {
  cdp: Cdp;
  /** Address of the browser's DevTools; Playwright connects there too. */
  url: string;
  child: ChildProcess;
  close(): Promise<void>;
}

const START_LIMIT_MS = 30_000;
const CLOSE_LIMIT_MS = 5000;

/** A headless Chromium with a profile of its own, which ends with this process. */
export async function launchChromium(): Promise<Chromium> {
  const profile = mkdtempSync(join(tmpdir(), 'wanglou-standin-'));
  const flags = [
    '--headless=new',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    '--disable-backgrounding-occluded-windows',
    '--disable-renderer-backgrounding',
  ];
  const child = spawn(findChromium(), [...CHROMIUM_FLAGS, ...flags, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const removeProfile = () => rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  process.once('exit', () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL'); // no orphan, whatever ends this process
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    const timer = setTimeout(
      () => reject(new Error(`Chromium said nothing for ${START_LIMIT_MS / 1000} s: ${output.slice(-500)}`)),
      START_LIMIT_MS,
    );
    child.stderr.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-5000);
      const found = /DevTools listening on (ws:\S+)/.exec(output)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`Chromium ended with code ${code ?? 'none'}: ${output.slice(-500)}`)));
  });
  const cdp = await connectCdp(url);
  return {
    cdp,
    url,
    child,
    async close() {
      const gone = new Promise<void>((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) resolve();
        else child.once('exit', () => resolve());
      });
      cdp.send('Browser.close').catch(() => undefined); // its answer may not arrive before the connection ends
      const late = setTimeout(() => child.kill('SIGKILL'), CLOSE_LIMIT_MS);
      await gone;
      clearTimeout(late);
      removeProfile();
    },
  };
}
