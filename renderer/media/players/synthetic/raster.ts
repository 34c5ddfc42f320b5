/**
 * A small software renderer for simulated cameras: textured vertical spans, a textured ground and billboards into a plain pixel array,
 * lit and fogged through tables. It needs no GPU and no canvas, so it runs in a worker and costs about a millisecond for a tile.
 * Pixels are 0xAABBGGRR in memory order RGBA on every platform that Chromium runs on (little-endian).
 */
export interface Mip {
  width: number;
  height: number;
  /** Column by column: a wall is drawn in columns. Alpha 0 is a hole, `GLOWS` shines by itself at night, 255 is lit like the rest. */
  texels: Uint32Array;
}
export interface Texture {
  widthM: number;
  heightM: number;
  mips: Mip[];
}

export const GLOWS = 200;
export const LEVELS = 32;
export const FOGS = 32;

export interface LightTable {
  /** Multipliers of red, green and blue, 0 to 256, and what fog adds (times 256), by `level + LEVELS * fog`. */
  r: Uint16Array;
  g: Uint16Array;
  b: Uint16Array;
  addR: Uint16Array;
  addG: Uint16Array;
  addB: Uint16Array;
}

export type Rgb = readonly [number, number, number];

/** The top level is kept for things that shine by themselves. */
export const GLOW_LEVEL = LEVELS - 1;
export const TOP_LEVEL = LEVELS - 2;

/**
 * @param shadow colour factor at level 0; @param light colour factor at `TOP_LEVEL`; @param glow colour factor at `GLOW_LEVEL`;
 * @param fog colour of the distance, 0 to 255.
 */
export function createLightTable(shadow: Rgb, light: Rgb, glow: Rgb, fog: Rgb): LightTable {
  const size = LEVELS * FOGS;
  const table: LightTable = {
    r: new Uint16Array(size),
    g: new Uint16Array(size),
    b: new Uint16Array(size),
    addR: new Uint16Array(size),
    addG: new Uint16Array(size),
    addB: new Uint16Array(size),
  };
  for (let f = 0; f < FOGS; f++) {
    const clear = 1 - f / (FOGS - 1);
    for (let l = 0; l < LEVELS; l++) {
      const k = l + LEVELS * f;
      const w = l / TOP_LEVEL;
      const mix = (i: 0 | 1 | 2) => Math.min(1, l === GLOW_LEVEL ? glow[i] : shadow[i] + (light[i] - shadow[i]) * w) * 256 * clear;
      table.r[k] = mix(0);
      table.g[k] = mix(1);
      table.b[k] = mix(2);
      table.addR[k] = fog[0] * 255 * (1 - clear);
      table.addG[k] = fog[1] * 255 * (1 - clear);
      table.addB[k] = fog[2] * 255 * (1 - clear);
    }
  }
  return table;
}

/** One camera's picture in the making. */
export interface Raster {
  width: number;
  height: number;
  pixels: Uint32Array;
  bytes: Uint8ClampedArray<ArrayBuffer>;
  /** Distance to the nearest solid wall in each column. */
  wallDepth: Float32Array;
  vignette: Uint8Array;
  light: LightTable;
}

export function createRaster(width: number, height: number, light: LightTable): Raster {
  const buffer = new ArrayBuffer(width * height * 4);
  const vignette = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const dx = (x + 0.5) / width - 0.5;
      const dy = (y + 0.5) / height - 0.5;
      const d = dx * dx + dy * dy * 0.8;
      vignette[y * width + x] = 255 * Math.max(0.35, 1 - 0.95 * d * Math.sqrt(d));
    }
  }
  return {
    width,
    height,
    pixels: new Uint32Array(buffer),
    bytes: new Uint8ClampedArray(buffer),
    wallDepth: new Float32Array(width),
    vignette,
    light,
  };
}

