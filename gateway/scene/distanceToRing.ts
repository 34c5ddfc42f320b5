import type { LonLat } from '../../protocol/primitives.ts';

/** Metres from a point to a ring, 0 inside it. Flat-earth: right to a per mille within 30 km. */
export function distanceToRingM([lonDeg, latDeg]: LonLat, ring: readonly LonLat[]): number {
  const mPerLat = 110_870;
  const mPerLon = 111_320 * Math.cos((latDeg * Math.PI) / 180);
  let inside = false;
  let nearestM = Infinity;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const ax = (ring[j]![0] - lonDeg) * mPerLon;
    const ay = (ring[j]![1] - latDeg) * mPerLat;
    const bx = (ring[i]![0] - lonDeg) * mPerLon;
    const by = (ring[i]![1] - latDeg) * mPerLat;
    if (ay > 0 !== by > 0 && (-ay / (by - ay)) * (bx - ax) + ax > 0) inside = !inside;
    const lengthSq = (bx - ax) ** 2 + (by - ay) ** 2;
    const t = lengthSq > 0 ? Math.min(1, Math.max(0, -(ax * (bx - ax) + ay * (by - ay)) / lengthSq)) : 0;
    nearestM = Math.min(nearestM, Math.hypot(ax + t * (bx - ax), ay + t * (by - ay)));
  }
  return inside ? 0 : nearestM;
}
