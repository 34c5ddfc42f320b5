import type { LocalText } from '../protocol/primitives.ts';

const KEY = 'wanglou.desk.1';

/** Not `crypto.randomUUID`: a page that comes over plain HTTP from a gateway on another machine has none. */
const randomHex = (): string => crypto.getRandomValues(new Uint32Array(1))[0]!.toString(16).padStart(8, '0');

/**
 * Who this wall is to the gateway. Kept for the session of this window, so that a reload is the same desk and its calls and commands stay
 * its own, while a second window is another desk.
 */
export function deskIdentity(storage: () => Pick<Storage, 'getItem' | 'setItem'>, random = randomHex): { id: string; name: LocalText } {
  const fresh = `wall-${random().slice(0, 8)}`;
  let id = fresh;
  try {
    const kept = storage().getItem(KEY);
    if (kept !== null && /^wall-[0-9a-f]{8}$/.test(kept)) id = kept;
    else storage().setItem(KEY, fresh);
  } catch {
    // Without storage a reload is a new desk; nothing else changes.
    id = fresh;
  }
  const suffix = id.slice(-4);
  return { id, name: { zh: `指挥大屏 ${suffix}`, en: `Command wall ${suffix}` } };
}
