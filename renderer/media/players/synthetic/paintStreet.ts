import { mixBits } from '../../hash.ts';
import { drawBackdrop } from './paintSky.ts';
import { drawThings } from './paintThings.ts';
import { drawColumn, finishPicture, GLOW_LEVEL, LEVELS, mipFor, type Raster, type Texture } from './raster.ts';
import { SECTION_M, type Section } from './scenery.ts';
import { fogOf, lightingOf, type Frame, type Stretch } from './streetFrame.ts';
import { BANK_M, sideProfile, WATER_LEVEL_M, type SideProfile } from './sideProfiles.ts';
import { beginTextures, catalogue, type Material } from './catalogue.ts';
import type { StreetView } from './streetView.ts';

const FAR_M = 150;

const profiles = new Map<string, SideProfile>();
function profileFor(kind: Section['left'], view: StreetView): SideProfile {
  const key = `${kind}/${view.profile.surface}/${view.profile.lamps}/${view.profile.trees}`;
  let profile = profiles.get(key);
  if (!profile) profiles.set(key, (profile = sideProfile(kind, view.profile)));
  return profile;
}

/** Paints one picture of a street. Costs about a millisecond at 320 x 180. */
export function paintStreet(raster: Raster, view: StreetView, phase: number): void {
  raster.light = view.light.table;
  beginTextures();
  const { width, height } = raster;
  const focalPx = view.focal * width;
  const horizon = height * (0.47 + view.tilt);
  const sin = Math.sin(view.yawRad);
  const cos = Math.cos(view.yawRad);
  const stretches: Stretch[] = view.sections.map((section) => {
    const z0 = view.way > 0 ? section.index * SECTION_M - view.alongM : view.alongM - (section.index + 1) * SECTION_M;
    const left = profileFor(section.left, view);
    const right = profileFor(section.right, view);
    return { section, sides: view.way > 0 ? [left, right] : [right, left], z0 };
  });
  const lighting = lightingOf(view);
  const frame: Frame = { raster, view, stretches, lighting, focalPx, horizon, sin, cos, veils: [] };
  drawBackdrop(raster, view, horizon, focalPx);
  const floorFrom = new Int16Array(width);
  for (let x = 0; x < width; x++) floorFrom[x] = drawSolids(frame, x);
  drawFloor(frame, floorFrom);
  drawWater(frame);
  drawThings(frame, true);
  // Far ones first: columns are independent, so one list sorted by depth serves all of them.
  frame.veils.sort((a, b) => b.depth - a.depth);
  for (const v of frame.veils) drawColumn(raster, v.x, v.top, v.bottom, mipFor(v.texture, v.texelsPerPx), v.u, 0, 1, v.k, v.glowK);
  drawThings(frame, false);
  finishPicture(raster, view.light.grain, phase);
}

const rayOf = (frame: Frame, x: number) => {
  const c = (x + 0.5 - frame.raster.width / 2) / frame.focalPx;
  return { dx: frame.sin + c * frame.cos, dz: frame.cos - c * frame.sin };
};

