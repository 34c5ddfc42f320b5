import type { LonLat } from '../../protocol/primitives.ts';
import type { Unit } from '../../protocol/messages/index.ts';
import type { RoadWay, Router } from './deskContext.ts';

const EARTH_RADIUS_M = 6_371_008.8;
const RAD = Math.PI / 180;
/** Points of a route that travel with an incident: a town's road bends are all kept, the frame limit is never near. */
const MAX_ROUTE_POINTS = 400;
/** Where no road is known: detour factor of town roads, speed of a car in streets, of a person walking briskly, of a drone, of a boat. */
const DETOUR = 1.4;
const FALLBACK_MPS: Readonly<Record<Unit['kind'], number>> = { vehicle: 8, officer: 1.5, drone: 12, boat: 4 };

/** Great-circle distance. */
export function distanceM([lonA, latA]: LonLat, [lonB, latB]: LonLat): number {
  const dLat = (latB - latA) * RAD;
  const dLon = (lonB - lonA) * RAD;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(latA * RAD) * Math.cos(latB * RAD) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** 1e-6 degree is 11 cm: enough for a road, a third of the bytes. */
const rounded = ([lon, lat]: LonLat): LonLat => [Math.round(lon * 1e6) / 1e6, Math.round(lat * 1e6) / 1e6];

const thinned = (line: LonLat[]): LonLat[] => {
  if (line.length <= MAX_ROUTE_POINTS) return line.map(rounded);
  return Array.from({ length: MAX_ROUTE_POINTS }, (_, i) => rounded(line[Math.round((i * (line.length - 1)) / (MAX_ROUTE_POINTS - 1))]!));
};

/** A way as it travels with an incident: no finer and no longer than needed. */
export const toldWay = ({ line, distanceM, durationS }: RoadWay): RoadWay => ({ line: thinned(line), distanceM, durationS });

/** Where no road is known or needed: straight, with a detour factor on the ground. */
export function straightWay(kind: Unit['kind'], from: LonLat, to: LonLat): RoadWay {
  const straightM = distanceM(from, to);
  const alongM = kind === 'drone' ? straightM : straightM * DETOUR;
  return { line: [rounded(from), rounded(to)], distanceM: alongM, durationS: alongM / FALLBACK_MPS[kind] };
}

/** The way of a unit that sets out at `atMs`: by road, straight for a drone; where no road leads, straight with a detour factor. */
export function wayTo(router: Router, kind: Unit['kind'], from: LonLat, to: LonLat, atMs: number): RoadWay {
  if (kind === 'vehicle' || kind === 'officer') {
    const way = router.route(from, to, { kind, atMs });
    if (way) return toldWay(way);
  }
  return straightWay(kind, from, to);
}
