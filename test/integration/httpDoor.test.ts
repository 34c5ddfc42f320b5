import { request } from 'node:http';
import { mkdtemp, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { townSchema } from '../../protocol/town/town.ts';
import { serveTinyTown } from './testGateway.ts';
import { tinyTown } from './tinyTown.ts';

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}
/** Node's fetch hides Host and Origin from us: a plain request lets a test lie. */
function ask(port: number, path: string, options: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asked.on('error', reject).end();
  });
}

test('the town is served as it is, and is a town', async () => {
  const { port } = await serveTinyTown();
  const { status, headers, body } = await ask(port, '/town.json');
  expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
  expect(townSchema.parse(JSON.parse(body))).toEqual(tinyTown);
  expect((await ask(port, '/town.json', { method: 'HEAD' })).body).toBe('');
});

test('health is told without a token and holds no secret', async () => {
  const { port, token } = await serveTinyTown();
  const { status, body } = await ask(port, '/healthz');
  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({ ok: true, scene: 'tiny/test', clients: 0, fixes: { accepted: 0 } });
  expect(body).not.toContain(token);
});

test('every answer carries the policy: no eval, no frames, no foreign connections', async () => {
  const { port } = await serveTinyTown();
  for (const path of ['/', '/town.json', '/healthz', '/nothing']) {
    const { headers } = await ask(port, path);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).not.toMatch(/'unsafe-eval'|\*|https?:/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`connect-src 'self' blob: data: ws://127.0.0.1:${port};`);
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
});

test('only loopback names are answered: a rebound name gets nothing', async () => {
  const { port } = await serveTinyTown();
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'LOCALHOST']) {
    expect((await ask(port, '/town.json', { headers: { Host: host } })).status).toBe(200);
  }
  for (const host of [
    'evil.example',
    `localhost.evil.example:${port}`,
    '127.0.0.1.evil.example',
    '10.0.0.1',
    'a b',
    `127.0.0.1:${port}:1`,
  ]) {
    const { status, body } = await ask(port, '/town.json', { headers: { Host: host } });
    expect([host, status]).toEqual([host, 421]);
    expect(body).not.toContain('tiny');
  }
});

test('other pages may read only when they are listed', async () => {
  const { port, url } = await serveTinyTown({ allowOrigins: ['https://wall.example'] });
  const allowed = async (origin: string): Promise<unknown> =>
    (await ask(port, '/town.json', { headers: { Origin: origin } })).headers['access-control-allow-origin'];
  expect(await allowed('https://wall.example')).toBe('https://wall.example');
  expect(await allowed('app://wall')).toBe('app://wall');
  expect(await allowed(url)).toBe(url);
  for (const origin of ['https://evil.example', 'null', 'app://wall.evil', '*']) expect(await allowed(origin)).toBeUndefined();
});

test('GET and HEAD only; the feed needs an upgrade; nothing outside the renderer is served', async () => {
  const { port } = await serveTinyTown();
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
    const { status, headers } = await ask(port, '/town.json', { method });
    expect([method, status, headers.allow]).toEqual([method, 405, 'GET, HEAD']);
  }
  expect((await ask(port, '/feed')).status).toBe(426);
  expect((await ask(port, `/${'x'.repeat(3000)}`)).status).toBe(414);
});

test('a renderer that was not built says so; once built it is served, and paths cannot leave it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'wanglou-renderer-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, '..', 'wanglou-secret.txt'), 'secret');
  onTestFinished(() => rm(join(directory, '..', 'wanglou-secret.txt')));
  const { port } = await serveTinyTown({ rendererDirectory: directory });
  const before = await ask(port, '/');
  expect(before.status).toBe(503);
  expect(before.body).toContain('npm run build');
  expect((await ask(port, '/assets/app.js')).status).toBe(404);
  await writeFile(join(directory, 'index.html'), '<!doctype html><title>wall</title>');
  await writeFile(join(directory, 'main-abcdEF12.js'), 'export {};');
  const page = await ask(port, '/?lang=en');
  expect([page.status, page.body, page.headers['cache-control']]).toEqual([200, '<!doctype html><title>wall</title>', 'no-cache']);
  expect((await ask(port, '/main-abcdEF12.js')).headers['cache-control']).toContain('immutable');
  for (const path of [
    '/../wanglou-secret.txt',
    '/..%2fwanglou-secret.txt',
    '/%2e%2e/wanglou-secret.txt',
    '//etc/passwd',
    '/%',
    '/%ff%fe',
    '/%00',
  ]) {
    const { status, body } = await ask(port, path);
    expect([path, status >= 400 && status < 500]).toEqual([path, true]);
    expect(body).not.toContain('secret');
  }
});

test('a range that makes no sense and a file that is gone end an answer, never the gateway', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'wanglou-renderer-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'index.html'), '<!doctype html><title>wall</title>');
  await writeFile(join(directory, 'old.js'), 'export {};');
  const { port } = await serveTinyTown({ rendererDirectory: directory });
  for (const range of ['bytes=5-2', 'bytes=0-3', 'bytes=-1', 'bytes=999-', 'nonsense']) {
    const { status, body } = await ask(port, '/old.js', { headers: { Range: range } });
    expect([range, status, body]).toEqual([range, 200, 'export {};']);
  }
  // A build that runs now has taken the file away, and index.html has not changed yet.
  await rm(join(directory, 'old.js'));
  await expect(ask(port, '/old.js')).rejects.toThrow();
  expect((await ask(port, '/')).status).toBe(200);
});

test('a folder of files that cannot be read ends an answer, never the gateway, and is read again', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'wanglou-renderer-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'index.html'), '<!doctype html><title>wall</title>');
  await symlink(join(directory, 'nowhere'), join(directory, 'gone.js'));
  const { port, faults } = await serveTinyTown({ rendererDirectory: directory });
  expect((await ask(port, '/')).status).toBe(500);
  expect(faults).toHaveLength(1);
  expect((await ask(port, '/town.json')).status).toBe(200);
  await rm(join(directory, 'gone.js'));
  expect((await ask(port, '/')).status).toBe(200);
});

test.runIf(process.platform === 'linux')('a reader that goes away leaves no file open', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'wanglou-renderer-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const large = join(directory, 'large.bin');
  await writeFile(join(directory, 'index.html'), '<!doctype html><title>wall</title>');
  await writeFile(large, Buffer.alloc(32 << 20));
  const { port } = await serveTinyTown({ rendererDirectory: directory });
  const open = async (): Promise<number> => {
    const targets = await Promise.all((await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
    return targets.filter((target) => target === large).length;
  };
  await new Promise<void>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/large.bin' }, (response) => {
      response.once('readable', () => {
        asked.destroy();
        resolve();
      });
      response.on('error', () => undefined);
    });
    asked.once('error', reject).end();
  });
  await expect.poll(open).toBe(0);
});
