import { messages } from '../../protocol/messages/index.ts';
import type { MessageType } from '../../protocol/messages/index.ts';
import { firstIssue } from './firstIssue.ts';

const schemas = new Map<MessageType, (typeof messages)[number]['schema']>(messages.map(({ type, schema }) => [type, schema]));

/** What the protocol has against a fact of a source, as `unit.updated car-1: crew[0].name: ...`, or null. `rev` and duty are the desk's. */
export function factFault(type: MessageType, fact: { id: unknown }): string | null {
  const parsed = schemas.get(type)!.safeParse({ incidentId: null, ...fact, rev: 0 });
  if (parsed.success) return null;
  const { path, message } = firstIssue(parsed.error, '');
  return `${type} ${String(fact.id).slice(0, 128)}: ${path}: ${message}`;
}
