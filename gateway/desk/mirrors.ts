import { messages } from '../../protocol/messages/index.ts';
import type { Actor, MessageType } from '../../protocol/messages/index.ts';
import type { MirrorMessage } from '../adapters/adapter.ts';
import type { Intake } from '../sources/source.ts';
import { firstIssue } from './firstIssue.ts';
import type { Ledger } from './ledger.ts';

const schemas = new Map<MessageType, (typeof messages)[number]['schema']>(messages.map(({ type, schema }) => [type, schema]));
const GATEWAY: Actor = { deskId: 'gateway', name: { zh: '系统', en: 'System' }, simulated: false };
/** The schema allows one more. */
const MOST_STEPS = 199;

/**
 * What other servers decide and this one shows. It does not pass the books of the desk: not its counts, not its numbers, not the duties of
 * its units. Those are kept where the incident is decided, and nothing is counted twice when two towns show each other's.
 */
export function createMirrors(ledger: Ledger): Pick<Intake, 'mirror' | 'retire'> {
  return {
    mirror(message) {
      const parsed = schemas.get(message.type)!.safeParse(message.data);
      // Fields that this version does not know are left out: its walls would not know them either.
      if (!parsed.success) return firstIssue(parsed.error, '');
      const { type, data } = { type: message.type, data: parsed.data } as MirrorMessage;
      ledger.transact(() => ledger.recordChange(type, data));
      return null;
    },
    retire: (type, id) =>
      ledger.transact(() => {
        const atMs = ledger.nowMs();
        if (!ledger.latest(type, id)?.origin) return;
        // A wall that is connected hears of an end, never of a disappearance: so the last word comes first.
        switch (type) {
          case 'unit.updated':
            ledger.recordChange(type, { ...ledger.latest(type, id)!, status: 'offline', incidentId: null });
            break;
          case 'camera.updated':
            ledger.recordChange(type, { ...ledger.latest(type, id)!, online: false });
            break;
          case 'detection.updated': {
            const detection = ledger.latest(type, id)!;
            if (detection.outcome === 'open') ledger.recordChange(type, { ...detection, outcome: 'dismissed' });
            break;
          }
          case 'call.updated': {
            const call = ledger.latest(type, id)!;
            if (call.endedAtMs === null) ledger.recordChange(type, { ...call, state: 'ended', endedAtMs: atMs });
            break;
          }
          case 'incident.updated': {
            const incident = ledger.latest(type, id)!;
            if (incident.state === 'closed') return;
            const reason = `no longer told by ${incident.origin!.name.en}`;
            ledger.recordChange(type, {
              ...incident,
              state: 'closed',
              assignments: incident.assignments.map((one) => ({ ...one, releasedAtMs: one.releasedAtMs ?? atMs, etaAtMs: null })),
              steps: [...incident.steps.slice(-MOST_STEPS), { state: 'closed', atMs, by: GATEWAY, unitId: null, reason }],
            });
            // Closed ones stay on the wall as long as any other.
            return;
          }
          case 'weather.updated':
            break;
        }
        ledger.forget(type, id);
      }),
  };
}
