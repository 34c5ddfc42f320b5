import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the bundles in dist/ are made of. */
const SOURCES = [
  'protocol',
  'gateway',
  'electron',
  'renderer',
  'vite.config.ts',
  'tsconfig.base.json',
  'package-lock.json',
  'scripts/cesiumFiles.ts',
];
const OUTPUTS = ['renderer/index.html', 'gateway/main.js', 'main/main.js', 'host/gatewayHost.js', 'preload/preload.cjs'];
/** Written after a build that succeeded; holds the hash of the sources that it was made from. */
export const STAMP = 'dist/sources.sha256';

export type BuildState = 'fresh' | 'missing' | 'older than the sources';

/** Hash of the content of every source file. By content, because a checkout changes times and not always content; costs about 30 ms. */
export function hashSources(root: string): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    if (!existsSync(join(root, source))) continue;
    for (const file of listFiles(root, source)) {
      hash.update(file).update('\0');
      hash.update(readFileSync(join(root, file))).update('\0');
    }
  }
  return hash.digest('hex');
}

export function readBuildState(root: string): BuildState {
  if (!OUTPUTS.every((file) => existsSync(join(root, 'dist', file))) || !existsSync(join(root, STAMP))) return 'missing';
  return readFileSync(join(root, STAMP), 'utf8').trim() === hashSources(root) ? 'fresh' : 'older than the sources';
}

function listFiles(root: string, path: string): string[] {
  if (/\.[a-z]+$/.test(path)) return [path];
  return readdirSync(join(root, path), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? listFiles(root, `${path}/${entry.name}`) : [`${path}/${entry.name}`]))
    .sort();
}
