import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { watchPage } from '../support/wallTest.ts';
import { expect, test } from './desktopTest.ts';
import type { DesktopWall } from './wall.ts';

/** Text of the wall's root, asked through the main process: Playwright loses a page that crashed. */
const wallIsUp = (wall: DesktopWall) =>
  wall.inMain(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const script = `document.querySelector('[data-testid="wall"]') !== null`;
    return window === undefined ? false : ((await window.webContents.executeJavaScript(script).catch(() => false)) as boolean);
  });

test('the wall comes up through its own scheme, with the gateway that the program started', async ({ launch }) => {
  const wall = await launch();
  const page = await wall.page();
  await expect(page.getByTestId('wall')).toBeVisible();
  const problems = watchPage(page);
  await page.reload();
  await expect(page.getByTestId('wall')).toBeVisible();
  await expect(page.getByTestId('feed-age')).toHaveClass(/\bok\b/);
  expect(await wall.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.webContents.getURL()))).toEqual([
    'app://wall/index.html',
  ]);
  const config = await page.evaluate(() => window.wanglou?.config());
  expect(config?.feedUrl).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/feed$/);
  const town = await page.evaluate(
    async (url) => ((await (await fetch(`${url}/town.json`)).json()) as { scene: { id: string } }).scene.id,
    config?.gatewayUrl,
  );
  expect(town).toBe('wuzhen');
  expect(problems.lines).toEqual([]);
});

test('the page sees the bridge and nothing of Electron or Node', async ({ launch }) => {
  const page = await (await launch()).page();
  const seen = await page.evaluate(() => ({
    bridge: Object.keys(window.wanglou ?? {}).sort(),
    frozen: Object.isFrozen(window.wanglou),
    strangers: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', '__standinSend'].filter((name) => name in globalThis),
  }));
  expect(seen).toEqual({ bridge: ['config', 'log', 'quit'], frozen: true, strangers: [] });
});

test('no script but the wall’s own runs in the page', async ({ launch }) => {
  const page = await (await launch()).page();
  const policy = await page.evaluate(async () => (await fetch(location.href)).headers.get('content-security-policy'));
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("'unsafe-eval'");
  const ran = await page.evaluate(async () => {
    const inline = document.createElement('script');
    inline.textContent = 'window.inlineRan = true';
    document.head.append(inline);
    const evaluated = document.createElement('script');
    evaluated.src = `data:text/javascript,${encodeURIComponent('window.dataRan = true')}`;
    document.head.append(evaluated);
    await new Promise((resolve) => setTimeout(resolve, 200));
    return ['inlineRan', 'dataRan'].filter((name) => name in window);
  });
  expect(ran).toEqual([]);
});

test('paths do not lead out of the wall’s folder', async ({ launch }) => {
  const page = await (await launch()).page();
  const status = (path: string) => page.evaluate(async (to) => (await fetch(to)).status, path);
  for (const path of ['/..%2f..%2fpackage.json', '/..%5c..%5cpackage.json', '/%2e%2e/%2e%2e/package.json', '/absent.js', '/%00']) {
    expect(await status(path), path).toBe(404);
  }
  expect(await status('/index.html')).toBe(200);
});

test('the network ends at the own gateway', async ({ launch }) => {
  let hits = 0;
  const stranger = createServer((_request, response) => {
    hits += 1;
    response.setHeader('access-control-allow-origin', '*').end('reached');
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`;
  try {
    const page = await (await launch()).page();
    expect(await (await fetch(url)).text()).toBe('reached'); // it is there, for whoever may go there
    const results = await page.evaluate(async (to) => {
      const settle = (start: (done: (result: string) => void) => void) =>
        new Promise<string>((resolve) => {
          start(resolve);
          setTimeout(() => resolve('no answer'), 3000);
        });
      return {
        fetch: await fetch(to).then(
          () => 'reached',
          () => 'blocked',
        ),
        image: await settle((done) =>
          Object.assign(new Image(), { onload: () => done('reached'), onerror: () => done('blocked'), src: to }),
        ),
        socket: await settle((done) => {
          try {
            Object.assign(new WebSocket(to.replace('http', 'ws')), { onopen: () => done('reached'), onerror: () => done('blocked') });
          } catch {
            done('blocked');
          }
        }),
        beacon: navigator.sendBeacon(to, 'x') ? 'sent' : 'blocked',
      };
    }, url);
    expect(results).toMatchObject({ fetch: 'blocked', image: 'blocked', socket: 'blocked' });
    expect(hits).toBe(1);
  } finally {
    stranger.close();
  }
});

test('the page stays, and opens nothing', async ({ launch }) => {
  const wall = await launch();
  const page = await wall.page();
  const before = page.url();
  await page.evaluate(() => {
    window.open('https://example.com/');
    location.href = 'https://example.com/';
  });
  await page.waitForTimeout(700);
  expect(page.url()).toBe(before);
  expect(await wall.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('a page that dies comes back', async ({ launch }) => {
  const wall = await launch();
  await expect.poll(() => wallIsUp(wall)).toBe(true);
  await wall.inMain(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    const counts = globalThis as { loadsAfterCrash?: number };
    counts.loadsAfterCrash = 0;
    contents?.on('did-finish-load', () => (counts.loadsAfterCrash = (counts.loadsAfterCrash ?? 0) + 1));
    contents?.forcefullyCrashRenderer();
  });
  await expect.poll(() => wall.inMain(() => (globalThis as { loadsAfterCrash?: number }).loadsAfterCrash ?? 0)).toBeGreaterThan(0);
  await expect.poll(() => wallIsUp(wall)).toBe(true);
  expect(wall.output()).toContain('page gone (crashed): reload');
});

test('a second start shows the first wall and ends', async ({ launch }) => {
  const wall = await launch();
  await wall.page();
  const second = await wall.launchAgain();
  expect(second).toMatchObject({ code: 0 });
  expect(second.output).toContain('already running');
  expect(second.output).not.toContain('gateway at');
  expect(await wall.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('the page can end the program, and the gateway ends with it', async ({ launch }) => {
  const wall = await launch();
  const page = await wall.page();
  const config = await page.evaluate(() => window.wanglou?.config());
  expect((await fetch(`${config?.gatewayUrl}/healthz`)).status).toBe(200);
  await page.evaluate(() => void window.wanglou?.quit('the test says so'));
  expect(await wall.exited, wall.output()).toBe(0);
  expect(wall.output()).toContain('quit: the test says so');
  await expect(fetch(`${config?.gatewayUrl}/healthz`)).rejects.toThrow();
  expect(wall.output()).not.toContain('was killed'); // it was asked to stop and had the time to
});

test('what the page logs is printed, once a line, and not without end', async ({ launch }) => {
  const wall = await launch();
  const page = await wall.page();
  await page.evaluate(() => {
    window.wanglou?.log('warn', 'the first line');
    for (let i = 0; i < 500; i++) window.wanglou?.log('info', `flood ${i}`);
  });
  await expect.poll(() => wall.output()).toContain('page: the first line');
  await page.waitForTimeout(1100);
  await page.evaluate(() => window.wanglou?.log('info', 'the last line'));
  await expect.poll(() => wall.output()).toContain('page: the last line');
  expect(wall.output().match(/flood/g)?.length ?? 0).toBeLessThanOrEqual(40);
  expect(wall.output()).toMatch(/\d+ lines of the page were dropped/);
});
