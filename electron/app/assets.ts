import { extname, resolve, sep } from 'node:path';

/** The page's own address: a scheme of its own has no shared cookies, no file access, and one known origin. */
export const SCHEME = 'app';
const HOST = 'wall';
export const ORIGIN = `${SCHEME}://${HOST}`;

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml',
  '.glb': 'model/gltf-binary',
  '.ktx2': 'image/ktx2',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.mp4': 'video/mp4',
};

/** Maps `app://wall/...` to a file inside `root`, or null when it must not be served: another origin, or a path that leaves the folder. */
export function resolveAsset(root: string, url: string): { file: string; type: string } | null {
  if (!isOwnUrl(url)) return null;
  const path = decodePath(new URL(url).pathname || '/');
  if (path === null) return null;
  const base = resolve(root);
  const file = resolve(base, `.${path === '/' ? '/index.html' : path}`);
  if (!file.startsWith(base + sep)) return null;
  return { file, type: TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream' };
}

/** Whether the page itself, not a stranger, has this address. */
export function isOwnUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.protocol === `${SCHEME}:` && parsed.host === HOST;
}

/** A NUL or a backslash has no place in our file names; on Windows a backslash or a drive letter would be a way out. */
function decodePath(pathname: string): string | null {
  try {
    const path = decodeURIComponent(pathname);
    return /[\0\\:]/.test(path) || !path.startsWith('/') ? null : path;
  } catch {
    return null; // not valid percent-encoding: nothing of ours has such a name
  }
}
