import type { Incident, TriageProposal } from '../../protocol/messages/index.ts';
import type { EventType, Town } from '../../protocol/town/town.ts';
import type { TriageRule } from '../scene/deskRulesFile.ts';
import { distanceM } from './wayTo.ts';

/** What a rule may look at. */
export type Matter = Pick<Incident, 'typeId' | 'channelId' | 'lonDeg' | 'latDeg' | 'severity' | 'urgent' | 'inCore' | 'reporterCount'>;

/** No rule fits: the type of the event says it. */
const byType = ({ tier }: EventType): TriageProposal => ({
  ruleId: 'eventType',
  tier,
  why: { zh: '按事件类型', en: 'By the type of event' },
  isAssumption: false,
});

function holds({ when }: TriageRule, matter: Matter, mode: 'routine' | 'urgent', places: Town['places']): boolean {
  const { typeIds, channelIds, graveAs, lightAs, urgent, inCore, near, leastReporters } = when;
  return (
    (typeIds?.includes(matter.typeId) ?? true) &&
    (channelIds?.includes(matter.channelId) ?? true) &&
    matter.severity <= (graveAs ?? 4) &&
    matter.severity >= (lightAs ?? 1) &&
    (urgent ?? matter.urgent) === matter.urgent &&
    (inCore ?? matter.inCore) === matter.inCore &&
    (when.mode ?? mode) === mode &&
    matter.reporterCount >= (leastReporters ?? 1) &&
    (near === undefined ||
      places.some(
        ({ kind, lonDeg, latDeg }) =>
          near.placeKinds.includes(kind) && distanceM([lonDeg, latDeg], [matter.lonDeg, matter.latDeg]) <= near.withinM,
      ))
  );
}

/** Who takes a matter by the town's rules: the first one that fits, or the event type where none does. */
export function createTriageRules(rules: readonly TriageRule[], town: Pick<Town, 'places' | 'eventTypes'>) {
  const types = new Map(town.eventTypes.map((type) => [type.id, type]));
  return {
    /** @param matter of an event type of the town. */
    propose(matter: Matter, mode: 'routine' | 'urgent'): TriageProposal {
      const type = types.get(matter.typeId)!;
      // What its type holds for major is never made smaller by a rule.
      const rule = type.tier === 'major' ? undefined : rules.find((one) => holds(one, matter, mode, town.places));
      return rule ? { ruleId: rule.id, tier: rule.tier, why: rule.why, isAssumption: rule.basis === 'inferred' } : byType(type);
    },
  };
}
export type TriageRules = ReturnType<typeof createTriageRules>;
