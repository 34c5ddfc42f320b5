import { createRandom, mixBits } from '../../hash.ts';
import { fogOf, type Frame } from './streetFrame.ts';
import { addGlow, addShadow, drawSprite, GLOW_LEVEL, LEVELS, type Rgb, type Texture } from './raster.ts';
import { SECTION_M } from './scenery.ts';
import { WATER_LEVEL_M, type Prop } from './sideProfiles.ts';
import { catalogue } from './catalogue.ts';

interface Thing {
  texture: Texture;
  xM: number;
  zM: number;
  baseM: number;
  depth: number;
  glow: Prop['glow'] | 'headlamps';
  mirror: boolean;
  behind: boolean;
}

const FAR_M = 95;
/** Things of one kind repeat along a path after this distance. */
const LOOP_M = 140;
const WARM: Rgb = [255, 150, 70];
const PALE: Rgb = [255, 226, 176];

const propCache = new Map<string, Prop[]>();
function propsOf(key: string, make: () => Prop[]): Prop[] {
  let list = propCache.get(key);
  if (!list) {
    if (propCache.size > 4096) propCache.clear();
    propCache.set(key, (list = make()));
  }
  return list;
}

/** Trees, lamps, lanterns, people and vehicles. @param behind those outside every plane. */
export function drawThings(frame: Frame, behind: boolean): void {
  const { raster, view, lighting, focalPx, horizon, sin, cos } = frame;
  const things: Thing[] = [];
  const add = (texture: Texture, xM: number, zM: number, baseM: number, glow: Thing['glow'], mirror = false) => {
    const rx = xM - view.xM;
    const depth = rx * sin + zM * cos;
    if (depth < 0.7 || depth > FAR_M) return;
    things.push({ texture, xM, zM, baseM, depth, glow, mirror, behind });
  };
  for (const { section, sides, z0 } of frame.stretches) {
    if (z0 > FAR_M || z0 + SECTION_M < -2) continue;
    for (const side of [0, 1] as const) {
      const pathSide = view.way > 0 ? side : 1 - side;
      const key = `${section.seed}/${pathSide}/${view.profile.surface}/${view.profile.trees}`;
      for (const prop of propsOf(key, () => sides[side].props(mixBits(section.seed + pathSide * 31)))) {
        if (prop.behind !== behind) continue;
        const along = view.way > 0 ? prop.alongM : SECTION_M - prop.alongM;
        const out = view.profile.halfWidthM + prop.outM;
        add(prop.texture(), side === 0 ? -out : out, z0 + along, prop.baseM, prop.glow, side === 0);
      }
    }
  }
  if (!behind) addMoving(frame, add);
  things.sort((a, b) => b.depth - a.depth);
  for (const thing of things) {
    const rx = thing.xM - view.xM;
    const across = rx * cos - thing.zM * sin;
    const scale = focalPx / thing.depth;
    const x = raster.width / 2 + across * scale;
    const heightPx = thing.texture.heightM * scale;
    const top = horizon + (view.heightM - thing.baseM - thing.texture.heightM) * scale;
    const fog = LEVELS * fogOf(thing.depth, lighting.night);
    const k = lighting.level(22, thing.zM, 0.6) + fog;
    if (thing.baseM === 0) {
      // A shadow under what stands on the ground ties it there.
      const strength = 0.5 * (0.35 + 0.65 * (1 - lighting.night));
      const radius = Math.min(thing.texture.heightM > 3 ? 0.6 : 1.1, thing.texture.widthM * 0.52) * scale;
      addShadow(raster, x, top + heightPx, radius, radius * 0.22, strength, thing.depth);
    }
    drawSprite(raster, thing.texture, x, top, thing.texture.widthM * scale, heightPx, thing.depth, k, GLOW_LEVEL + fog, thing.mirror);
    const dark = lighting.night;
    if (dark > 0.25 && thing.glow) {
      const near = 1 / (1 + thing.depth / 40);
      if (thing.glow === 'lantern') addGlow(raster, x, top + heightPx * 0.42, 0.85 * scale, WARM, 0.5 * dark * near, thing.depth);
      if (thing.glow === 'lantern' && thing.behind) {
        // Its light on the water: a broken streak as far below the waterline as it hangs above.
        const waterY = horizon + (view.heightM - WATER_LEVEL_M) * scale;
        const mirrored = 2 * waterY - top - heightPx * 0.42;
        for (let i = -2; i <= 2; i++) {
          const shift = Math.sin(view.timeS * 2 + i * 1.9 + thing.zM) * 0.25 * scale;
          addGlow(raster, x + shift, mirrored + i * 0.55 * scale, 0.5 * scale, WARM, 0.34 * dark * near, thing.depth - 12);
        }
      }
      if (thing.glow === 'lamp') addGlow(raster, x, top + heightPx * 0.06, 2.2 * scale, PALE, 0.5 * dark * near, thing.depth);
      if (thing.glow === 'headlamps') {
        for (const at of [-0.37, 0.37])
          addGlow(raster, x + at * thing.texture.widthM * scale, top + heightPx * 0.6, 0.9 * scale + 2, PALE, 0.75 * dark, thing.depth);
      }
    }
  }
}

