import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentPolicy } from '../../../electron/app/contentPolicy.ts';
import { isAllowedRequest } from '../../../electron/app/network.ts';
import { decidePermission } from '../../../electron/app/permissions.ts';

const GATEWAY = 'http://127.0.0.1:8610';

describe('contentPolicy', () => {
  const policy = new Map(
    contentPolicy(GATEWAY)
      .split('; ')
      .map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1)]),
  );

  it('denies what it does not name', () => expect(policy.get('default-src')).toEqual(["'none'"]));
  it('runs no eval and no inline script', () => expect(policy.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"]));
  it('connects to the own gateway only', () => {
    expect(policy.get('connect-src')).toEqual(["'self'", 'blob:', 'data:', GATEWAY, 'ws://127.0.0.1:8610']);
  });
  it('names no other host anywhere', () => {
    const hosts = [...policy.values()].flat().filter((source) => source.includes('//'));
    expect(hosts).toEqual([GATEWAY, 'ws://127.0.0.1:8610']);
  });
  it.each(['base-uri', 'form-action', 'frame-ancestors', 'object-src'])('closes %s, which default-src does not cover in full', (name) =>
    expect(policy.get(name)).toEqual(["'none'"]),
  );
});

describe('isAllowedRequest', () => {
  it.each(['app://wall/index.html', `${GATEWAY}/town.json`, 'ws://127.0.0.1:8610/feed', 'blob:app://wall/x', 'data:text/plain,x'])(
    'lets %s out',
    (url) => expect(isAllowedRequest(url, GATEWAY)).toBe(true),
  );
  it.each([
    'https://127.0.0.1:8610/',
    'http://127.0.0.1:8611/',
    'http://localhost:8610/',
    'ws://127.0.0.1/',
    'http://127.0.0.1:8610@example.com/',
    'http://user@127.0.0.1:8610/',
    'https://example.com/',
    'app://elsewhere/',
    'file:///etc/passwd',
    'ftp://127.0.0.1:8610/',
    'nonsense',
    '',
  ])('stops %s', (url) => expect(isAllowedRequest(url, GATEWAY)).toBe(false));
  it('reaches no gateway before there is one', () => expect(isAllowedRequest(`${GATEWAY}/`, null)).toBe(false));
  it('stops every other host', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.integer({ min: 1, max: 65_535 }), (url, port) => {
        expect(isAllowedRequest(url, `http://127.0.0.1:${port}`)).toBe(false);
      }),
    );
  });
});

describe('decidePermission', () => {
  it.each(['media', 'fullscreen', 'loopback-network'])('grants %s to the wall alone', (permission) => {
    expect(decidePermission(permission, 'app://wall/index.html')).toBe(true);
    expect(decidePermission(permission, 'app://wall')).toBe(true);
    for (const url of ['https://example.com/', 'app://elsewhere/', 'about:blank', ''])
      expect(decidePermission(permission, url)).toBe(false);
  });
  it('denies whatever else may be asked', () => {
    fc.assert(
      fc.property(fc.string(), (permission) => {
        fc.pre(!['media', 'fullscreen', 'loopback-network'].includes(permission));
        expect(decidePermission(permission, 'app://wall/')).toBe(false);
      }),
    );
    for (const inherited of ['constructor', 'toString', '__proto__']) expect(decidePermission(inherited, 'app://wall/')).toBe(false);
  });
});
