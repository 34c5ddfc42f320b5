import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from './desktopTest.ts';

/** What Electron itself cannot be told to do in a test: strangers' messages, displays, permissions, a gateway that is killed. */

const LEFT = { id: 1, x: 0, y: 0, width: 1280, height: 720 };
const RIGHT = { id: 2, x: 1280, y: 0, width: 1920, height: 1080 };
const onDisplays = (...displays: object[]) => ({ STANDIN_DISPLAYS: JSON.stringify(displays) });
const OWN = 'app://wall/index.html';

test('every channel refuses every stranger', async ({ launchStandin }) => {
  const wall = await launchStandin();
  await wall.page();
  const { channels } = await wall.state();
  expect(channels.map(({ channel }) => channel).sort()).toEqual(['wall:config', 'wall:log', 'wall:quit']);
  const strangers = {
    'another page': { url: 'https://example.com/', nested: false, foreign: false },
    'another host of our scheme': { url: 'app://elsewhere/index.html', nested: false, foreign: false },
    'a frame in our page': { url: OWN, nested: true, foreign: false },
    'another window': { url: OWN, nested: false, foreign: true },
  };
  for (const { channel, kind } of channels) {
    for (const [who, from] of Object.entries(strangers)) {
      const args = kind === 'invoke' ? ['forged'] : ['info', `forged by ${who}`];
      const answer = await wall.order({ order: 'forge', channel, args, ...from });
      if (kind === 'invoke') expect((answer as { error?: string }).error, `${channel} from ${who}`).toContain(channel);
    }
  }
  expect(wall.output()).not.toContain('forged');
  expect(wall.output()).not.toContain('quit:');
  await expect.poll(() => wall.output().match(/wall:log: not /g)?.length).toBe(Object.keys(strangers).length);
  // The same message of our own page is answered: the refusals above are not for lack of a handler.
  expect(await wall.order({ order: 'forge', channel: 'wall:config', args: [], url: OWN, nested: false, foreign: false })).toHaveProperty(
    'answer.feedUrl',
  );
});

test('bad arguments are refused', async ({ launchStandin }) => {
  const wall = await launchStandin();
  await wall.page();
  const send = (channel: string, ...args: unknown[]) =>
    wall.order({ order: 'forge', channel, args, url: OWN, nested: false, foreign: false });
  expect(await send('wall:quit', 42)).toHaveProperty('error');
  await send('wall:log', 'shout', 'no such level');
  await send('wall:log', 'info', { not: 'a text' });
  await expect.poll(() => wall.output().match(/expected a level and a text/g)?.length).toBe(2);
  expect(wall.output()).not.toContain('no such level');
});

test('every permission is denied but those that the wall needs, and those to nobody else', async ({ launchStandin }) => {
  const wall = await launchStandin();
  await wall.page();
  const ask = (permission: string, url: string) => wall.order({ order: 'permission', permission, url });
  for (const permission of ['media', 'fullscreen', 'loopback-network']) {
    expect(await ask(permission, OWN), permission).toMatchObject({ request: true, check: true });
    expect(await ask(permission, 'https://example.com/'), permission).toMatchObject({ request: false, check: false });
  }
  const others = [
    'geolocation',
    'notifications',
    'clipboard-read',
    'display-capture',
    'hid',
    'serial',
    'usb',
    'midi',
    'midiSysex',
    'openExternal',
  ];
  for (const permission of [
    ...others,
    'local-network',
    'local-network-access',
    'fileSystem',
    'window-management',
    'unknown',
    'invented-next-year',
  ]) {
    expect(await ask(permission, OWN), permission).toEqual({ request: false, check: false, device: false });
  }
});