type Add = (texture: Texture, xM: number, zM: number, baseM: number, glow: Thing['glow'], mirror?: boolean) => void;

/** People, scooters and cars: where they are follows from the path and the time alone, so two cameras in one street see the same ones. */
function addMoving({ view }: Frame, add: Add): void {
  const { profile } = view;
  const random = createRandom(view.pathSeed ^ 0x51ed27);
  const place = (startM: number, speedMps: number) => {
    const at = startM + speedMps * view.timeS - view.alongM;
    const fromHere = view.way * at;
    // The copy of it that is nearest ahead; a little behind is kept so that it leaves the picture at its edge.
    return ((((fromHere + 6) % LOOP_M) + LOOP_M) % LOOP_M) - 6;
  };
  const onFoot = profile.surface !== 'asphalt';
  const walkers = Math.round((onFoot ? 9 : 7) * view.busy);
  for (let i = 0; i < walkers; i++) {
    const start = random() * LOOP_M;
    const speed = (random() < 0.5 ? -1 : 1) * (0.7 + 0.7 * random());
    const across = random();
    const seed = mixBits(view.pathSeed + i * 613);
    const still = random() < 0.2;
    const side = random() < 0.5 ? -1 : 1;
    const xM = onFoot ? (across * 2 - 1) * Math.max(0.4, profile.halfWidthM - 0.7) : side * (profile.halfWidthM + 0.8 + across * 1.8);
    const z = place(start, still ? 0 : speed);
    // Nobody walks into the lens.
    if (z < 2.6 && Math.abs(xM * view.way - view.xM) < 0.9) continue;
    const stride = !still && Math.floor(view.timeS * 3.4 + across * 9) % 2 === 0;
    add(catalogue.person(seed, stride), xM * view.way, z, 0, null, Math.floor(view.timeS * 1.7 + i) % 2 === 0);
  }
  if (onFoot) return;
  const laneM = profile.lanes >= 4 ? profile.halfWidthM * 0.3 : profile.halfWidthM * 0.5;
  const cars = Math.round((profile.lanes >= 4 ? 6 : 4) * (0.5 + 0.5 * view.busy));
  for (let i = 0; i < cars; i++) {
    const start = random() * LOOP_M;
    const along = random() < 0.55 ? -1 : 1;
    const speed = along * (8 + 4 * random());
    const outer = profile.lanes >= 4 && random() < 0.5;
    // In traffic the camera follows a car; the world's own do not pass through it.
    const same = along * view.way > 0;
    if (same && view.inVehicle) continue;
    const lateral = outer ? laneM * 2.2 : laneM;
    add(
      catalogue.car(mixBits(view.pathSeed + i * 131), same),
      (same ? 1 : -1) * lateral,
      place(start, speed),
      0,
      same ? null : 'headlamps',
    );
  }
  for (let i = 0; i < 2; i++) {
    const start = random() * LOOP_M;
    const along = i === 0 ? 1 : -1;
    const same = along * view.way > 0;
    add(
      catalogue.scooter(mixBits(view.pathSeed + i * 57)),
      (same ? 1 : -1) * (profile.halfWidthM - 0.7),
      place(start, along * 5.5),
      0,
      null,
    );
  }
  if (view.inVehicle && view.speedMps > 2.5) {
    const gapM = 17 + 5 * Math.sin(view.timeS * 0.11 + view.pathSeed) + view.speedMps * 0.6;
    add(catalogue.car(view.pathSeed, true), view.xM + 0.1, gapM, 0, null);
  }
}
