import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Figure } from './table.ts';
import { openBenchPage, readMapStats } from './wallPage.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const RUNS = 3;

/** From `npm start` on a built checkout to the first unit that has moved on the wall. The worst of three runs counts. */
export async function startBench(): Promise<Figure[]> {
  const serving: number[] = [];
  const moving: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const startedMs = performance.now();
    const child = spawn('npm', ['start', '--silent', '--', '--serve', '--port', '0'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const url = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const found = /http:\/\/[^\s]+#token=[^\s]+/.exec(text)?.[0];
        if (found !== undefined) resolve(found);
      });
      child.once('exit', (code) => reject(new Error(`npm start ended with code ${String(code)}: ${text}`)));
    });
    serving.push(performance.now() - startedMs);
    const { browser, page } = await openBenchPage(url);
    try {
      for (;;) {
        const stats = await readMapStats(page);
        if (stats !== null && stats.frames > 0 && stats.heads > 0 && stats.trails > 0) break;
        if (performance.now() - startedMs > 60_000) throw new Error('no unit moved within 60 s');
        await page.waitForTimeout(50);
      }
      moving.push(performance.now() - startedMs);
    } finally {
      await browser.close();
      const exited = once(child, 'exit');
      process.kill(-child.pid!, 'SIGTERM'); // npm, its shell and the script are one process group that this bench started
      await exited;
    }
  }
  return [
    { name: 'npm start to address', value: Math.max(...serving) / 1000, unit: 's', budget: null, how: `worst of ${RUNS}` },
    {
      name: 'npm start to first moving unit',
      value: Math.max(...moving) / 1000,
      unit: 's',
      budget: 10,
      how: `worst of ${RUNS}, start of the browser included`,
    },
  ];
}
