import type { LocalFrame, Point } from '../localFrame.ts';
import { toPoints } from '../localFrame.ts';
import type { Quarter, Town } from '../../../protocol/town/town.ts';
import { areaOf, boundsOf, distanceToLine, isInside, stationsAlong } from './geometry.ts';
import { waterCourse } from './waterCourse.ts';
import { landmarkSites } from './buildLandmarks.ts';
import { fieldBlocks } from './fieldBlocks.ts';
import { createOccupancy } from './occupancy.ts';
import type { Occupancy } from './occupancy.ts';
import { createRandom, hashText } from './random.ts';
import type { Random } from './random.ts';

/**
 * Where the houses stand. The facts give quarters, roads and water, not houses: these are drawn up from them, always the same for the same
 * town, never on water or on a road. A schematic town, as the wall's notice says.
 */
export type BuildingStyle = 'old' | 'modern' | 'village' | 'industry' | 'venue';

export interface Building {
  /** Centre, metres east and north of the origin. */
  x: number;
  y: number;
  /** Direction of the long side, radians anticlockwise from east. */
  angleRad: number;
  widthM: number;
  depthM: number;
  /** Height of the eaves. */
  heightM: number;
  style: BuildingStyle;
  /** Looks onto a canal of an old quarter: its eaves carry lanterns. */
  waterside: boolean;
  /** 0..1, varies colour and lit windows. */
  seed: number;
}

export interface BuildingPlan {
  buildings: Building[];
}

interface Plan {
  occupancy: Occupancy;
  lanes: { line: Point[]; halfWidthM: number; isWater: boolean }[];
  out: Building[];
}

/** Kerb or quay between a wall and the road or water. */
const SET_BACK_M = 0.4;
/** Stamped cells reach beyond the stamped width by up to their diagonal. */
const STAMP_M = 2.9;
/** A town of more houses than this is drawn by the first so many. */
const MOST_BUILDINGS = 14_000;

export function planBuildings(
  town: Pick<Town, 'quarters' | 'roads' | 'waterLines' | 'waterAreas' | 'outline' | 'places'>,
  frame: LocalFrame,
): BuildingPlan {
  const outline = toPoints(frame, town.outline.ring);
  const quarters = town.quarters.map((q) => ({ quarter: q, ring: toPoints(frame, q.ring) }));
  const all = [...outline, ...quarters.flatMap((q) => q.ring)];
  const b = boundsOf(all);
  const occupancy = createOccupancy({ minX: b.minX - 100, minY: b.minY - 100, maxX: b.maxX + 100, maxY: b.maxY + 100 });
  const lanes: Plan['lanes'] = [];
  for (const road of town.roads) {
    const line = toPoints(frame, road.line);
    occupancy.stampLine(line, road.widthM / 2 + SET_BACK_M);
    if (road.class !== 'expressway' && road.class !== 'trunk') lanes.push({ line, halfWidthM: road.widthM / 2, isWater: false });
  }
  for (const water of town.waterLines) {
    const line = waterCourse(frame, water);
    occupancy.stampLine(line, water.widthM / 2 + SET_BACK_M);
    if (water.widthM < 40) lanes.push({ line, halfWidthM: water.widthM / 2, isWater: true });
  }
  for (const site of landmarkSites(town.places, frame))
    occupancy.stampLine(
      [
        [site.x, site.y],
        [site.x, site.y],
      ],
      site.radiusM,
    );
  for (const area of town.waterAreas) occupancy.stampRing(toPoints(frame, area.ring));

  const plan: Plan = { occupancy, lanes, out: [] };
  const order: readonly BuildingStyle[] = ['venue', 'old', 'industry', 'modern', 'village'];
  // The smallest first: should the town be larger than can be drawn, no hamlet is left empty for a bigger one.
  const bySize = [...quarters].sort((p, q) => areaOf(p.ring) - areaOf(q.ring));
  for (const style of order) for (const q of bySize) if (q.quarter.style === style) fillQuarter(plan, q.quarter, q.ring);
  scatterHamlets(plan, outline, quarters);
  return { buildings: plan.out };
}

