import { join, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOwnUrl, resolveAsset } from '../../../electron/app/assets.ts';

const ROOT = resolve('/srv/wall');

describe('resolveAsset', () => {
  it('serves files under the folder with their type', () => {
    expect(resolveAsset(ROOT, 'app://wall/assets/a.js')).toEqual({
      file: join(ROOT, 'assets/a.js'),
      type: 'text/javascript; charset=utf-8',
    });
    expect(resolveAsset(ROOT, 'app://wall/assets/%E5%AD%97.woff2?v=1#x')).toEqual({
      file: join(ROOT, 'assets/字.woff2'),
      type: 'font/woff2',
    });
    expect(resolveAsset(ROOT, 'app://wall/unknown.xyz')?.type).toBe('application/octet-stream');
  });

  it('serves the page at the root', () => {
    expect(resolveAsset(ROOT, 'app://wall/')?.file).toBe(join(ROOT, 'index.html'));
    expect(resolveAsset(ROOT, 'app://wall')?.file).toBe(join(ROOT, 'index.html'));
  });

  it.each([
    ['a path upwards, encoded', 'app://wall/..%2f..%2fetc/passwd'],
    ['a path upwards, doubly dotted and encoded', 'app://wall/a/%2e%2e%2f%2e%2e%2fb'],
    ['a path to a folder whose name begins like ours', 'app://wall/..%2fwall-secrets/key'],
    ['a backslash', 'app://wall/..%5c..%5cwindows'],
    ['a drive letter', 'app://wall/C:/windows/win.ini'],
    ['a NUL', 'app://wall/index.html%00.png'],
    ['bad percent-encoding', 'app://wall/%E5%ZZ'],
    ['the folder itself', 'app://wall/.%2f'],
    ['another host', 'app://other/a.js'],
    ['a host with a port', 'app://wall:81/a.js'],
    ['another scheme', 'file:///srv/wall/index.html'],
    ['no address at all', 'nonsense'],
  ])('refuses %s', (_what, url) => expect(resolveAsset(ROOT, url)).toBeNull());

  it('never leaves the folder, whatever the path', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '%2e%2e',
        '%2E%2e',
        '%2f',
        '%5c',
        '\\',
        '/',
        '//',
        '%00',
        '%252e%252e%252f',
        'C:',
        '~',
        'a',
        '字',
        '%',
        '%c0%ae',
        '?',
        '#',
        ';',
      ),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom('', '/'), (pieces, joint) => {
        const asset = resolveAsset(ROOT, `app://wall/${pieces.join(joint)}`);
        if (asset === null) return;
        expect(asset.file.startsWith(ROOT + sep)).toBe(true);
        expect(resolve(asset.file)).toBe(asset.file); // no dots left for the file system to follow
        expect(asset.file).not.toMatch(/\0/);
      }),
      { numRuns: 5000 },
    );
  });

  it('finds every ordinary file', () => {
    const name = fc.stringMatching(/^[\p{L}\p{N}_ -]{1,12}$/u);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        const url = `app://wall/${names.map(encodeURIComponent).join('/')}.js`;
        expect(resolveAsset(ROOT, url)?.file).toBe(join(ROOT, `${names.join('/')}.js`));
      }),
    );
  });
});

describe('isOwnUrl', () => {
  it.each(['app://wall/', 'app://wall/index.html?x#y', 'app://WALL/'])('knows %s', (url) =>
    expect(isOwnUrl(url)).toBe(url === url.toLowerCase()),
  );
  it.each(['https://wall/', 'app://wall.example.com/', 'app://x@wall2/', 'app:wall', '', 'about:blank'])(
    'does not take %s for its own',
    (url) => expect(isOwnUrl(url)).toBe(false),
  );
});
