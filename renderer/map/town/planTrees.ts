import type { Town } from '../../../protocol/town/town.ts';
import type { LocalFrame } from '../localFrame.ts';
import { toPoints } from '../localFrame.ts';
import { boundsOf, isInside, stationsAlong } from './geometry.ts';
import { fieldBlocks } from './fieldBlocks.ts';
import type { Building } from './planBuildings.ts';
import { createRandom, hashText } from './random.ts';
import { waterCourse } from './waterCourse.ts';

export interface Tree {
  x: number;
  y: number;
  radiusM: number;
  seed: number;
}
/** Enough for avenues and windbreaks; each is eight triangles. */
const MOST_TREES = 9000;

/** Camphors along the roads, willows along the water, windbreaks at the hamlets. Drawn up like the houses: from the facts, by seed. */
export function planTrees(town: Pick<Town, 'roads' | 'waterLines' | 'outline'>, frame: LocalFrame, buildings: readonly Building[]): Tree[] {
  const trees: Tree[] = [];
  const taken = new Set<number>();
  const cell = (x: number, y: number) => Math.floor(x / 7) * 100_003 + Math.floor(y / 7);
  for (const b of buildings) {
    const reach = Math.max(b.widthM, b.depthM) / 2;
    for (let x = b.x - reach; x <= b.x + reach; x += 6) for (let y = b.y - reach; y <= b.y + reach; y += 6) taken.add(cell(x, y));
  }
  const plant = (x: number, y: number, radiusM: number, seed: number) => {
    if (trees.length >= MOST_TREES || taken.has(cell(x, y))) return;
    taken.add(cell(x, y));
    trees.push({ x, y, radiusM, seed });
  };
  const alongside = (
    id: string,
    line: readonly (readonly [number, number])[],
    off: number,
    stepM: number,
    density: number,
    radiusM: number,
  ) => {
    const random = createRandom(hashText(`trees ${id}`));
    for (const s of stationsAlong(line, stepM))
      for (const side of [-1, 1]) {
        if (random() > density) continue;
        const d = side * (off + random() * 1.5);
        plant(s.x - Math.sin(s.angleRad) * d, s.y + Math.cos(s.angleRad) * d, radiusM * (0.75 + random() * 0.5), random());
      }
  };
  for (const road of town.roads)
    if (road.class !== 'lane')
      alongside(road.id, toPoints(frame, road.line), road.widthM / 2 + 3.5, road.class === 'street' ? 17 : 22, 0.72, 3.1);
  for (const water of town.waterLines) alongside(water.id, waterCourse(frame, water), water.widthM / 2 + 4, 19, 0.6, 3);
  const outline = toPoints(frame, town.outline.ring);
  for (const block of fieldBlocks(boundsOf(outline))) {
    const random = createRandom(block.seed ^ 0x5bd1e995);
    const n = Math.floor(random() * 14);
    const x0 = block.minX + random() * 500;
    for (let i = 0; i < n; i++) {
      const x = x0 + i * 8 + random() * 5;
      const y = block.minY + 34 + random() * 40 * (i % 3 === 0 ? 1 : 0.2);
      if (isInside(outline, x, y)) plant(x, y, 2.4 + random() * 1.8, random());
    }
  }
  return trees;
}
