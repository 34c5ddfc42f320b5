import type { WallBridge, WallConfig } from '../electron/bridge.ts';

export type WallConfigCode = 'bridgeFailed' | 'noGateway' | 'foreignFeed';
export type WallConfigResult = { ok: true; config: WallConfig } | { ok: false; code: WallConfigCode; message: string };

export interface ConfigSources {
  bridge: WallBridge | undefined;
  /** Address of the page. */
  href: string;
}

const failure = (code: WallConfigCode, message: string): WallConfigResult => ({ ok: false, code, message });
const isWeb = (url: URL): boolean => url.protocol === 'http:' || url.protocol === 'https:';
const feedOf = (gateway: URL): string => `${gateway.protocol === 'https:' ? 'wss:' : 'ws:'}//${gateway.host}/feed`;

/**
 * Where the gateway is. In the shell the bridge says so. In a browser it is the page's own origin, with the token in the fragment
 * (`#token=`), which no server and no log ever sees. `?feed=` is honoured only for the same host: a link must not be able to make a
 * wall show another server's town, or hand that server the token.
 */
export async function readWallConfig({ bridge, href }: ConfigSources): Promise<WallConfigResult> {
  if (bridge !== undefined) {
    try {
      return { ok: true, config: await bridge.config() };
    } catch (cause) {
      return failure('bridgeFailed', cause instanceof Error ? cause.message : String(cause));
    }
  }
  const page = new URL(href);
  if (!isWeb(page)) return failure('noGateway', `a page at ${page.protocol}// has no gateway: open the address that the gateway prints`);
  const token = new URLSearchParams(page.hash.slice(1)).get('token');
  const asked = page.searchParams.get('feed');
  let feedUrl = feedOf(page);
  if (asked !== null) {
    const feed = URL.canParse(asked, href) ? new URL(asked, href) : null;
    const sameHost = feed !== null && feed.host === page.host && (isWeb(feed) || feed.protocol === new URL(feedUrl).protocol);
    if (!sameHost) return failure('foreignFeed', `?feed=${asked} is not on ${page.host}`);
    feedUrl = `${new URL(feedUrl).protocol}//${feed.host}${feed.pathname}`;
  }
  return { ok: true, config: { feedUrl, gatewayUrl: page.origin, token: token === '' ? null : token } };
}
