import { PixelDatatype, PixelFormat, Sampler, Texture } from '@cesium/engine';
import type { GlContext } from '@cesium/engine';

/** Texels a row; 4,096 is below every WebGL 2 limit in use. */
export const TABLE_WIDTH = 1024;

/**
 * A float array that lives in a texture: `itemTexels` RGBA texels an item, whole items a row. Writers change `data` and mark items;
 * `upload` sends only the touched rectangles. Nothing is allocated after `create` but the views that WebGL asks for.
 */
export interface TexelTable {
  readonly data: Float32Array;
  readonly capacity: number;
  readonly itemsPerRow: number;
  readonly texture: () => Texture;
  /** Marks items [from, to) as changed. */
  touch(from: number, to: number): void;
  attach(context: GlContext): void;
  upload(): void;
  detach(): void;
}

export function createTexelTable(minItems: number, itemTexels: number): TexelTable {
  const itemsPerRow = TABLE_WIDTH / itemTexels;
  const rows = Math.max(1, Math.ceil(minItems / itemsPerRow));
  const data = new Float32Array(rows * TABLE_WIDTH * 4);
  let texture: Texture | undefined;
  let low = Infinity;
  let high = 0;

  function copy(x: number, y: number, width: number, height: number) {
    const from = (y * TABLE_WIDTH + x) * 4;
    const to = ((y + height - 1) * TABLE_WIDTH + x + width) * 4;
    texture?.copyFrom({ xOffset: x, yOffset: y, source: { width, height, arrayBufferView: data.subarray(from, to) } });
  }

  return {
    data,
    capacity: rows * itemsPerRow,
    itemsPerRow,
    texture() {
      if (!texture) throw new Error('a texel table was read before it was attached');
      return texture;
    },
    touch(from, to) {
      if (from < low) low = from;
      if (to > high) high = to;
    },
    attach(context) {
      texture = new Texture({
        context,
        width: TABLE_WIDTH,
        height: rows,
        pixelFormat: PixelFormat.RGBA,
        pixelDatatype: PixelDatatype.FLOAT,
        sampler: Sampler.NEAREST,
        flipY: false,
        source: { width: TABLE_WIDTH, height: rows, arrayBufferView: data },
      });
      low = Infinity;
      high = 0;
    },
    upload() {
      if (high <= low || !texture) return;
      const firstRow = Math.floor(low / itemsPerRow);
      const lastRow = Math.floor((high - 1) / itemsPerRow);
      if (firstRow === lastRow) copy((low % itemsPerRow) * itemTexels, firstRow, (high - low) * itemTexels, 1);
      else copy(0, firstRow, TABLE_WIDTH, lastRow - firstRow + 1);
      low = Infinity;
      high = 0;
    },
    detach() {
      texture?.destroy();
      texture = undefined;
    },
  };
}
