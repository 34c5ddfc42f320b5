import type { LocalFrame, Point } from '../localFrame.ts';
import { toPoints } from '../localFrame.ts';
import type { Quarter, Town } from '../../../protocol/town/town.ts';
import { boundsOf, distanceToLine, isInside, stationsAlong } from './geometry.ts';
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
const SET_BACK_M = 1;
/** A town of more houses than this is drawn by the first so many. */
const MOST_BUILDINGS = 16_000;

export function planBuildings(
  town: Pick<Town, 'quarters' | 'roads' | 'waterLines' | 'waterAreas' | 'outline'>,
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
    const line = toPoints(frame, water.line);
    occupancy.stampLine(line, water.widthM / 2 + SET_BACK_M);
    if (water.widthM < 40) lanes.push({ line, halfWidthM: water.widthM / 2, isWater: true });
  }
  for (const area of town.waterAreas) occupancy.stampRing(toPoints(frame, area.ring));

  const plan: Plan = { occupancy, lanes, out: [] };
  const order: readonly BuildingStyle[] = ['venue', 'old', 'industry', 'modern', 'village'];
  for (const style of order) for (const q of quarters) if (q.quarter.style === style) fillQuarter(plan, q.quarter, q.ring);
  scatterHamlets(plan, outline, quarters);
  return { buildings: plan.out };
}

function fillQuarter(plan: Plan, quarter: Quarter, ring: Point[]): void {
  const random = createRandom(hashText(quarter.id));
  switch (quarter.style) {
    case 'old':
      alongLanes(plan, ring, random, 'old', 3);
      fillRows(plan, ring, random, { style: 'old', angleRad: mainAngle(plan, ring), stepM: 9.5, rowM: 13, density: 0.82, jitterM: 1.2 });
      return;
    case 'village':
      alongLanes(plan, ring, random, 'village', 1);
      fillRows(plan, ring, random, {
        style: 'village',
        angleRad: smallAngle(mainAngle(plan, ring)),
        stepM: 14,
        rowM: 25,
        density: 0.66,
        jitterM: 2.5,
      });
      return;
    case 'modern':
      fillRows(plan, ring, random, {
        style: 'modern',
        angleRad: smallAngle(mainAngle(plan, ring)),
        stepM: 46,
        rowM: 33,
        density: 0.86,
        jitterM: 2,
      });
      return;
    case 'industry':
      fillRows(plan, ring, random, { style: 'industry', angleRad: mainAngle(plan, ring), stepM: 92, rowM: 58, density: 0.85, jitterM: 4 });
      return;
    case 'venue':
      fillRows(plan, ring, random, { style: 'venue', angleRad: mainAngle(plan, ring), stepM: 150, rowM: 105, density: 0.9, jitterM: 8 });
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
      return { widthM: 7 + r * 3.5, depthM: 8 + random() * 3, heightM: r < 0.35 ? 3.6 : 6 + random() * 0.9 };
    case 'village':
      return { widthM: 10 + r * 3, depthM: 9.5 + random() * 2, heightM: r < 0.2 ? 4 : 7.4 + random() * 2.6 };
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

function place(plan: Plan, random: Random, style: BuildingStyle, x: number, y: number, angleRad: number, waterside: boolean): boolean {
  if (plan.out.length >= MOST_BUILDINGS) return false;
  const building = { x, y, angleRad, ...sizeOf(style, random), style, waterside, seed: random() };
  const gapM = style === 'old' ? 0 : style === 'village' ? 0.8 : 3;
  if (!plan.occupancy.take(building, gapM)) return false;
  plan.out.push(building);
  return true;
}

/** Rows of houses on both sides of every lane and canal through the ring: the frontage first, further rows behind it. */
function alongLanes(plan: Plan, ring: readonly Point[], random: Random, style: 'old' | 'village', rows: number): void {
  const stepM = style === 'old' ? 9 : 14.5;
  const rowM = style === 'old' ? 12.5 : 20;
  for (let row = 0; row < rows; row++)
    for (const lane of plan.lanes)
      for (const s of stationsAlong(lane.line, stepM)) {
        if (!isInside(ring, s.x, s.y)) continue;
        for (const side of [-1, 1]) {
          if (style === 'village' && random() < 0.35) continue;
          const off = side * (lane.halfWidthM + SET_BACK_M + 8.5 + row * rowM + random() * 0.8);
          const x = s.x - Math.sin(s.angleRad) * off;
          const y = s.y + Math.cos(s.angleRad) * off;
          if (!isInside(ring, x, y)) continue;
          const turned = row > 0 && random() < 0.3 ? Math.PI / 2 : 0;
          place(plan, random, style, x, y, s.angleRad + turned + (random() - 0.5) * 0.05, lane.isWater && row === 0 && style === 'old');
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
  const c = Math.cos(fill.angleRad);
  const s = Math.sin(fill.angleRad);
  for (let v = -reach; v <= reach; v += fill.rowM)
    for (let u = -reach; u <= reach; u += fill.stepM) {
      if (random() > fill.density) continue;
      const du = u + (random() - 0.5) * fill.jitterM;
      const dv = v + (random() - 0.5) * fill.jitterM;
      const x = cx + du * c - dv * s;
      const y = cy + du * s + dv * c;
      if (isInside(ring, x, y)) place(plan, random, fill.style, x, y, fill.angleRad + (random() - 0.5) * 0.04, false);
    }
}

/** Between the named villages lie natural hamlets, strung along the ditches of the field grid that the ground is drawn with. */
function scatterHamlets(plan: Plan, outline: readonly Point[], quarters: readonly { ring: Point[] }[]): void {
  for (const block of fieldBlocks(boundsOf(outline))) {
    const random = createRandom(block.seed);
    if (random() > 0.62) continue;
    const y = block.minY + 14;
    const length = 90 + random() * 300;
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