/** Draws the solid wall of one column and notes the rest. @returns the first row of ground. */
function drawSolids(frame: Frame, x: number): number {
  const { raster, view, stretches, lighting, focalPx, horizon } = frame;
  const { dx, dz } = rayOf(frame, x);
  const side = dx < 0 ? 0 : 1;
  const edge = dx < 0 ? -view.profile.halfWidthM : view.profile.halfWidthM;
  const outward = dx < 0 ? -1 : 1;
  let solid = Infinity;
  raster.wallDepth[x] = Infinity;
  for (let i = 0; i < stretches.length && solid === Infinity; i++) {
    const { section, sides, z0 } = stretches[i]!;
    const profile = sides[side];
    // A house front that begins nearer to the path than the stretch before it shows its end.
    const wall = profile.planes.find((p) => p.solid);
    if (wall && i > 0 && dz > 0.05 && z0 > 0.3) {
      const t = z0 / dz;
      const lateral = Math.abs(view.xM + t * dx);
      const wallAt = Math.abs(edge) + wall.outM;
      if (lateral > wallAt && lateral < wallAt + 9 && t > 0.2 && t < FAR_M) {
        const texture = catalogue.gableEnd(section.seed);
        const scale = focalPx / t;
        const level = lighting.level(17, z0, 0.3);
        const k = level + LEVELS * fogOf(t, lighting.night);
        // Beside water it stands on the quay wall.
        const footM = stretches[i - 1]!.sides[side].water ? WATER_LEVEL_M : 0;
        const topM = wall.texture(section.seed).heightM;
        const mip = mipFor(texture, texture.mips[0]!.height / (texture.heightM * scale));
        drawColumn(
          raster,
          x,
          horizon + (view.heightM - topM) * scale,
          horizon + (view.heightM - footM) * scale,
          mip,
          ((lateral - wallAt) / 8) % 1,
          0,
          1,
          k,
          k,
        );
        raster.wallDepth[x] = t;
        return Math.ceil(horizon + (view.heightM - footM) * scale - 0.5);
      }
    }
    for (const plane of profile.planes) {
      const t = (edge + outward * plane.outM - view.xM) / dx;
      if (!(t > 0.15) || t > FAR_M) continue;
      const along = t * dz - z0;
      if (along < 0 || along >= SECTION_M) continue;
      const onPath = view.way > 0 ? along : SECTION_M - along;
      const sample = plane.texture(section.seed);
      const bays = Math.max(1, Math.round(SECTION_M / sample.widthM));
      const bay = Math.min(bays - 1, ((onPath / SECTION_M) * bays) | 0);
      const u = (onPath / SECTION_M) * bays - bay;
      const texture = plane.texture(mixBits(section.seed + bay * 101 + (side === (view.way > 0 ? 0 : 1) ? 0 : 7)));
      const scale = focalPx / t;
      const top = horizon + (view.heightM - plane.baseM - texture.heightM) * scale;
      const bottom = horizon + (view.heightM - plane.baseM) * scale;
      // One side of a street has the sun.
      const sunny = ((view.pathSeed >>> 3) & 1) === (side === (view.way > 0 ? 0 : 1) ? 0 : 1);
      const share = plane.outM > 8 ? 0.12 : plane.outM > 3 ? 0.3 : 0.6;
      const level = lighting.level(sunny ? 27 : 19, t * dz, share);
      const fog = LEVELS * fogOf(t, lighting.night);
      const texelsPerPx = texture.mips[0]!.height / (texture.heightM * scale);
      if (!plane.solid) {
        frame.veils.push({ x, depth: t, top, bottom, texture, texelsPerPx, u, k: level + fog, glowK: GLOW_LEVEL + fog });
        continue;
      }
      drawColumn(raster, x, top, bottom, mipFor(texture, texelsPerPx), u, 0, 1, level + fog, GLOW_LEVEL + fog);
      if (profile.water) {
        const quay = catalogue.quay();
        const water = horizon + (view.heightM - WATER_LEVEL_M) * scale;
        drawColumn(raster, x, bottom, water, mipFor(quay, texelsPerPx), u, 0, 1, Math.max(0, level - 6) + fog, level + fog);
      }
      solid = t;
      raster.wallDepth[x] = t;
      return Math.ceil((profile.water ? horizon + (view.heightM - WATER_LEVEL_M) * scale : bottom) - 0.5);
    }
  }
  return Math.max(0, Math.ceil(horizon + 0.5));
}

const ZONE_M = 0.25;
const ZONES = 96;

/** Materials across one side, in steps of ZONE_M from the edge of the path. */
function zonesOf(profile: SideProfile): Texture[] {
  const zones: Texture[] = [];
  for (let i = 0; i < ZONES; i++) {
    const m = (i + 0.5) * ZONE_M;
    const found = profile.ground.find(([until]) => m < until);
    zones.push(catalogue.ground(found ? found[1] : profile.ground.at(-1)![1]));
  }
  return zones;
}
const zoneCache = new WeakMap<SideProfile, Texture[]>();
const zonesFor = (profile: SideProfile) => {
  let zones = zoneCache.get(profile);
  if (!zones) zoneCache.set(profile, (zones = zonesOf(profile)));
  return zones;
};

/** Materials across the path itself, with its painted lines. */
function surfaceOf(view: StreetView): Texture[] {
  const { halfWidthM, lanes, surface } = view.profile;
  const count = Math.ceil((2 * halfWidthM) / 0.125);
  const lines = new Map<number, Material>();
  if (surface === 'asphalt' && lanes > 0) {
    const usable = 2 * (halfWidthM - 0.6);
    for (let i = 1; i < lanes; i++)
      lines.set(Math.round((0.6 + (usable * i) / lanes) / 0.125), lanes > 2 && i === lanes / 2 ? 'line' : 'dash');
    lines.set(Math.round(0.45 / 0.125), 'line');
    lines.set(count - 1 - Math.round(0.45 / 0.125), 'line');
  }
  return Array.from({ length: count }, (_, i) => catalogue.ground(lines.get(i) ?? surface));
}

