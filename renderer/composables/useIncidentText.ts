import type { Incident, Unit } from '../../protocol/messages/index.ts';
import { useTownStore } from '../state/townStore.ts';
import { useUnitStore } from '../state/unitStore.ts';
import { useLocalText } from './useLocalText.ts';

/** Names around an incident in the reader's language. An id that the town does not know is shown as it came: better than nothing. */
export function useIncidentText() {
  const town = useTownStore();
  const units = useUnitStore();
  const text = useLocalText();
  const channelName = (channelId: string): string => text(town.channel(channelId)?.name) || channelId;
  const unitName = (unitId: string): string => text(units.byId.get(unitId)?.name) || unitId;
  return {
    type: (incident: Incident): string => text(town.eventType(incident.typeId)?.name) || incident.typeId,
    place: (incident: Incident): string => text(incident.place),
    channel: (incident: Incident): string => channelName(incident.channelId),
    channelName,
    agency: (agencyId: string): string => text(town.agency(agencyId)?.name) || agencyId,
    agencyShort: (agencyId: string): string => text(town.agency(agencyId)?.shortName) || agencyId,
    unitName,
    nameOf: (unit: Unit): string => text(unit.name),
  };
}
