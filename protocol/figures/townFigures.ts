import { promiseStats } from '../clocks/promiseStats.ts';
import type { PromiseStat } from '../clocks/promiseStats.ts';
import type { ClockRules } from '../clocks/promiseClocks.ts';
import type { Detection, Incident, IncidentState, Tier } from '../messages/index.ts';
import type { Place, Town } from '../town/town.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const M_PER_DEG = 111_195;

/** One thing that a figure counts. A report counts as an arrival, so an incident may be in a list more than once. */
export interface Counted {
  kind: 'incident' | 'detection';
  id: string;
  atMs: number;
}
/** A figure is the length of its list. */
export type CountedList = readonly Counted[];

export interface RepeatPlace {
  typeId: string;
  /** Of the first one there. */
  lonDeg: number;
  latDeg: number;
  list: CountedList;
}
export interface TownFigures {
  /** Reports, and alerts that became none, by channel and local hour 0 to 23. */
  arrivals: ReadonlyMap<string, readonly CountedList[]>;
  /** Alerts of the day that were put right before they became a matter. */
  selfRectified: CountedList;
  /** Alerts of the day that are settled either way. */
  settledAlerts: CountedList;
  incidents: CountedList;
  /** Not closed. */
  open: CountedList;
  /** Nobody was sent yet. */
  pending: CountedList;
  byTier: ReadonlyMap<Tier, CountedList>;
  /** By lead agency. */
  byAgency: ReadonlyMap<string, CountedList>;
  /** By the village or community whose middle is nearest; only those with any. */
  byVillage: ReadonlyMap<string, CountedList>;
  promises: readonly PromiseStat[];
}
export interface FiguresInput {
  town: Town;
  rules: ClockRules;
  /** Reported on the day, in order. */
  incidents: readonly Incident[];
  /** Raised on the day, in order. */
  detections: readonly Detection[];
  /** Local midnight of the day. */
  dayMs: number;
  nowMs: number;
}

const PENDING: readonly IncidentState[] = ['reported', 'accepted', 'triaged'];
const counted = (incident: Incident): Counted => ({ kind: 'incident', id: incident.id, atMs: incident.reportedAtMs });

function awayM(a: { lonDeg: number; latDeg: number }, b: { lonDeg: number; latDeg: number }): number {
  const eastM = (a.lonDeg - b.lonDeg) * Math.cos((a.latDeg * Math.PI) / 180) * M_PER_DEG;
  return Math.hypot(eastM, (a.latDeg - b.latDeg) * M_PER_DEG);
}
function nearestPlace(incident: Incident, places: readonly Place[]): Place | null {
  let best: { place: Place; m: number } | null = null;
  for (const place of places) {
    const m = awayM(incident, place);
    if (!best || m < best.m) best = { place, m };
  }
  return best?.place ?? null;
}

/** Groups in the order of `keys`; the others are added as they come. */
function groupBy<K>(incidents: readonly Incident[], keyOf: (incident: Incident) => K | null, keys: readonly K[] = []): Map<K, Counted[]> {
  const groups = new Map<K, Counted[]>(keys.map((key) => [key, []]));
  for (const incident of incidents) {
    const key = keyOf(incident);
    if (key === null) continue;
    const list = groups.get(key);
    if (list) list.push(counted(incident));
    else groups.set(key, [counted(incident)]);
  }
  return groups;
}

/**
 * The figures of one day, each with the list that it counts. What another server decides on is counted there; what was merged is counted as
 * the incident that goes on, its reports as arrivals.
 */
export function townFigures({ town, rules, incidents, detections, dayMs, nowMs }: FiguresInput): TownFigures {
  const own = incidents.filter(({ origin, mergedInto }) => !origin && !mergedInto);
  const alerts = detections.filter(({ origin }) => !origin);
  const arrivals = new Map(town.channels.map(({ id }) => [id, Array.from({ length: 24 }, (): Counted[] => [])]));
  const arrive = (channelId: string, one: Counted): void => {
    if (one.atMs < dayMs || one.atMs >= dayMs + DAY_MS) return;
    arrivals.get(channelId)?.[Math.floor((one.atMs - dayMs) / HOUR_MS)]?.push(one);
  };
  for (const incident of own) {
    const reports = incident.reports ?? [{ channelId: incident.channelId, atMs: incident.reportedAtMs }];
    for (const { channelId, atMs } of reports) arrive(channelId, { kind: 'incident', id: incident.id, atMs });
  }
  const alert = (detection: Detection): Counted => ({ kind: 'detection', id: detection.id, atMs: detection.detectedAtMs });
  for (const detection of alerts) if (detection.outcome !== 'incident') arrive(detection.channelId, alert(detection));

  const villages = town.places.filter(({ kind }) => kind === 'village' || kind === 'community');
  const tiers: readonly Tier[] = ['simple', 'general', 'major'];
  return {
    arrivals,
    selfRectified: alerts.filter(({ outcome }) => outcome === 'selfRectified').map(alert),
    settledAlerts: alerts.filter(({ outcome }) => outcome === 'selfRectified' || outcome === 'incident').map(alert),
    incidents: own.map(counted),
    open: own.filter(({ state }) => state !== 'closed').map(counted),
    pending: own.filter(({ state }) => PENDING.includes(state)).map(counted),
    byTier: groupBy(own, ({ tier }) => tier, tiers),
    byAgency: groupBy(own, ({ leadAgencyId }) => leadAgencyId),
    byVillage: groupBy(own, (incident) => nearestPlace(incident, villages)?.id ?? null),
    promises: promiseStats(own, rules, nowMs),
  };
}

/**
 * Where the same kind of matter came up again: each joins the first place of its kind within `withinM`; most often first.
 * @param incidents Of the last days, in order of report.
 */
export function repeatPlaces(incidents: readonly Incident[], { withinM, atLeast }: { withinM: number; atLeast: number }): RepeatPlace[] {
  const places: (Omit<RepeatPlace, 'list'> & { list: Counted[] })[] = [];
  for (const incident of incidents) {
    if (incident.origin || incident.mergedInto) continue;
    const known = places.find((place) => place.typeId === incident.typeId && awayM(place, incident) <= withinM);
    if (known) known.list.push(counted(incident));
    else places.push({ typeId: incident.typeId, lonDeg: incident.lonDeg, latDeg: incident.latDeg, list: [counted(incident)] });
  }
  return places.filter(({ list }) => list.length >= atLeast).sort((a, b) => b.list.length - a.list.length);
}

/** Local midnight before a moment. @param utcOffsetMin minutes east of UTC. */
export const midnightBefore = (atMs: number, utcOffsetMin: number): number =>
  Math.floor((atMs + utcOffsetMin * MINUTE_MS) / DAY_MS) * DAY_MS - utcOffsetMin * MINUTE_MS;
