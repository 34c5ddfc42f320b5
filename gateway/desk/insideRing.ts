import type { LonLat } from '../../protocol/primitives.ts';

/** Even-odd rule. The ring may be closed or open; a town is small enough for degrees as plane coordinates. */
export function insideRing([lon, lat]: LonLat, ring: readonly LonLat[]): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [lonA, latA] = ring[i]!;
    const [lonB, latB] = ring[j]!;
    if (latA > lat !== latB > lat && lon < ((lonB - lonA) * (lat - latA)) / (latB - latA) + lonA) inside = !inside;
  }
  return inside;
}