/** The mip whose texels are nearest to one screen pixel. @param texelsPerPixel of the finest mip. */
export function mipFor(texture: Texture, texelsPerPixel: number): Mip {
  let i = 0;
  for (let t = texelsPerPixel; t > 1.4 && i < texture.mips.length - 1; t /= 2) i++;
  return texture.mips[i]!;
}

/**
 * One column of a texture from row `top` to row `bottom` (floats, may lie outside).
 * @param u 0 to 1 across the texture; @param v0 @param v1 part of its height, 0 at the top.
 */
export function drawColumn(
  raster: Raster,
  x: number,
  top: number,
  bottom: number,
  mip: Mip,
  u: number,
  v0: number,
  v1: number,
  k: number,
  glowK: number,
): void {
  const { width, height, pixels, light } = raster;
  const from = Math.max(0, Math.ceil(top - 0.5));
  const to = Math.min(height, Math.ceil(bottom - 0.5));
  if (to <= from) return;
  const base = Math.min(mip.width - 1, (u * mip.width) | 0) * mip.height;
  const step = ((v1 - v0) * mip.height) / (bottom - top);
  let v = v0 * mip.height + (from + 0.5 - top) * step;
  const last = mip.height - 1;
  const { texels } = mip;
  const { r, g, b, addR, addG, addB } = light;
  let at = from * width + x;
  for (let y = from; y < to; y++, at += width, v += step) {
    const c = texels[base + (v < 0 ? 0 : v > last ? last : v | 0)]!;
    const a = c >>> 24;
    if (a === 0) continue;
    const i = a === 255 ? k : glowK;
    pixels[at] =
      0xff000000 |
      (((((c >> 16) & 255) * b[i]! + addB[i]!) >> 8) << 16) |
      (((((c >> 8) & 255) * g[i]! + addG[i]!) >> 8) << 8) |
      (((c & 255) * r[i]! + addR[i]!) >> 8);
  }
}

/** A billboard that faces the camera, hidden by solid walls. @param mirror draws it left to right. */
export function drawSprite(
  raster: Raster,
  texture: Texture,
  centreX: number,
  top: number,
  widthPx: number,
  heightPx: number,
  depth: number,
  k: number,
  glowK: number,
  mirror = false,
): void {
  const left = centreX - widthPx / 2;
  const from = Math.max(0, Math.ceil(left - 0.5));
  const to = Math.min(raster.width, Math.ceil(left + widthPx - 0.5));
  if (to <= from || top > raster.height || top + heightPx < 0) return;
  const mip = mipFor(texture, texture.mips[0]!.height / heightPx);
  for (let x = from; x < to; x++) {
    if (raster.wallDepth[x]! < depth) continue;
    const u = (x + 0.5 - left) / widthPx;
    drawColumn(raster, x, top, top + heightPx, mip, mirror ? 1 - u : u, 0, 1, k, glowK);
  }
}

/** A soft light added to the picture. @param strength 0 to 1 of each channel at its middle. */
export function addGlow(
  raster: Raster,
  centreX: number,
  centreY: number,
  radius: number,
  colour: Rgb,
  strength: number,
  depth: number,
): void {
  const { width, height, pixels } = raster;
  const r = Math.min(radius, height * 0.6);
  if (r < 1 || strength <= 0.01) return;
  const x0 = Math.max(0, Math.floor(centreX - r));
  const x1 = Math.min(width - 1, Math.ceil(centreX + r));
  const y0 = Math.max(0, Math.floor(centreY - r));
  const y1 = Math.min(height - 1, Math.ceil(centreY + r));
  const inv = 1 / (r * r);
  for (let y = y0; y <= y1; y++) {
    const dy = y - centreY;
    for (let x = x0; x <= x1; x++) {
      if (raster.wallDepth[x]! < depth) continue;
      const dx = x - centreX;
      const near = 1 - (dx * dx + dy * dy) * inv;
      if (near <= 0) continue;
      const w = near * near * near * strength;
      const at = y * width + x;
      const c = pixels[at]!;
      const red = (c & 255) + colour[0] * w;
      const green = ((c >> 8) & 255) + colour[1] * w;
      const blue = ((c >> 16) & 255) + colour[2] * w;
      pixels[at] = 0xff000000 | ((blue > 255 ? 255 : blue) << 16) | ((green > 255 ? 255 : green) << 8) | (red > 255 ? 255 : red);
    }
  }
}

