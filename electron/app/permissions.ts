import { isOwnUrl } from './assets.ts';

/**
 * Everything that the wall ever asks for. `media`: microphone and camera for calls. `fullscreen`: a video tile. `loopback-network`: the
 * page reaches its own gateway on 127.0.0.1 (network.ts keeps it to that one port). All others are denied, also those that a later
 * Chromium invents.
 */
const GRANTED: ReadonlySet<string> = new Set(['media', 'fullscreen', 'loopback-network']);

/** @param requestingUrl Address or origin of the frame that asks. */
export function decidePermission(permission: string, requestingUrl: string): boolean {
  return GRANTED.has(permission) && isOwnUrl(requestingUrl);
}
