import { isOwnUrl } from './assets.ts';

/** Schemes that never leave the page. `devtools:` is the inspector's own; it can only be opened where the fuses allow it. */
const INNER = new Set(['blob:', 'data:', 'devtools:', 'about:']);

/**
 * Whether the session may send this request: the page's own files and its own gateway, nothing else. A second lock behind the content
 * policy, which a page could only lose by our own mistake.
 */
export function isAllowedRequest(url: string, gatewayUrl: string | null): boolean {
  if (isOwnUrl(url)) return true;
  const parsed = URL.parse(url);
  if (parsed === null) return false;
  if (INNER.has(parsed.protocol)) return true;
  return gatewayUrl !== null && isGateway(parsed, new URL(gatewayUrl));
}

/** HTTP or WebSocket to the same host and port; a name and a password in the address are not ours. */
function isGateway(url: URL, gateway: URL): boolean {
  const secure = gateway.protocol === 'https:';
  const schemes = secure ? ['https:', 'wss:'] : ['http:', 'ws:'];
  return schemes.includes(url.protocol) && url.host === gateway.host && url.username === '' && url.password === '';
}