function drawFloor(frame: Frame, floorFrom: Int16Array): void {
  const { raster, view, stretches, lighting, focalPx, horizon, sin, cos } = frame;
  const { width, height, pixels, light } = raster;
  const surface = surfaceOf(view);
  const half = view.profile.halfWidthM;
  const left = stretches.map((s) => zonesFor(s.sides[0]));
  const right = stretches.map((s) => zonesFor(s.sides[1]));
  const first = stretches[0]!.z0;
  const offset = view.alongM - Math.floor(view.alongM / 1200) * 1200;
  for (let y = Math.max(0, Math.ceil(horizon + 0.5)); y < height; y++) {
    const t = (view.heightM * focalPx) / (y + 0.5 - horizon);
    if (t > FAR_M) continue;
    const fog = LEVELS * fogOf(t, lighting.night);
    const stepX = (t * cos) / focalPx;
    const stepZ = (-t * sin) / focalPx;
    let px = view.xM + t * sin - (width / 2 - 0.5) * stepX;
    let pz = t * cos - (width / 2 - 0.5) * stepZ;
    const share = view.profile.lamps === 'lanterns' ? 0.55 : 0.75;
    const kMid = lighting.level(23, t, share) + fog;
    const kSide = lighting.level(21, t, share * 0.45) + fog;
    const texelM = t / focalPx;
    const mipLevel = texelM * 32 > 2.8 ? (texelM * 32 > 6 ? 3 : 2) : texelM * 32 > 1.4 ? 1 : 0;
    let at = y * width;
    for (let x = 0; x < width; x++, at++, px += stepX, pz += stepZ) {
      if (y < floorFrom[x]!) continue;
      let texture: Texture;
      let k = kMid;
      if (px > -half && px < half) texture = surface[((px + half) * 8) | 0]!;
      else {
        const i = ((pz - first) / SECTION_M) | 0;
        const zones = (px < 0 ? left : right)[i < 0 ? 0 : i >= left.length ? left.length - 1 : i]!;
        const z = (((px < 0 ? -px : px) - half) / ZONE_M) | 0;
        texture = zones[z < ZONES ? z : ZONES - 1]!;
        k = kSide;
      }
      const mip = texture.mips[mipLevel < texture.mips.length ? mipLevel : texture.mips.length - 1]!;
      const a = (offset + view.way * pz) / texture.heightM;
      const b = (view.way * px) / texture.widthM;
      const c = mip.texels[(((b - Math.floor(b)) * mip.width) | 0) * mip.height + (((a - Math.floor(a)) * mip.height) | 0)]!;
      pixels[at] =
        0xff000000 |
        (((((c >> 16) & 255) * light.b[k]! + light.addB[k]!) >> 8) << 16) |
        (((((c >> 8) & 255) * light.g[k]! + light.addG[k]!) >> 8) << 8) |
        (((c & 255) * light.r[k]! + light.addR[k]!) >> 8);
    }
  }
}

/** The water of canals: the far bank upside down, darker and greener, broken by ripples. */
function drawWater(frame: Frame): void {
  const { raster, view, stretches, focalPx, horizon } = frame;
  const { width, height, pixels, light } = raster;
  if (!stretches.some((s) => s.sides[0].water || s.sides[1].water)) return;
  const { zenith, horizon: sky } = view.light;
  for (let x = 0; x < width; x++) {
    const { dx, dz } = rayOf(frame, x);
    const side = dx < 0 ? 0 : 1;
    const edge = view.profile.halfWidthM + 0.55;
    const toQuay = ((dx < 0 ? -edge : edge) - view.xM) / dx;
    const toBank = ((dx < 0 ? -1 : 1) * (view.profile.halfWidthM + BANK_M) - view.xM) / dx;
    for (const { sides, z0 } of stretches) {
      if (!sides[side].water || dz === 0) continue;
      const enter = dz > 0 ? z0 / dz : (z0 + SECTION_M) / dz;
      const leave = dz > 0 ? (z0 + SECTION_M) / dz : z0 / dz;
      const t0 = Math.max(toQuay, enter, 0.2);
      const t1 = Math.min(toBank, leave, raster.wallDepth[x]!, FAR_M);
      if (!(t1 > t0)) continue;
      const depthM = view.heightM - WATER_LEVEL_M;
      const from = Math.max(0, Math.ceil(horizon + (depthM * focalPx) / t1 - 0.5));
      const to = Math.min(height, Math.ceil(horizon + ((t0 === toQuay ? view.heightM : depthM) * focalPx) / t0));
      const mirrorRow = horizon + (depthM * focalPx) / Math.min(toBank, FAR_M);
      for (let y = from; y < to; y++) {
        const t = (depthM * focalPx) / (y + 0.5 - horizon);
        const z = view.alongM + view.way * t * dz;
        const ripple = Math.sin(z * 5 + view.timeS * 1.3 + t * 2) * 0.6 + Math.sin(z * 1.7 - view.timeS * 0.9 + x * 0.05) * 0.6;
        const source = Math.round(2 * mirrorRow - y + ripple * (1.2 + 40 / t));
        const sx = Math.min(width - 1, Math.max(0, x + Math.round(ripple * 1.6)));
        const mirrored = source >= 0 && source < mirrorRow ? pixels[source * width + sx]! : 0;
        const a = mirrored === 0 ? zenith : null;
        const r = a ? (a[0] + sky[0]) / 2 : mirrored & 255;
        const g = a ? (a[1] + sky[1]) / 2 : (mirrored >> 8) & 255;
        const b = a ? (a[2] + sky[2]) / 2 : (mirrored >> 16) & 255;
        const glint = 1 + ripple * 0.06;
        const deep = light.g[14]! / 256;
        pixels[y * width + x] =
          0xff000000 |
          (Math.min(255, (b * 0.5 + 34 * deep) * glint) << 16) |
          (Math.min(255, (g * 0.54 + 44 * deep) * glint) << 8) |
          Math.min(255, (r * 0.48 + 30 * deep) * glint);
      }
    }
  }
}
