import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';

/** Draws resources/icon.svg and icon.png: a watchtower (望楼) with lit windows over water. One list of shapes makes both. */

type Point = readonly [number, number];
interface Shape {
  fill: readonly [number, number, number];
  /** Convex or not, without holes; in a square of 512. */
  points: readonly Point[];
}
const SIZE = 512;
/** Samples a pixel and axis: enough that edges look smooth. */
const SAMPLES = 4;

const box = (x: number, y: number, width: number, height: number): Point[] => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
];
const rounded = (radius: number): Point[] => {
  const corners: [number, number, number][] = [
    [SIZE - radius, radius, -90],
    [SIZE - radius, SIZE - radius, 0],
    [radius, SIZE - radius, 90],
    [radius, radius, 180],
  ];
  return corners.flatMap(([x, y, from]) =>
    Array.from({ length: 13 }, (_, i): Point => {
      const angle = ((from + i * 7.5) * Math.PI) / 180;
      return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
    }),
  );
};
const roof = (top: number, half: number, height: number): Point[] => [
  [256, top],
  [256 + half * 0.55, top + height * 0.62],
  [256 + half, top + height],
  [256 - half, top + height],
  [256 - half * 0.55, top + height * 0.62],
];

const NIGHT = [14, 22, 34] as const;
const TILE = [58, 82, 104] as const;
const WALL = [214, 224, 232] as const;
const LAMP = [246, 190, 92] as const;
const WATER = [38, 120, 138] as const;

const SHAPES: readonly Shape[] = [
  { fill: NIGHT, points: rounded(96) },
  { fill: TILE, points: roof(84, 116, 74) },
  { fill: WALL, points: box(192, 158, 128, 66) },
  { fill: TILE, points: roof(196, 150, 66) },
  { fill: WALL, points: box(176, 262, 160, 122) },
  ...[208, 244, 280].map((x) => ({ fill: LAMP, points: box(x, 174, 24, 34) })),
  ...[196, 240, 284].map((x) => ({ fill: LAMP, points: box(x, 284, 32, 46) })),
  { fill: NIGHT, points: box(236, 350, 40, 34) },
  { fill: WATER, points: box(104, 384, 304, 14) },
  { fill: WATER, points: box(144, 410, 224, 10) },
  { fill: WATER, points: box(184, 432, 144, 8) },
];

const colour = (fill: Shape['fill']) => `#${fill.map((value) => value.toString(16).padStart(2, '0')).join('')}`;

function drawSvg(): string {
  const round = (value: number) => Math.round(value * 10) / 10;
  const paths = SHAPES.map(
    ({ fill, points }) => `  <path fill="${colour(fill)}" d="M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}Z"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}">\n${paths.join('\n')}\n</svg>\n`;
}

/** Even-odd rule. */
function isInside(points: readonly Point[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const [xi, yi] = points[i] as Point;
    const [xj, yj] = points[j] as Point;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

function drawPng(): Buffer {
  const rows = Buffer.alloc(SIZE * (1 + SIZE * 4)); // each row begins with filter 0
  const boxes = SHAPES.map(({ points }) => ({
    left: Math.min(...points.map(([x]) => x)) - 1,
    right: Math.max(...points.map(([x]) => x)) + 1,
    top: Math.min(...points.map(([, y]) => y)) - 1,
    bottom: Math.max(...points.map(([, y]) => y)) + 1,
  }));
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const near = SHAPES.filter((_, i) => {
        const { left, right, top, bottom } = boxes[i] as (typeof boxes)[number];
        return x >= left && x <= right && y >= top && y <= bottom;
      });
      const sum = [0, 0, 0, 0];
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
        const sx = x + ((sample % SAMPLES) + 0.5) / SAMPLES;
        const sy = y + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES;
        const top = near.findLast(({ points }) => isInside(points, sx, sy));
        if (top === undefined) continue;
        for (let i = 0; i < 3; i++) sum[i] = (sum[i] ?? 0) + (top.fill[i] ?? 0);
        sum[3] = (sum[3] ?? 0) + 1;
      }
      const covered = sum[3] ?? 0;
      const at = y * (1 + SIZE * 4) + 1 + x * 4;
      for (let i = 0; i < 3; i++) rows[at + i] = covered === 0 ? 0 : Math.round((sum[i] ?? 0) / covered);
      rows[at + 3] = Math.round((255 * covered) / (SAMPLES * SAMPLES));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  header.set([8, 6, 0, 0, 0], 8); // 8 bits, RGBA
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  out.set(body, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

const folder = join(fileURLToPath(new URL('..', import.meta.url)), 'resources');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'icon.svg'), drawSvg());
writeFileSync(join(folder, 'icon.png'), drawPng());
