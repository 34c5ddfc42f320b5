import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPackage, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { build, Platform } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildIfStale } from '../../scripts/build.ts';
import electronPackage from '../../node_modules/electron/package.json' with { type: 'json' };

/** Packs the wall for Linux around a pretended Electron: what is in the package and how its fuses stand, not that it starts. */

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Marks the fuses in Electron's executable, see github.com/electron/fuses. After it: version, count, one byte a fuse. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSE_COUNT = Object.values(FuseV1Options).filter((value) => typeof value === 'number').length;
const OFF = '0'.charCodeAt(0);

let folder = '';
let unpacked = '';
let entries: string[] = [];

beforeAll(async () => {
  expect(buildIfStale(console.log)).toBe(true);
  folder = mkdtempSync(join(tmpdir(), 'wanglou-package-'));
  const electronDist = join(folder, 'electron');
  mkdirSync(join(electronDist, 'resources'), { recursive: true });
  mkdirSync(join(electronDist, 'locales'));
  const fuses = Buffer.from([1, FUSE_COUNT, ...Array<number>(FUSE_COUNT).fill(OFF)]);
  writeFileSync(
    join(electronDist, 'electron'),
    Buffer.concat([Buffer.from(`\x7fELF pretended ${SENTINEL}`, 'latin1'), fuses, Buffer.alloc(64)]),
    { mode: 0o755 },
  );
  writeFileSync(join(electronDist, 'version'), electronPackage.version);
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak', 'locales/zh-CN.pak'])
    writeFileSync(join(electronDist, name), 'x');
  await createPackage(join(electronDist, 'locales'), join(electronDist, 'resources/default_app.asar')); // any archive will do
  await build({
    projectDir: root,
    targets: Platform.LINUX.createTarget('dir'),
    publish: 'never',
    config: { extends: join(root, 'electron-builder.yml'), electronDist, directories: { output: join(folder, 'release') } },
  });
  unpacked = join(folder, 'release/linux-unpacked');
  entries = listPackage(join(unpacked, 'resources/app.asar'), { isPack: false });
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  it.each([
    'package.json',
    'dist/main/main.js',
    'dist/preload/preload.cjs',
    'dist/host/gatewayHost.js',
    'dist/gateway/main.js',
    'dist/renderer/index.html',
    'resources/icon.png',
  ])('holds %s', (file) => expect(entries).toContain(`/${file}`));
  it('holds nothing else: no sources, no libraries, no maps, no tests', () => {
    const strangers = entries.filter(
      (path) => !/^\/(package\.json|dist(\/.*)?|resources(\/icon\.png)?)$/.test(path) || path.endsWith('.map'),
    );
    expect(strangers).toEqual([]);
  });
  it('has the scenes beside the archive', () => expect(existsSync(join(unpacked, 'resources/scenes/wuzhen/scene.json'))).toBe(true));
  it('has every fuse as decided', async () => {
    const wire = await getCurrentFuseWire(join(unpacked, 'wanglou'));
    const state = Object.fromEntries(
      Object.entries(FuseV1Options).flatMap(([name, fuse]) => (typeof fuse === 'number' ? [[name, wire[fuse] === FuseState.ENABLE]] : [])),
    );
    expect(state).toEqual({
      RunAsNode: false,
      EnableCookieEncryption: true,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableNodeCliInspectArguments: false,
      EnableEmbeddedAsarIntegrityValidation: true,
      OnlyLoadAppFromAsar: true,
      LoadBrowserProcessSpecificV8Snapshot: false,
      GrantFileProtocolExtraPrivileges: false,
      WasmTrapHandlers: true,
    });
  });
});
