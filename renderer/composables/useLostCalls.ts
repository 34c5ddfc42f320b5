import { onScopeDispose } from 'vue';
import type { CallDesk } from '../media/calls/createCallDesk.ts';
import { useCallStore } from '../state/callStore.ts';
import { useDeskStore } from '../state/deskStore.ts';
import { useFeedStore } from '../state/feedStore.ts';
import { useReplayStore } from '../state/replayStore.ts';

/** Longer than a report of the call desk may be under way. */
const CHECK_MS = 15_000;

/**
 * Ends in the journal what has ended here. A page that was reloaded or crashed in the middle of a call, or whose last word about it was lost
 * with the connection, leaves a call that every wall shows as running for ever. What is still open at the second look is such a one.
 */
export function useLostCalls(deskId: string, calls: Pick<CallDesk, 'state'>): void {
  const facts = useCallStore();
  const desk = useDeskStore();
  const feed = useFeedStore();
  const replay = useReplayStore();
  let suspected: ReadonlySet<string> = new Set();
  const timer = setInterval(() => {
    // Calls of the past ended long ago.
    if (feed.status.kind !== 'live' || replay.active) return;
    const { kind, callId } = calls.state.value;
    const held = kind === 'ringing' || kind === 'connected' ? callId : null;
    const lost = facts.running.filter((call) => call.deskId === deskId && call.id !== held);
    for (const call of lost) if (suspected.has(call.id)) void desk.endLostCall(call);
    suspected = new Set(lost.map((call) => call.id));
  }, CHECK_MS);
  onScopeDispose(() => clearInterval(timer));
}
