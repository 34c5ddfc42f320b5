import { createRandom } from '../../hash.ts';
import type { PathProfile, SideKind } from './scenery.ts';
import type { Texture } from './raster.ts';
import { catalogue, type Material } from './catalogue.ts';

/** A vertical surface along the path. */
export interface Plane {
  /** Beyond the edge of the path; negative hangs over it. */
  outM: number;
  baseM: number;
  /** `seed` is that of the house or bay. */
  texture(seed: number): Texture;
  /** Nothing is seen behind it below its top. */
  solid: boolean;
}
/** Something that stands beside the path. `behind`: outside every plane, e.g. a boat beyond the railing. */
export interface Prop {
  /** Asked for with each picture: it may not be made yet. */
  texture(): Texture;
  /** Along the section, in the direction of the path. */
  alongM: number;
  outM: number;
  baseM: number;
  behind: boolean;
  glow: 'lantern' | 'lamp' | null;
}
export interface SideProfile {
  planes: Plane[];
  /** From the edge of the path outwards: each material until its distance. */
  ground: [untilM: number, material: Material][];
  water: boolean;
  props(seed: number): Prop[];
}

export const WATER_LEVEL_M = -1.3;
export const BANK_M = 13;

const house = (outM: number, texture: Plane['texture'], solid = true): Plane => ({ outM, baseM: 0, texture, solid });

/** What a side is made of, for a path of this profile. Pure but for the textures. */
export function sideProfile(kind: SideKind, path: PathProfile): SideProfile {
  const wide = path.surface === 'asphalt';
  const walkM = wide ? 3.2 : 0.7;
  const footway: SideProfile['ground'] = wide
    ? [
        [0.2, 'kerb'],
        [walkM, 'pavers'],
      ]
    : [[walkM, 'concrete']];
  const street = (seed: number, planted: 'own' | 'willow' | null, everyM: number): Prop[] => {
    const trees = planted === 'own' ? (path.trees === 'none' ? null : path.trees) : planted;
    const random = createRandom(seed);
    const list: Prop[] = [];
    if (trees) {
      for (let z = 2 + random() * 3; z < 24; z += everyM * (0.8 + 0.4 * random())) {
        const own = seed + Math.floor(z * 31);
        list.push({
          texture: () => catalogue[trees](own),
          alongM: z,
          outM: wide ? 1.1 : 2,
          baseM: 0,
          behind: false,
          glow: null,
        });
      }
    }
    if (path.lamps === 'streetLamps')
      list.push({ texture: catalogue.lampPost, alongM: 12, outM: 0.5, baseM: 0, behind: false, glow: 'lamp' });
    return list;
  };
  switch (kind) {
    case 'oldHouses':
      return {
        planes: [{ outM: -0.55, baseM: 2.95, texture: catalogue.eaves, solid: false }, house(0, catalogue.oldHouse)],
        ground: [[4, 'slabs']],
        water: false,
        props(seed) {
          const random = createRandom(seed);
          const list: Prop[] = [];
          for (let z = 1.5 + random() * 3; z < 24; z += 4 + random() * 5) {
            list.push({ texture: catalogue.lantern, alongM: z, outM: -0.5, baseM: 2.05, behind: false, glow: 'lantern' });
          }
          for (let z = random() * 12; z < 24; z += 7 + random() * 12) {
            const own = seed + Math.floor(z);
            list.push({ texture: () => catalogue.pots(own), alongM: z, outM: -0.35, baseM: 0, behind: false, glow: null });
          }
          return list;
        },
      };
    case 'canal':
      return {
        planes: [{ outM: 0.25, baseM: 0, texture: catalogue.balustrade, solid: false }, { ...house(BANK_M, catalogue.oldHouse) }],
        ground: [[0.55, path.surface === 'slabs' ? 'slabs' : 'pavers']],
        water: true,
        props(seed) {
          const random = createRandom(seed);
          const list: Prop[] = [];
          if (random() < 0.4)
            list.push({
              texture: catalogue.boat,
              alongM: random() * 24,
              outM: 3.5 + random() * 5,
              baseM: WATER_LEVEL_M - 0.15,
              behind: true,
              glow: null,
            });
          if (random() < 0.6)
            list.push({
              texture: () => catalogue.willow(seed),
              alongM: random() * 24,
              outM: BANK_M - 0.8,
              baseM: -0.4,
              behind: true,
              glow: null,
            });
          for (let z = random() * 6; z < 24; z += 8) {
            list.push({ texture: catalogue.lantern, alongM: z, outM: BANK_M - 0.5, baseM: 2.1, behind: true, glow: 'lantern' });
          }
          return path.lamps === 'streetLamps' ? [...list, ...street(seed, 'willow', 14)] : list;
        },
      };
    case 'shops':
      return {
        planes: [house(walkM + 0.2, catalogue.shop)],
        ground: footway,
        water: false,
        props: (seed) => street(seed, wide ? 'own' : null, 11),
      };
    case 'blocks':
      return {
        planes: [{ outM: walkM, baseM: 0, texture: catalogue.hedge, solid: false }, house(walkM + 6, catalogue.block)],
        ground: [...footway, [walkM + 6, 'grass']],
        water: false,
        props: (seed) => street(seed, 'own', 8),
      };
    case 'villas':
      return {
        planes: [
          { outM: walkM + 0.6, baseM: 0, texture: catalogue.lowWall, solid: false },
          house(walkM + 5, catalogue.villa, false),
          house(walkM + 26, catalogue.woods, false),
        ],
        ground: [
          [0.3, 'concrete'],
          [walkM + 0.7, 'grass'],
          [walkM + 6, 'concrete'],
          [40, 'soil'],
        ],
        water: false,
        props: (seed) => street(seed, (seed & 3) === 0 ? 'own' : null, 16),
      };
    case 'field':
      return {
        planes: [{ outM: walkM + 1.2, baseM: 0, texture: catalogue.crop, solid: false }, house(walkM + 60, catalogue.woods, false)],
        ground: [
          [0.4, wide ? 'concrete' : 'grass'],
          [walkM + 1, 'grass'],
          [70, 'crops'],
        ],
        water: false,
        props: (seed) => street(seed, (seed & 1) === 0 ? 'own' : null, 12),
      };
    case 'sheds':
      return {
        planes: [{ outM: walkM + 0.4, baseM: 0, texture: catalogue.fence, solid: false }, house(walkM + 11, catalogue.shed)],
        ground: [...footway, [walkM + 2, 'grass'], [40, 'concrete']],
        water: false,
        props: (seed) => street(seed, (seed & 1) === 0 ? 'own' : null, 12),
      };
    case 'hall':
      return {
        planes: [{ outM: walkM + 0.5, baseM: 0, texture: catalogue.hedge, solid: false }, house(walkM + 20, catalogue.hall)],
        ground: [...footway, [40, 'grass']],
        water: false,
        props: (seed) => street(seed, 'own', 12),
      };
    case 'trees':
      return {
        planes: [{ outM: walkM + 0.2, baseM: 0, texture: catalogue.hedge, solid: false }, house(walkM + 12, catalogue.woods, false)],
        ground: [...footway, [40, 'grass']],
        water: false,
        props: (seed) => street(seed, 'own', 6.5),
      };
  }
}
