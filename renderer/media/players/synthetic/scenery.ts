import type { Quarter, Road, RoadClass, Town } from '../../../../protocol/town/town.ts';
import { hashText, mixBits } from '../../hash.ts';

/** What stands along one side of a path. */
export type SideKind = 'oldHouses' | 'canal' | 'shops' | 'blocks' | 'villas' | 'field' | 'sheds' | 'hall' | 'trees';

/** A stretch of `SECTION_M` of a path. `left` and `right` are as seen along the direction in which the road was drawn. */
export interface Section {
  index: number;
  left: SideKind;
  right: SideKind;
  seed: number;
}

export interface PathProfile {
  surface: 'slabs' | 'concrete' | 'asphalt';
  /** From the middle to the kerb or, without one, to the wall. */
  halfWidthM: number;
  /** Lanes in both directions together; 0 where no lines are painted. */
  lanes: number;
  lamps: 'lanterns' | 'streetLamps' | 'none';
  /** What the road was planted with. */
  trees: 'camphor' | 'waterFir' | 'ginkgo' | 'none';
}

/** Where a camera stands in terms of the path that it is on. */
export interface Surroundings {
  /** Changes when the camera turns into another road. */
  pathId: string;
  offsetM: number;
  /** True when it looks the way in which the road was drawn. */
  forward: boolean;
  /** Where it looks, relative to that way (forward) or its opposite, in (-90, 90]; positive to the right. */
  yawDeg: number;
  profile: PathProfile;
  /** From 2 sections behind to 7 ahead, in view order. */
  sections: Section[];
  quarter: Quarter['style'] | 'open';
}

export interface Place {
  lonDeg: number;
  latDeg: number;
  headingDeg: number;
}

/** Length of one stretch of scenery. */
export const SECTION_M = 24;
const BEHIND = 2;
const AHEAD = 7;
/** Farther than this from every road, a camera is on a path of its own. Twice the usual error of a phone in a street (10 m), plus half a wide road. */
const ON_ROAD_M = 45;
const METRES_PER_DEG_LAT = 110_574;
const METRES_PER_DEG_LON = 111_320;
/** Sections that are remembered; about 200 km of road. */
const KEPT_SECTIONS = 8192;

interface Line {
  id: string;
  road: Road | null;
  x: Float64Array;
  y: Float64Array;
  /** Distance from the start to each vertex. */
  alongM: Float64Array;
}
interface Projection {
  line: Line;
  offsetM: number;
  distanceM: number;
  bearingDeg: number;
}

const laneCount: Record<RoadClass, number> = { expressway: 4, trunk: 4, county: 2, townMain: 4, street: 2, lane: 0 };

/**
 * Chooses what a simulated camera sees from the data of the town: the road it is on, the quarter around it, water nearby.
 * The choice depends on the place alone, so the same place looks the same again, from whichever unit it is seen.
 */
