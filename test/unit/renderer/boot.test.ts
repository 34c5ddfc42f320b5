import { describe, expect, it, vi } from 'vitest';
import { createApp } from 'vue';
import type { WallBridge, WallConfig } from '../../../electron/bridge.ts';
import { deskIdentity } from '../../../renderer/deskIdentity.ts';
import { fetchTown } from '../../../renderer/fetchTown.ts';
import { showStartFault } from '../../../renderer/showStartFault.ts';
import type { TownTrouble } from '../../../renderer/state/townStore.ts';
import { readWallConfig } from '../../../renderer/wallConfig.ts';
import { watchFaults } from '../../../renderer/watchFaults.ts';

const bridge = (change: Partial<WallBridge> = {}): WallBridge => ({
  config: () => Promise.resolve({ feedUrl: 'ws://127.0.0.1:9/feed', gatewayUrl: 'http://127.0.0.1:9', token: 't' }),
  quit: () => Promise.resolve(true),
  log: () => undefined,
  ...change,
});

describe('readWallConfig', () => {
  const read = (href: string) => readWallConfig({ bridge: undefined, href });

  it('takes what the shell says', async () => {
    await expect(readWallConfig({ bridge: bridge(), href: 'app://wall/index.html' })).resolves.toMatchObject({
      ok: true,
      config: { feedUrl: 'ws://127.0.0.1:9/feed' },
    });
  });

  it('says when the shell cannot say', async () => {
    const broken = bridge({ config: () => Promise.reject(new Error('gateway did not start')) });
    await expect(readWallConfig({ bridge: broken, href: 'app://wall/' })).resolves.toEqual({
      ok: false,
      code: 'bridgeFailed',
      message: 'gateway did not start',
    });
  });

  it('takes the page’s own origin in a browser, and the token from the fragment', async () => {
    const config: WallConfig = { feedUrl: 'ws://127.0.0.1:8610/feed', gatewayUrl: 'http://127.0.0.1:8610', token: 'a b' };
    await expect(read('http://127.0.0.1:8610/#token=a%20b')).resolves.toEqual({ ok: true, config });
    await expect(read('https://wall.example/x?y#other=1')).resolves.toEqual({
      ok: true,
      config: { feedUrl: 'wss://wall.example/feed', gatewayUrl: 'https://wall.example', token: null },
    });
  });

  it('never takes a token from the query, which servers and logs see', async () => {
    await expect(read('http://127.0.0.1:8610/?token=secret')).resolves.toMatchObject({ config: { token: null } });
  });

  it('honours ?feed= on the same host only', async () => {
    await expect(read('http://h:1/?feed=/other')).resolves.toMatchObject({ config: { feedUrl: 'ws://h:1/other' } });
    await expect(read('http://h:1/?feed=ws://h:1/other')).resolves.toMatchObject({ config: { feedUrl: 'ws://h:1/other' } });
    for (const feed of [
      'ws://evil:1/feed',
      'ws://h:2/feed',
      '//evil/feed',
      'wss://h:1/feed',
      'javascript:1',
      'ws://h:1@evil/feed',
      'http://[',
    ])
      await expect(read(`http://h:1/?feed=${encodeURIComponent(feed)}#token=s`), feed).resolves.toMatchObject({
        ok: false,
        code: 'foreignFeed',
      });
  });

  it('has no gateway in a page from a file', async () => {
    await expect(read('file:///tmp/index.html#token=s')).resolves.toMatchObject({ ok: false, code: 'noGateway' });
  });
});

