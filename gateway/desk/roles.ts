import type { CommandType } from '../../protocol/commands/index.ts';
import type { Role } from '../../protocol/frames/client.ts';

/**
 * Who may ask for what. Taking a unit back belongs to sending it: an operator who sent the wrong one corrects it at once.
 * Only the duty leader changes the mode of the whole desk, and stops the clock of a promise.
 */
const mayAsk: Readonly<Record<CommandType, readonly Role[]>> = {
  'incident.accept': ['operator', 'leader', 'admin'],
  'incident.triage': ['operator', 'leader', 'admin'],
  'incident.dispatch': ['operator', 'leader', 'admin'],
  'incident.recall': ['operator', 'leader', 'admin'],
  'incident.reassign': ['operator', 'leader', 'admin'],
  'incident.standDown': ['operator', 'leader', 'admin'],
  'incident.chair': ['leader', 'admin'],
  'incident.merge': ['operator', 'leader', 'admin'],
  'incident.split': ['operator', 'leader', 'admin'],
  'incident.answer': ['operator', 'leader', 'admin'],
  'incident.close': ['operator', 'leader', 'admin'],
  // Whoever lets the public wait longer answers for it; anybody on the desk may count again.
  'incident.pauseClock': ['leader', 'admin'],
  'incident.resumeClock': ['operator', 'leader', 'admin'],
  'mode.set': ['leader', 'admin'],
  'unit.standby': ['operator', 'leader', 'admin'],
  'alarm.acknowledge': ['operator', 'leader', 'admin'],
  'alarm.shelve': ['operator', 'leader', 'admin'],
  'alarm.unshelve': ['operator', 'leader', 'admin'],
  'call.report': ['operator', 'leader', 'admin'],
  'bookmark.add': ['operator', 'leader', 'admin'],
  'bookmark.edit': ['operator', 'leader', 'admin'],
};

export const isAllowed = (role: Role, type: CommandType): boolean => mayAsk[type].includes(role);
