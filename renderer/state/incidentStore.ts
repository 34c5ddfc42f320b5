import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { Incident } from '../../protocol/messages/index.ts';
import { createFactMap, oldestFinished } from './factMap.ts';

/** Closed incidents that a wall keeps; a busy day of the town has about 500. */
const MOST_CLOSED = 4000;

/** The order of the queue: severity (1 first), then urgent, then oldest; the id last, so that the order never flickers. */
export function byUrgency(a: Incident, b: Incident): number {
  return (
    a.severity - b.severity ||
    Number(b.urgent) - Number(a.urgent) ||
    a.reportedAtMs - b.reportedAtMs ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

/** Nobody has been sent yet. */
const isPending = (incident: Incident): boolean =>
  incident.state === 'reported' || incident.state === 'accepted' || incident.state === 'triaged';

/** Further apart an operator hardly takes two for one; metres a degree of latitude. */
const SIMILAR_M = 300;
const M_PER_DEG = 111_195;
const MOST_SIMILAR = 3;
function awayM(a: Incident, b: Incident): number {
  const eastM = (a.lonDeg - b.lonDeg) * Math.cos((a.latDeg * Math.PI) / 180) * M_PER_DEG;
  return Math.hypot(eastM, (a.latDeg - b.latDeg) * M_PER_DEG);
}

export const useIncidentStore = defineStore('incidents', () => {
  const facts = createFactMap<Incident>(oldestFinished(MOST_CLOSED, (i) => (i.state === 'closed' ? i.reportedAtMs : null)));
  const byId = facts.byId;
  const all = computed(() => [...byId.values()]);
  /** Not closed, most urgent first. */
  const open = computed(() => all.value.filter((incident) => incident.state !== 'closed').sort(byUrgency));
  /** Not yet dispatched, most urgent first. */
  const pending = computed(() => open.value.filter(isPending));
  /** Open ones of this town and of the same type within 300 m, the nearest first. */
  const similarTo = (incident: Incident): Incident[] =>
    open.value
      .filter((other) => other.id !== incident.id && other.typeId === incident.typeId && !other.origin)
      .map((other) => ({ other, m: awayM(incident, other) }))
      .filter(({ m }) => m <= SIMILAR_M)
      .sort((a, b) => a.m - b.m)
      .slice(0, MOST_SIMILAR)
      .map(({ other }) => other);
  return { byId, all, open, pending, similarTo, replaceAll: facts.replaceAll, put: facts.put };
});
