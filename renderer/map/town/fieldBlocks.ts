import type { Bounds } from './geometry.ts';

/**
 * The fields lie in blocks between ditches. The ground shader computes the same grid (shaders/ground.ts quotes these numbers), so hamlets
 * planned along a block's south edge stand beside the ditch that the eye sees.
 */
export const BLOCK_WIDTH_M = 620;
export const BLOCK_HEIGHT_M = 440;
/** Each second row is shifted by this part of a block. */
export const BLOCK_SHIFT = 0.37;

export interface FieldBlock extends Bounds {
  seed: number;
}

export function* fieldBlocks(bounds: Bounds): Generator<FieldBlock> {
  for (let j = Math.floor(bounds.minY / BLOCK_HEIGHT_M); j * BLOCK_HEIGHT_M < bounds.maxY; j++) {
    const shift = (((j % 2) + 2) % 2) * BLOCK_SHIFT * BLOCK_WIDTH_M;
    for (let i = Math.floor((bounds.minX - shift) / BLOCK_WIDTH_M); i * BLOCK_WIDTH_M + shift < bounds.maxX; i++) {
      const minX = i * BLOCK_WIDTH_M + shift;
      const minY = j * BLOCK_HEIGHT_M;
      yield {
        minX,
        minY,
        maxX: minX + BLOCK_WIDTH_M,
        maxY: minY + BLOCK_HEIGHT_M,
        seed: (Math.imul(i, 73856093) ^ Math.imul(j, 19349663)) >>> 0,
      };
    }
  }
}