export function createScenery(town: Town): { at(place: Place): Surroundings } {
  const { originLonDeg, originLatDeg } = town.scene;
  const metresPerDegLon = METRES_PER_DEG_LON * Math.cos((originLatDeg * Math.PI) / 180);
  const toX = (lonDeg: number) => (lonDeg - originLonDeg) * metresPerDegLon;
  const toY = (latDeg: number) => (latDeg - originLatDeg) * METRES_PER_DEG_LAT;

  const lineOf = (id: string, points: readonly (readonly [number, number])[], road: Road | null): Line => {
    const x = Float64Array.from(points, (p) => toX(p[0]));
    const y = Float64Array.from(points, (p) => toY(p[1]));
    const alongM = new Float64Array(points.length);
    for (let i = 1; i < points.length; i++) alongM[i] = alongM[i - 1]! + Math.hypot(x[i]! - x[i - 1]!, y[i]! - y[i - 1]!);
    return { id, road, x, y, alongM };
  };
  const roads = town.roads.map((r) => lineOf(r.id, r.line, r));
  const shores = [
    ...town.waterLines.map((w) => ({ ...lineOf(w.id, w.line, null), halfWidthM: w.widthM / 2 })),
    ...town.waterAreas.map((w) => ({ ...lineOf(w.id, w.ring, null), halfWidthM: 0 })),
  ];
  const quarters = town.quarters.map((q) => ({ quarter: q, x: q.ring.map((p) => toX(p[0])), y: q.ring.map((p) => toY(p[1])) }));
  const known = new Map<string, Section>();

  const quarterAt = (x: number, y: number) => quarters.find((q) => insideRing(x, y, q.x, q.y))?.quarter ?? null;
  const wetAt = (x: number, y: number, reachM: number) => shores.some((s) => nearestOn(s, x, y).distanceM < s.halfWidthM + reachM);

  const sectionAt = (line: Line, index: number, profile: PathProfile): Section => {
    const key = `${line.id}/${index}`;
    const kept = known.get(key);
    if (kept) return kept;
    const at = pointAlong(line, (index + 0.5) * SECTION_M);
    const seed = hashText(key);
    const sideAt = (side: -1 | 1): SideKind => {
      // A step to the side, seen along the line: right of a bearing b is b + 90°.
      const reachM = profile.halfWidthM + 9;
      const x = at.x + side * reachM * Math.cos(at.bearingRad);
      const y = at.y - side * reachM * Math.sin(at.bearingRad);
      return sideKindOf(quarterAt(x, y)?.style ?? 'open', wetAt(x, y, 7), profile, seed, side, index, line.id);
    };
    const section = { index, left: sideAt(-1), right: sideAt(1), seed };
    if (known.size >= KEPT_SECTIONS) known.clear();
    known.set(key, section);
    return section;
  };

  return {
    at({ lonDeg, latDeg, headingDeg }) {
      const x = toX(lonDeg);
      const y = toY(latDeg);
      let best: Projection | null = null;
      for (const line of roads) {
        const here = nearestOn(line, x, y);
        // Of two parallel roads the one whose course fits better wins.
        if (here.distanceM < ON_ROAD_M && (!best || cost(here, headingDeg) < cost(best, headingDeg))) best = { line, ...here };
      }
      const quarter = quarterAt(x, y)?.style ?? 'open';
      const on = best ?? ownPath(x, y, headingDeg);
      const profile = profileOf(on.line.road, quarter);
      const off = signedDeg(headingDeg - on.bearingDeg);
      const forward = Math.abs(off) <= 90;
      const index = Math.floor(on.offsetM / SECTION_M);
      const step = forward ? 1 : -1;
      const sections = Array.from({ length: BEHIND + AHEAD + 1 }, (_, i) => sectionAt(on.line, index + step * (i - BEHIND), profile));
      return {
        pathId: on.line.id,
        offsetM: on.offsetM,
        forward,
        yawDeg: forward ? off : signedDeg(off + 180),
        profile,
        sections,
        quarter,
      };
    },
  };
}

const cost = (p: { distanceM: number; bearingDeg: number }, headingDeg: number) =>
  p.distanceM + 12 * Math.abs(Math.sin(((headingDeg - p.bearingDeg) * Math.PI) / 180));

/** Degrees folded into (-180, 180]. */
function signedDeg(deg: number): number {
  const folded = ((deg % 360) + 360) % 360;
  return folded > 180 ? folded - 360 : folded;
}

/** A straight path through the place, for units in fields, yards and on the water: one of eight directions, fixed to a grid of 64 m. */
function ownPath(x: number, y: number, headingDeg: number): Projection {
  const bearingDeg = (Math.round(headingDeg / 45) % 4) * 45;
  const bearingRad = (bearingDeg * Math.PI) / 180;
  const sin = Math.sin(bearingRad);
  const cos = Math.cos(bearingRad);
  const across = Math.round((x * cos - y * sin) / 64) * 64;
  const along = x * sin + y * cos;
  const at = (m: number) => [across * cos + m * sin, -across * sin + m * cos] as const;
  const [a, b] = [at(0), at(1)];
  const line: Line = {
    id: `open:${bearingDeg}:${across}`,
    road: null,
    x: Float64Array.of(a[0], b[0]),
    y: Float64Array.of(a[1], b[1]),
    alongM: Float64Array.of(0, 1),
  };
  return { line, offsetM: along, distanceM: 0, bearingDeg };
}

