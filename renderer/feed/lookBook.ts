import type { LookedAt } from '../../protocol/frames/client.ts';
import type { FeedTime } from './feedPorts.ts';

/** Shortest time between two looks: a selection that runs through the queue is told where it stops. The server takes 10 a second. */
const LOOK_EVERY_MS = 200;

/** Tells the server what this desk has open (rule P-12): the newest only, anew after every welcome, and nothing to a server that asks for none. */
export function createLookBook(time: FeedTime, transmit: (text: string) => boolean) {
  let wish: { at: LookedAt | null; follows: boolean } = { at: null, follows: false };
  let told = '';
  let listens = false;
  let toldAtMs = -Infinity;
  let cancel: (() => void) | null = null;

  function tell(): void {
    cancel = null;
    const text = JSON.stringify({ frame: 'look', ...wish });
    if (!listens || text === told || !transmit(text)) return;
    told = text;
    toldAtMs = time.nowMs();
  }
  function tellSoon(): void {
    if (cancel !== null) return;
    const waitMs = toldAtMs + LOOK_EVERY_MS - time.nowMs();
    if (waitMs <= 0) tell();
    else cancel = time.after(waitMs, tell);
  }
  function forget(): void {
    cancel?.();
    cancel = null;
    listens = false;
    told = '';
  }
  return {
    look(at: LookedAt | null, follows: boolean): void {
      wish = { at, follows };
      tellSoon();
    },
    /** @param asks whether the server has the capability `presence` and this is no replay. */
    welcomed(asks: boolean): void {
      forget();
      listens = asks;
      if (asks) tellSoon();
    },
    disconnected: forget,
  };
}