/** Darkens the ground under something that stands on it. */
export function addShadow(
  raster: Raster,
  centreX: number,
  centreY: number,
  radiusX: number,
  radiusY: number,
  strength: number,
  depth: number,
): void {
  const { width, height, pixels } = raster;
  if (radiusX < 2 || radiusY < 0.7) return;
  const x0 = Math.max(0, Math.floor(centreX - radiusX));
  const x1 = Math.min(width - 1, Math.ceil(centreX + radiusX));
  const y0 = Math.max(0, Math.floor(centreY - radiusY));
  const y1 = Math.min(height - 1, Math.ceil(centreY + radiusY));
  for (let y = y0; y <= y1; y++) {
    const dy = (y - centreY) / radiusY;
    for (let x = x0; x <= x1; x++) {
      if (raster.wallDepth[x]! < depth) continue;
      const dx = (x - centreX) / radiusX;
      const near = 1 - dx * dx - dy * dy;
      if (near <= 0) continue;
      const keep = (256 * (1 - strength * Math.sqrt(near))) | 0;
      const at = y * width + x;
      const c = pixels[at]!;
      pixels[at] =
        0xff000000 | (((((c >> 16) & 255) * keep) >> 8) << 16) | (((((c >> 8) & 255) * keep) >> 8) << 8) | (((c & 255) * keep) >> 8);
    }
  }
}

const NOISE_SIZE = 8192;
const noise = new Int8Array(NOISE_SIZE);
for (let i = 0, a = 0x2545f491; i < NOISE_SIZE; i++) {
  a ^= a << 13;
  a ^= a >>> 17;
  a ^= a << 5;
  noise[i] = ((a & 15) + ((a >> 4) & 15) + ((a >> 8) & 15) - 22) >> 1;
}

/** Lens and sensor: darker corners, grain. @param grain 0 to 8, more at night. @param phase changes with each frame. */
export function finishPicture(raster: Raster, grain: number, phase: number): void {
  const { pixels, vignette } = raster;
  let n = ((phase * 2654435761) % NOISE_SIZE) | 0;
  for (let i = 0; i < pixels.length; i++) {
    const c = pixels[i]!;
    const v = vignette[i]!;
    n = (n + 1) & (NOISE_SIZE - 1);
    const d = (noise[n]! * grain) >> 2;
    let red = (((c & 255) * v) >> 8) + d;
    let green = ((((c >> 8) & 255) * v) >> 8) + d;
    let blue = ((((c >> 16) & 255) * v) >> 8) + d;
    if (red < 0) red = 0;
    else if (red > 255) red = 255;
    if (green < 0) green = 0;
    else if (green > 255) green = 255;
    if (blue < 0) blue = 0;
    else if (blue > 255) blue = 255;
    pixels[i] = 0xff000000 | (blue << 16) | (green << 8) | red;
  }
}

/** Text and marks made elsewhere, laid over the picture. `source` is RGBA, `width` pixels wide. */
export function overlayPicture(raster: Raster, source: Uint32Array, width: number, left: number, top: number): void {
  const { pixels } = raster;
  const rows = source.length / width;
  for (let y = 0; y < rows && top + y < raster.height; y++) {
    for (let x = 0; x < width; x++) {
      const s = source[y * width + x]!;
      const a = s >>> 24;
      if (a === 0) continue;
      const at = (top + y) * raster.width + left + x;
      const d = pixels[at]!;
      const mix = (shift: number) => ((((s >> shift) & 255) * a + ((d >> shift) & 255) * (255 - a)) / 255) | 0;
      pixels[at] = 0xff000000 | (mix(16) << 16) | (mix(8) << 8) | mix(0);
    }
  }
}
