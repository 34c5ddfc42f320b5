import type { Call, CallState } from '../../protocol/messages/index.ts';
import type { CommandData } from '../../protocol/commands/index.ts';
import type { Clock } from '../clock.ts';
import type { Ledger } from './ledger.ts';
import { refuse } from './outcome.ts';
import type { Outcome } from './outcome.ts';

/** A call only goes forward; a desk may first be heard of at any state that is not an end without a beginning. */
const next: Readonly<Record<CallState, readonly CallState[]>> = {
  ringing: ['connected', 'ended', 'failed'],
  connected: ['ended', 'failed'],
  ended: [],
  failed: [],
};
const isOver = (state: CallState): boolean => next[state].length === 0;

/** How long a desk may be away before its calls count as ended: a wall that reloads keeps its call. */
const GRACE_MS = 15_000;
/** Calls under way: a desk talks to one unit and a few consoles may share its name; a town has no more radios than the second. */
const MOST_OF_DESK = 20;
const MOST_OF_TOWN = 500;

/** Who talks to whom, as the desks report it. The media itself never passes here. */
export function createCalls(ledger: Ledger, clock: Clock) {
  const connections = new Map<string, number>();
  const absences = new Map<string, () => void>();

  const endCallsOf = (deskId: string): void =>
    ledger.transact(() => {
      absences.delete(deskId);
      for (const call of [...ledger.all('call.updated')]) {
        if (!call.origin && call.deskId === deskId && !isOver(call.state))
          ledger.record('call.updated', { ...call, state: 'ended', endedAtMs: ledger.nowMs() });
      }
    });

  /** Open calls are kept until their desk ends them or goes: a client that only begins some would fill the memory and every snapshot. */
  function tooMany(deskId: string): Outcome | null {
    const open = [...ledger.all('call.updated')].filter((call) => !call.origin && !isOver(call.state));
    const ofDesk = open.filter((call) => call.deskId === deskId).length;
    if (ofDesk >= MOST_OF_DESK) return refuse('notAllowed', `desk ${deskId} has ${ofDesk} calls that have not ended`, 'data.callId');
    return open.length >= MOST_OF_TOWN ? refuse('notAllowed', `${open.length} calls have not ended`, 'data.callId') : null;
  }

  const awaitDesk = (deskId: string): void => {
    // The grace is real time even where a scene plays faster.
    absences.set(
      deskId,
      clock.after(GRACE_MS * clock.rate, () => endCallsOf(deskId)),
    );
  };
  // Calls from before a restart: their desks come back, or the calls are over.
  for (const call of ledger.all('call.updated'))
    if (!call.origin && !isOver(call.state) && !absences.has(call.deskId)) awaitDesk(call.deskId);

  return {
    report(data: CommandData['call.report'], deskId: string, simulatedUnit: boolean): Outcome {
      const before: Call | undefined = ledger.latest('call.updated', data.callId);
      const atMs = ledger.nowMs();
      if (!before) {
        if (data.state === 'ended') return refuse('notFound', `call ${data.callId} never began`, 'data.callId');
        const refused = isOver(data.state) ? null : tooMany(deskId);
        if (refused) return refused;
        const seq = ledger.record('call.updated', {
          id: data.callId,
          deskId,
          unitId: data.unitId,
          incidentId: data.incidentId,
          media: data.media,
          state: data.state,
          startedAtMs: atMs,
          connectedAtMs: data.state === 'connected' ? atMs : null,
          endedAtMs: data.state === 'failed' ? atMs : null,
          simulated: simulatedUnit,
        });
        return { seq };
      }
      if (before.origin) return refuse('notOurs', `call ${data.callId} is of ${before.origin.name.en}`, 'data.callId', 'forbidden');
      if (before.deskId !== deskId) return refuse('notAllowed', `call ${data.callId} belongs to desk ${before.deskId}`, 'data.callId');
      if (before.unitId !== data.unitId) return refuse('badField', `call ${data.callId} is with ${before.unitId}`, 'data.unitId');
      if (!next[before.state].includes(data.state)) {
        return refuse('illegalStep', `a call that is ${before.state} cannot become ${data.state}`, 'data.state');
      }
      const seq = ledger.record('call.updated', {
        ...before,
        media: data.media,
        incidentId: data.incidentId,
        state: data.state,
        connectedAtMs: before.connectedAtMs ?? (data.state === 'connected' ? atMs : null),
        endedAtMs: isOver(data.state) ? atMs : null,
      });
      return { seq };
    },
    /** A wall or console of this desk connected. */
    deskCame(deskId: string): void {
      connections.set(deskId, (connections.get(deskId) ?? 0) + 1);
      absences.get(deskId)?.();
      absences.delete(deskId);
    },
    deskWent(deskId: string): void {
      const left = (connections.get(deskId) ?? 1) - 1;
      if (left > 0) {
        connections.set(deskId, left);
        return;
      }
      connections.delete(deskId);
      awaitDesk(deskId);
    },
    dispose(): void {
      for (const cancel of absences.values()) cancel();
      absences.clear();
    },
  };
}
export type Calls = ReturnType<typeof createCalls>;
