import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findElectron, installElectron, type ElectronPlace } from '../../../scripts/electronBinary.ts';

let folder = '';
let place: ElectronPlace;
const said: string[] = [];
const ran = () => existsSync(join(folder, 'ran'));
const binary = () => join(place.packageFolder, 'dist/electron');

/** An install.js that notes that it ran, and then does what a test wants. */
const writeInstaller = (script: string) =>
  writeFileSync(
    join(place.packageFolder, 'install.js'),
    `require('fs').appendFileSync(${JSON.stringify(join(folder, 'ran'))}, 'x');\n${script}`,
  );
const install = (retry = false, limitMs = 10_000, signal?: AbortSignal) =>
  installElectron(place, { retry, limitMs, say: (line) => said.push(line), ...(signal === undefined ? {} : { signal }) });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wanglou-electron-'));
  place = { packageFolder: join(folder, 'electron'), memoryFolder: join(folder, 'memory'), platform: 'linux', env: {} };
  mkdirSync(place.packageFolder);
  writeFileSync(join(place.packageFolder, 'package.json'), '{"version":"45.0.0"}');
  said.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('findElectron', () => {
  it('prefers ELECTRON_EXEC_PATH, then ELECTRON_OVERRIDE_DIST_PATH, then the npm package', () => {
    expect(findElectron(place)).toBeNull();
    mkdirSync(join(place.packageFolder, 'dist'));
    writeFileSync(binary(), '');
    expect(findElectron(place)).toBe(binary());
    mkdirSync(join(folder, 'own'));
    writeFileSync(join(folder, 'own/electron'), '');
    place = { ...place, env: { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'own') } };
    expect(findElectron(place)).toBe(join(folder, 'own/electron'));
    place = { ...place, env: { ...place.env, ELECTRON_EXEC_PATH: join(folder, 'ELECTRON') } };
    expect(findElectron(place)).toBe(join(folder, 'own/electron'));
    writeFileSync(join(folder, 'ELECTRON'), '');
    expect(findElectron(place)).toBe(join(folder, 'ELECTRON'));
  });
  it('knows the executable of each system', () => {
    mkdirSync(join(place.packageFolder, 'dist/Electron.app/Contents/MacOS'), { recursive: true });
    writeFileSync(join(place.packageFolder, 'dist/Electron.app/Contents/MacOS/Electron'), '');
    expect(findElectron({ ...place, platform: 'darwin' })).toMatch(/MacOS\/Electron$/);
    expect(findElectron({ ...place, platform: 'win32' })).toBeNull();
  });
});

describe('installElectron', () => {
  it('takes what install.js brings', async () => {
    writeInstaller(`const fs = require('fs'); fs.mkdirSync(__dirname + '/dist'); fs.writeFileSync(__dirname + '/dist/electron', '');`);
    expect(await install()).toEqual({ path: binary() });
    expect(said).toHaveLength(1);
  });
  it('names the cause of a failure, remembers it, and does not try again by itself', async () => {
    writeInstaller(`console.error('noise\\nRequestError: getaddrinfo ENOTFOUND github.com\\n    at x'); process.exit(1);`);
    expect(await install()).toEqual({
      path: null,
      reason: 'its binary could not be fetched: RequestError: getaddrinfo ENOTFOUND github.com',
    });
    rmSync(join(folder, 'ran'));
    const again = await install();
    expect(again).toMatchObject({ path: null, reason: expect.stringContaining('ENOTFOUND github.com; --retry-electron') as unknown });
    expect(ran()).toBe(false);
  });
  it('tries again when asked, and for another version', async () => {
    writeInstaller('process.exit(1);');
    await install();
    rmSync(join(folder, 'ran'));
    await install(true);
    expect(ran()).toBe(true);
    rmSync(join(folder, 'ran'));
    writeFileSync(join(place.packageFolder, 'package.json'), '{"version":"46.0.0"}');
    await install();
    expect(ran()).toBe(true);
  });
  it('does not wait longer than its limit', async () => {
    writeInstaller('setTimeout(() => undefined, 60_000);');
    const startedMs = performance.now();
    expect(await install(false, 1000)).toEqual({ path: null, reason: 'its binary could not be fetched: no answer within 1 s' });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });
  it('remembers nothing when the user stops it', async () => {
    writeInstaller('setTimeout(() => undefined, 60_000);');
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    expect(await install(false, 20_000, stop.signal)).toMatchObject({ path: null });
    expect(existsSync(place.memoryFolder)).toBe(false);
  });
  it('says when a successful install left nothing, and when there is no package', async () => {
    writeInstaller('');
    expect(await install()).toMatchObject({ reason: 'its binary could not be fetched: install.js ended well but left no binary' });
    rmSync(place.packageFolder, { recursive: true });
    expect(await install()).toEqual({ path: null, reason: 'the npm package electron is not installed' });
  });
});