function fillQuarter(plan: Plan, quarter: Quarter, ring: Point[]): void {
  const random = createRandom(hashText(quarter.id));
  const angleRad = mainAngle(plan, ring);
  const rows = (style: BuildingStyle, angle: number, stepM: number, rowM: number, density: number, jitterM: number) =>
    fillRows(plan, ring, random, { style, angleRad: angle, stepM, rowM, density, jitterM });
  switch (quarter.style) {
    case 'old':
      alongLanes(plan, ring, random, 'old', 6);
      rows('old', angleRad, 8.6, 11.5, 0.9, 0.4);
      return;
    case 'village':
      alongLanes(plan, ring, random, 'village', 1);
      rows('village', smallAngle(angleRad), 12.8, 26, 0.6, 2);
      return;
    case 'modern':
      rows('modern', smallAngle(angleRad), 49, 36, 0.88, 2);
      return;
    case 'industry':
      rows('industry', angleRad, 90, 56, 0.88, 4);
      return;
    case 'venue':
      rows('venue', angleRad, 150, 105, 0.9, 8);
      return;
  }
}

/** Houses here face south whatever the road does: rows keep within 20 degrees of east-west. */
function smallAngle(angleRad: number): number {
  const folded = ((((angleRad + Math.PI / 4) % (Math.PI / 2)) + Math.PI / 2) % (Math.PI / 2)) - Math.PI / 4;
  return Math.max(-0.35, Math.min(0.35, folded));
}

/** Direction of the lane or canal nearest to the middle of the quarter. */
function mainAngle(plan: Plan, ring: readonly Point[]): number {
  const b = boundsOf(ring);
  const x = (b.minX + b.maxX) / 2;
  const y = (b.minY + b.maxY) / 2;
  let best = Infinity;
  let angle = 0;
  for (const lane of plan.lanes)
    for (let i = 1; i < lane.line.length; i++) {
      const a = lane.line[i - 1]!;
      const c = lane.line[i]!;
      const d = distanceToLine(x, y, [a, c]);
      if (d < best) {
        best = d;
        angle = Math.atan2(c[1] - a[1], c[0] - a[0]);
      }
    }
  return best < 600 ? angle : 0;
}

function sizeOf(style: BuildingStyle, random: Random): { widthM: number; depthM: number; heightM: number } {
  const r = random();
  switch (style) {
    case 'old':
      return { widthM: 8.6, depthM: 8.4 + random() * 1.4, heightM: r < 0.24 ? 3.7 : 5.9 + Math.floor(random() * 4) * 0.32 };
    case 'village':
      return { widthM: 10 + r * 2, depthM: 9.5 + random() * 2, heightM: r < 0.2 ? 4.2 : 7.4 + random() * 2.6 };
    case 'modern':
      return r < 0.07
        ? { widthM: 26, depthM: 17, heightM: 38 + random() * 22 }
        : { widthM: 30 + r * 12, depthM: 11.5 + random() * 3, heightM: 13 + Math.floor(random() * 3) * 3 };
    case 'industry':
      return { widthM: 50 + r * 34, depthM: 28 + random() * 20, heightM: 8 + random() * 5 };
    case 'venue':
      return { widthM: 70 + r * 60, depthM: 48 + random() * 36, heightM: 12 + random() * 9 };
  }
}

/** @param depthM instead of the style's own */
function place(
  plan: Plan,
  random: Random,
  style: BuildingStyle,
  x: number,
  y: number,
  angleRad: number,
  waterside: boolean,
  depthM?: number,
): boolean {
  if (plan.out.length >= MOST_BUILDINGS) return false;
  const size = sizeOf(style, random);
  const building = { x, y, angleRad, ...size, depthM: depthM ?? size.depthM, style, waterside, seed: random() };
  const gapM = style === 'old' ? -1.3 : style === 'village' ? -0.2 : 3;
  if (!plan.occupancy.take(building, gapM)) return false;
  plan.out.push(building);
  return true;
}

/**
 * Rows of houses along every lane and canal through the ring, on both sides: all frontages first, then the rows behind them. Old houses
 * stand wall to wall with an alley now and then, the first row on the quay itself.
 */