function profileOf(road: Road | null, quarter: Surroundings['quarter']): PathProfile {
  const old = quarter === 'old';
  const trees = (['camphor', 'waterFir', 'ginkgo', 'camphor', 'none'] as const)[hashText(road?.id ?? quarter) % 5]!;
  if (!road) return { surface: old ? 'slabs' : 'concrete', halfWidthM: old ? 1.9 : 2.2, lanes: 0, lamps: old ? 'lanterns' : 'none', trees };
  const narrow = road.class === 'lane' || (old && road.class === 'street');
  if (narrow) {
    return {
      surface: old ? 'slabs' : 'concrete',
      halfWidthM: Math.min(old ? 2.1 : 2.8, Math.max(1.5, road.widthM / 2)),
      lanes: 0,
      lamps: old ? 'lanterns' : 'streetLamps',
      trees,
    };
  }
  const lanes = road.oneWay ? laneCount[road.class] / 2 : laneCount[road.class];
  return {
    surface: 'asphalt',
    halfWidthM: Math.min(12, Math.max(3.2, road.widthM / 2)),
    lanes,
    lamps: road.class === 'county' ? 'none' : 'streetLamps',
    trees,
  };
}

function sideKindOf(
  style: Surroundings['quarter'],
  wet: boolean,
  profile: PathProfile,
  seed: number,
  side: -1 | 1,
  index: number,
  lineId: string,
): SideKind {
  const dice = mixBits(seed + side * 7919) / 2 ** 32;
  if (wet) return 'canal';
  switch (style) {
    case 'old': {
      if (profile.surface === 'asphalt') return dice < 0.6 ? 'shops' : 'trees';
      // Some stretches of the old lanes open to a side canal too narrow for the map: runs of five sections, on one side only.
      const run = mixBits(hashText(lineId) + Math.floor(index / 5)) % 8;
      return (run === 0 && side < 0) || (run === 1 && side > 0) ? 'canal' : 'oldHouses';
    }
    case 'modern':
      return dice < 0.45 ? 'shops' : dice < 0.8 ? 'blocks' : 'trees';
    case 'village':
      return dice < 0.6 ? 'villas' : dice < 0.82 ? 'field' : 'trees';
    case 'industry':
      return dice < 0.7 ? 'sheds' : 'trees';
    case 'venue':
      return dice < 0.5 ? 'hall' : 'trees';
    case 'open':
      return dice < 0.62 ? 'field' : 'trees';
  }
}

function nearestOn(line: Line, px: number, py: number): { offsetM: number; distanceM: number; bearingDeg: number } {
  let best = Infinity;
  let offsetM = 0;
  let at = 1;
  for (let i = 1; i < line.x.length; i++) {
    const ax = line.x[i - 1]!;
    const ay = line.y[i - 1]!;
    const dx = line.x[i]! - ax;
    const dy = line.y[i]! - ay;
    const lengthSq = dx * dx + dy * dy;
    const k = lengthSq === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / lengthSq));
    const ex = px - ax - k * dx;
    const ey = py - ay - k * dy;
    const sq = ex * ex + ey * ey;
    if (sq < best) {
      best = sq;
      at = i;
      offsetM = line.alongM[i - 1]! + k * Math.sqrt(lengthSq);
    }
  }
  const bearingRad = Math.atan2(line.x[at]! - line.x[at - 1]!, line.y[at]! - line.y[at - 1]!);
  return { offsetM, distanceM: Math.sqrt(best), bearingDeg: ((bearingRad * 180) / Math.PI + 360) % 360 };
}

/** Beyond its ends a line goes on straight. */
function pointAlong(line: Line, offsetM: number): { x: number; y: number; bearingRad: number } {
  let i = 1;
  while (i < line.x.length - 1 && line.alongM[i]! < offsetM) i++;
  const bearingRad = Math.atan2(line.x[i]! - line.x[i - 1]!, line.y[i]! - line.y[i - 1]!);
  const restM = offsetM - line.alongM[i - 1]!;
  return { x: line.x[i - 1]! + restM * Math.sin(bearingRad), y: line.y[i - 1]! + restM * Math.cos(bearingRad), bearingRad };
}

function insideRing(px: number, py: number, x: readonly number[], y: readonly number[]): boolean {
  let inside = false;
  for (let i = 0, j = x.length - 1; i < x.length; j = i++) {
    if (y[i]! > py !== y[j]! > py && px < ((x[j]! - x[i]!) * (py - y[i]!)) / (y[j]! - y[i]!) + x[i]!) inside = !inside;
  }
  return inside;
}