test('the session’s filter holds the network even where the page has no content policy', async ({ launchStandin }) => {
  let hits = 0;
  const stranger = createServer((_request, response) => {
    hits += 1;
    response.setHeader('access-control-allow-origin', '*').end('reached');
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`;
  try {
    const wall = await launchStandin();
    const page = await wall.page();
    await wall.order({ order: 'bypassPolicy' });
    await page.reload();
    await expect(page.getByTestId('wall')).toBeVisible();
    const result = await page.evaluate(
      (to) =>
        fetch(to).then(
          () => 'reached',
          () => 'blocked',
        ),
      url,
    );
    expect([result, hits]).toEqual(['blocked', 0]);
    expect((await wall.state()).stopped).toContain(url);
    const config = await page.evaluate(() => window.wanglou?.config());
    const passes = (to: string) => wall.order({ order: 'request', url: to });
    expect(await passes(config?.feedUrl ?? '')).toBe(true);
    expect(await passes(`${config?.gatewayUrl}/town.json`)).toBe(true);
    for (const to of ['https://example.com/', 'ws://127.0.0.1:1/', 'file:///etc/passwd', 'app://elsewhere/', 'ftp://127.0.0.1/'])
      expect(await passes(to), to).toBe(false);
  } finally {
    stranger.close();
  }
});

test('a window asked for by the page is refused', async ({ launchStandin }) => {
  const wall = await launchStandin();
  const page = await wall.page();
  await expect(page.getByTestId('wall')).toBeVisible();
  // Not awaited inside: on a busy machine the page may wait for an answer to a window that is gone already.
  await page.evaluate(() => void setTimeout(() => window.open('about:blank'), 0));
  await expect.poll(async () => (await wall.state()).popups.length).toBeGreaterThan(0);
  expect((await wall.state()).popups.filter(({ allowed }) => allowed)).toEqual([]);
});

test('windows follow the displays', async ({ launchStandin }) => {
  const wall = await launchStandin({ args: ['--kiosk', '--display', 'all'], env: onDisplays(LEFT, RIGHT) });
  const bounds = async () => (await wall.state()).windows.map((window) => window.bounds.width).sort((a, b) => a - b);
  await expect.poll(bounds).toEqual([1280, 1920]);
  await expect.poll(() => wall.pages().length).toBe(2);
  await wall.order({ order: 'displays', displays: [RIGHT] });
  await expect.poll(bounds).toEqual([1920]);
  await expect.poll(() => wall.pages().length).toBe(1);
  await wall.order({ order: 'displays', displays: [{ ...RIGHT, width: 2560, height: 1440 }] });
  await expect.poll(bounds).toEqual([2560]);
  await expect.poll(async () => wall.pages()[0]?.evaluate(() => [innerWidth, innerHeight])).toEqual([2560, 1440]);
  await wall.order({ order: 'displays', displays: [] });
  await wall.order({ order: 'displays', displays: [LEFT, RIGHT] });
  await expect.poll(bounds).toEqual([1280, 1920]);
});

test('the wall moves to the display that is left', async ({ launchStandin }) => {
  const wall = await launchStandin({ args: ['--kiosk', '--display', '2'], env: onDisplays(LEFT, RIGHT) });
  const page = await wall.page();
  const before = (await wall.state()).windows;
  expect(before.map(({ bounds }) => bounds.x)).toEqual([1280]);
  await wall.order({ order: 'displays', displays: [LEFT] });
  await expect.poll(async () => (await wall.state()).windows.map(({ bounds }) => bounds.x)).toEqual([0]);
  expect((await wall.state()).windows[0]?.targetId).toBe(before[0]?.targetId); // moved, not opened anew
  await expect(page.getByTestId('wall')).toBeVisible();
});

test('the window is locked, and full screen only where asked', async ({ launchStandin }) => {
  const plain = await launchStandin();
  await plain.page();
  const { windows, sandboxed, menu, blockers, switches } = await plain.state();
  expect({ sandboxed, menu, blockers }).toEqual({ sandboxed: true, menu: 'none', blockers: ['prevent-display-sleep'] });
  expect(switches).toContain('disable-background-networking');
  expect(windows[0]).toMatchObject({ kiosk: false, frame: true });
  expect(windows[0]?.preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
  await expect.poll(async () => (await plain.state()).windows[0]?.visible).toBe(true);
  await plain.close();
  const kiosk = await launchStandin({ args: ['--kiosk'] });
  await kiosk.page();
  expect((await kiosk.state()).windows[0]).toMatchObject({ kiosk: true, frame: false });
});

test('a second start brings the first window to the front', async ({ launchStandin }) => {
  const wall = await launchStandin();
  await wall.page();
  await wall.launchAgain();
  await expect.poll(async () => (await wall.state()).windows[0]?.focusCount).toBe(1);
});

test('a gateway that dies comes back where the wall looks for it', async ({ launchStandin }) => {
  const wall = await launchStandin();
  const page = await wall.page();
  const config = await page.evaluate(() => window.wanglou?.config());
  const [before] = (await wall.state()).gateways;
  await expect(page.getByTestId('feed-age')).toHaveClass(/\bok\b/);
  await wall.order({ order: 'killGateway' });
  // It may be up again before the wall has missed anything: what is new is its process.
  await expect.poll(async () => (await wall.state()).gateways.some((pid) => pid !== before)).toBe(true);
  await expect.poll(async () => (await fetch(`${config?.gatewayUrl}/healthz`).catch(() => null))?.status ?? 0).toBe(200);
  const [after] = (await wall.state()).gateways;
  expect(after).not.toBe(before);
  expect(await page.evaluate(() => window.wanglou?.config())).toEqual(config);
  expect(wall.output()).toContain('starting it again');
  await expect(page.getByTestId('feed-age')).toHaveClass(/\bok\b/); // by itself, without a reload
});

test('one line and exit code 2 for a flag that cannot be', async ({ launchStandin }) => {
  for (const [args, line] of [
    [['--display', 'nowhere'], '--display: expected'],
    [['--at', '25:99'], '--at 25:99'],
    [['--port'], '--port needs a value'],
  ] as const) {
    const failure = await launchStandin({ args }).then((wall) => wall.exited.then((code) => `code ${code}: ${wall.output()}`), String);
    expect(failure, args.join(' ')).toContain('code 2');
    expect(failure, args.join(' ')).toContain(line);
  }
});