function alongLanes(plan: Plan, ring: readonly Point[], random: Random, style: 'old' | 'village', rows: number): void {
  const stepM = style === 'old' ? 8.6 : 14;
  const rowM = style === 'old' ? 11.8 : 20;
  const b = boundsOf(ring);
  const through = [...plan.lanes]
    .sort((p, q) => Number(q.isWater) - Number(p.isWater))
    .filter(({ line }) => line.some(([x, y]) => x > b.minX - 400 && x < b.maxX + 400 && y > b.minY - 400 && y < b.maxY + 400));
  for (let row = 0; row < rows; row++)
    for (const lane of through) {
      // Behind a street stands one row, behind a canal as many as fit: the town grew from the water.
      if (row > 0 && !lane.isWater) continue;
      const quay = lane.halfWidthM + SET_BACK_M + STAMP_M;
      // A lane close behind the quay leaves only a shallow house, as it does in the town.
      const depths = style === 'village' ? [11] : row === 0 ? [9.2, 7.4, 5.6] : [9.2];
      for (const s of stationsAlong(lane.line, stepM))
        for (const side of [-1, 1]) {
          if (random() < (style === 'old' ? 0.07 : 0.62)) continue;
          for (const depthM of depths) {
            const off = side * (quay + depthM / 2 + row * rowM);
            const x = s.x - Math.sin(s.angleRad) * off;
            const y = s.y + Math.cos(s.angleRad) * off;
            if (!isInside(ring, x, y)) break;
            if (place(plan, random, style, x, y, s.angleRad, lane.isWater && row === 0 && style === 'old', depthM)) break;
          }
        }
    }
}

interface RowFill {
  style: BuildingStyle;
  angleRad: number;
  stepM: number;
  rowM: number;
  density: number;
  jitterM: number;
}

function fillRows(plan: Plan, ring: readonly Point[], random: Random, fill: RowFill): void {
  const b = boundsOf(ring);
  const cx = (b.minX + b.maxX) / 2;
  const cy = (b.minY + b.maxY) / 2;
  const reach = Math.hypot(b.maxX - b.minX, b.maxY - b.minY) / 2;
  const large = areaOf(ring) > 50_000;
  const c = Math.cos(fill.angleRad);
  const s = Math.sin(fill.angleRad);
  for (let v = -reach; v <= reach; v += fill.rowM)
    for (let u = -reach; u <= reach; u += fill.stepM) {
      if (random() > fill.density) continue;
      const du = u + (random() - 0.5) * fill.jitterM;
      const dv = v + (random() - 0.5) * fill.jitterM;
      const x = cx + du * c - dv * s;
      const y = cy + du * s + dv * c;
      // A village is clumps of rows with orchards and yards between them, not a camp.
      if (fill.style === 'village' && large && clumpAt(x, y) > 0.26) continue;
      if (isInside(ring, x, y)) place(plan, random, fill.style, x, y, fill.angleRad + (random() - 0.5) * 0.04, false);
    }
}

/** 0..1, the same over some sixty metres. */
function clumpAt(x: number, y: number): number {
  return (hashText(`${Math.floor(x / 62)} ${Math.floor(y / 54)}`) >>> 8) / 0x1000000;
}

/** Between the named villages lie natural hamlets, strung along the ditches of the field grid that the ground is drawn with. */
function scatterHamlets(plan: Plan, outline: readonly Point[], quarters: readonly { ring: Point[] }[]): void {
  for (const block of fieldBlocks(boundsOf(outline))) {
    const random = createRandom(block.seed);
    if (random() > 0.36) continue;
    const y = block.minY + 14;
    const length = 70 + random() * 230;
    const from = block.minX + 30 + random() * Math.max(0, block.maxX - block.minX - length - 60);
    const rows = random() < 0.45 ? 2 : 1;
    for (let row = 0; row < rows; row++)
      for (let x = from; x < from + length; x += 14.5) {
        if (random() < 0.2) continue;
        const px = x + (random() - 0.5) * 2;
        const py = y + row * 24 + (random() - 0.5) * 3;
        if (!isInside(outline, px, py) || quarters.some((q) => isInside(q.ring, px, py))) continue;
        place(plan, random, 'village', px, py, (random() - 0.5) * 0.06, false);
      }
  }
}