describe('fetchTown', () => {
  const scene = {
    id: 'wuzhen',
    title: { zh: '乌镇', en: 'Wuzhen' },
    originLonDeg: 120.5,
    originLatDeg: 30.7,
    timeZone: 'Asia/Shanghai',
    utcOffsetMin: 480,
    homeView: { lonDeg: 120.5, latDeg: 30.7, headingDeg: 0, pitchDeg: -45, rangeM: 5000 },
    core: { ring: ring() },
    notice: { zh: '示意图', en: 'Schematic' },
  };
  function ring(): [number, number][] {
    return [
      [120, 30],
      [121, 30],
      [121, 31],
      [120, 30],
    ];
  }
  const lists = { roads: [], waterLines: [], waterAreas: [], places: [], quarters: [], agencies: [], channels: [] };
  const town = {
    scene,
    outline: { ring: ring(), confidenceM: null, source: 'test' },
    ...lists,
    eventTypes: [],
    promises: [],
    droneRoutes: [],
  };
  const answer = (status: number, body: unknown) => ({
    ok: status === 200,
    status,
    json: () => (typeof body === 'string' ? Promise.reject(new SyntaxError(body)) : Promise.resolve(body)),
  });

  it('asks again until the town comes, waiting longer each time, and tells why', async () => {
    const answers = [
      () => Promise.reject(new TypeError('refused')),
      () => Promise.resolve(answer(503, {})),
      () => Promise.resolve(answer(200, 'no JSON')),
      () => Promise.resolve(answer(200, { ...town, scene: { ...scene, utcOffsetMin: 9999 } })),
      () => Promise.resolve(answer(200, town)),
    ];
    const troubles: TownTrouble[] = [];
    const waits: number[] = [];
    const asked: string[] = [];
    const found = await fetchTown('http://127.0.0.1:9', new AbortController().signal, {
      fetch: (url) => {
        asked.push(url);
        return answers.shift()!();
      },
      wait: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
      trouble: (trouble) => void troubles.push(trouble),
    });
    expect(found).toEqual(town);
    expect(new Set(asked)).toEqual(new Set(['http://127.0.0.1:9/town.json']));
    expect(troubles).toMatchObject([
      { code: 'unreachable', attempts: 1 },
      { code: 'refused', message: 'HTTP 503' },
      { code: 'notATown', message: 'no JSON' },
      { code: 'notATown', message: 'scene.utcOffsetMin: expected at most 840', attempts: 4 },
    ]);
    expect(waits).toEqual([300, 600, 1200, 2400]);
  });

  it('ends when the page leaves', async () => {
    const leaving = new AbortController();
    const found = await fetchTown('http://127.0.0.1:9', leaving.signal, {
      fetch: () => Promise.reject(new TypeError('refused')),
      wait: () => {
        leaving.abort();
        return Promise.resolve();
      },
      trouble: () => undefined,
    });
    expect(found).toBeNull();
  });
});

describe('watchFaults', () => {
  it('takes errors, rejections and what components throw, and logs them in the shell', () => {
    const added: unknown[] = [];
    const logged: string[] = [];
    const target = new EventTarget() as unknown as Window;
    const reported: unknown[] = [];
    target.reportError = (thrown: unknown) => {
      reported.push(thrown);
      target.dispatchEvent(new ErrorEvent('error', { error: thrown }));
    };
    const watchApp = watchFaults(
      target,
      bridge({ log: (level, message) => void logged.push(`${level} ${message.split('\n')[0]}`) }),
      (thrown) => added.push(thrown),
    );
    target.dispatchEvent(new ErrorEvent('error', { message: 'without an object' }));
    target.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason: 'a reason' }));
    const app = createApp({
      setup() {
        throw new Error('broken panel');
      },
      render: () => null,
    });
    watchApp(app);
    app.mount(document.createElement('div'));
    expect(added.map(String)).toEqual(['without an object', 'a reason', 'Error: broken panel']);
    expect(logged).toEqual(['error without an object', 'error a reason', 'error Error: broken panel']);
    expect(reported).toHaveLength(1);
  });
});

describe('showStartFault', () => {
  it('says it in both languages, the reader’s first, as text and never as markup', () => {
    const host = document.createElement('div');
    host.innerHTML = '<p>old</p>';
    showStartFault(host, 'noGateway', '<img src=x onerror=alert(1)>', 'en');
    const lines = [...host.querySelectorAll('p')].map((line) => line.textContent);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^This page has no gateway/);
    expect(lines[1]).toMatch(/网关/);
    expect(host.querySelector('img')).toBeNull();
    expect(host.querySelector('[role=alert]')).not.toBeNull();
  });
});

describe('deskIdentity', () => {
  it('stays the same over a reload, and differs between windows', () => {
    sessionStorage.clear();
    const first = deskIdentity(
      () => sessionStorage,
      () => '0a1b2c3d-rest',
    );
    const reloaded = deskIdentity(
      () => sessionStorage,
      () => 'ffffffff-rest',
    );
    expect(first.id).toBe('wall-0a1b2c3d');
    expect(reloaded).toEqual(first);
    expect(first.name.en).toContain('2c3d');
  });

  it('needs nothing that a page over plain HTTP from another machine lacks', () => {
    const crypto = globalThis.crypto;
    sessionStorage.clear();
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto), randomUUID: undefined });
    const first = deskIdentity(() => sessionStorage);
    vi.unstubAllGlobals();
    expect(first.id).toMatch(/^wall-[0-9a-f]{8}$/);
  });

  it('works without storage and mistrusts what it finds there', () => {
    const blocked = (): Storage => {
      throw new DOMException('blocked', 'SecurityError');
    };
    expect(deskIdentity(blocked, () => '0a1b2c3d').id).toBe('wall-0a1b2c3d');
    sessionStorage.setItem('wanglou.desk.1', 'leader');
    expect(
      deskIdentity(
        () => sessionStorage,
        () => '0a1b2c3d',
      ).id,
    ).toBe('wall-0a1b2c3d');
  });
});
