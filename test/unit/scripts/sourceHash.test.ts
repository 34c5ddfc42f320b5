import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashSources, readBuildState, STAMP } from '../../../scripts/sourceHash.ts';

let root = '';
const write = (file: string, text = '') => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
};
const build = () => {
  for (const file of ['renderer/index.html', 'gateway/main.js', 'main/main.js', 'host/gatewayHost.js', 'preload/preload.cjs'])
    write(`dist/${file}`);
  write(STAMP, `${hashSources(root)}\n`);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wanglou-sources-'));
  write('gateway/main.ts', 'a');
  write('renderer/panels/A.vue', 'b');
  write('vite.config.ts', 'c');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('readBuildState', () => {
  it('is missing before the first build, fresh after it', () => {
    expect(readBuildState(root)).toBe('missing');
    build();
    expect(readBuildState(root)).toBe('fresh');
  });
  it.each([
    ['a file changes', () => write('gateway/main.ts', 'other')],
    ['a file deep down changes', () => write('renderer/panels/A.vue', 'other')],
    ['a file appears', () => write('protocol/new.ts')],
    ['a file goes', () => rmSync(join(root, 'renderer/panels/A.vue'))],
    ['a file is renamed', () => (rmSync(join(root, 'renderer/panels/A.vue')), write('renderer/panels/B.vue', 'b'))],
    ['the configuration changes', () => write('vite.config.ts', 'other')],
  ])('is older when %s', (_what, change) => {
    build();
    change();
    expect(readBuildState(root)).toBe('older than the sources');
  });
  it('stays fresh when only times change, as in a checkout', () => {
    build();
    utimesSync(join(root, 'gateway/main.ts'), new Date(), new Date(Date.now() + 100_000));
    expect(readBuildState(root)).toBe('fresh');
  });
  it('is missing when a part of it or its stamp is gone', () => {
    build();
    rmSync(join(root, 'dist/preload'), { recursive: true });
    expect(readBuildState(root)).toBe('missing');
    build();
    rmSync(join(root, STAMP));
    expect(readBuildState(root)).toBe('missing');
  });
});
