import * as props from './props.ts';
import type { Texture } from './raster.ts';
import * as textures from './textures.ts';

/**
 * Every surface and thing of a street, made when first seen and kept: a fixed set, about 15 MB when everything has been seen.
 * Making one takes 1 to 10 ms. So that the first picture does not wait for all of them, each picture may make textures for
 * `BUDGET_MS`; what is left stays plain (walls) or absent (things) until one of the next pictures.
 */
const BUDGET_MS = 14;
let endMs = Infinity;

/** Begins the budget of one picture. */
export function beginTextures(nowMs = performance.now()): void {
  endMs = nowMs + BUDGET_MS;
}

const flat = (colour: number, heightM: number): Texture => ({
  widthM: 8,
  heightM,
  mips: [{ width: 1, height: 1, texels: Uint32Array.of(colour) }],
});
const PLAIN = flat(0xffb4bcc0, 6.4);
const ABSENT = flat(0, 1);

const series = (count: number, meanwhile: Texture, make: (n: number) => Texture) => {
  const made: (Texture | undefined)[] = [];
  return (seed = 0): Texture => {
    const n = (seed >>> 4) % count;
    const known = made[n];
    if (known) return known;
    if (performance.now() > endMs) return meanwhile;
    return (made[n] = make(n * 7919 + 17));
  };
};
const walls = (count: number, make: (n: number) => Texture) => series(count, PLAIN, make);
const things = (count: number, make: (n: number) => Texture) => series(count, ABSENT, make);

export type Material = 'slabs' | 'asphalt' | 'concrete' | 'pavers' | 'grass' | 'soil' | 'dash' | 'line' | 'kerb' | 'crops';

const grounds = new Map<Material, Texture>();
const still = things(9, (n) => props.person(n, false));
const striding = things(9, (n) => props.person(n, true));
const carFront = things(8, (n) => props.car(n, false));
const carRear = things(8, (n) => props.car(n, true));

export const catalogue = {
  oldHouse: walls(10, textures.oldHouse),
  shop: walls(6, (n) => textures.newHouse(n, 2 + (n % 3), true)),
  block: walls(5, (n) => textures.newHouse(n + 3, 5 + (n % 2), false)),
  villa: things(6, textures.villa),
  shed: walls(4, textures.shed),
  hall: walls(2, textures.hall),
  lowWall: things(2, (n) => props.plainWall(n, 1.5)),
  gableEnd: walls(2, (n) => props.plainWall(n, 6)),
  quay: walls(1, () => props.plainWall(3, 1.3)),
  eaves: things(1, textures.eaves),
  balustrade: things(1, props.balustrade),
  fence: things(1, props.fence),
  hedge: things(2, (n) => props.hedge(n, false)),
  crop: things(2, (n) => props.hedge(n, true)),
  woods: things(2, textures.woods),
  camphor: things(4, (n) => props.tree(n, 'camphor')),
  willow: things(3, (n) => props.tree(n, 'willow')),
  waterFir: things(3, (n) => props.tree(n, 'waterFir')),
  ginkgo: things(3, (n) => props.tree(n, 'ginkgo')),
  person: (seed: number, stride: boolean) => (stride ? striding : still)(seed),
  car: (seed: number, rear: boolean) => (rear ? carRear : carFront)(seed),
  scooter: things(4, props.scooter),
  lampPost: things(1, props.lampPost),
  lantern: things(1, props.lantern),
  pots: things(3, props.pots),
  boat: things(1, props.boat),
  /** The ground is kept in tables by its users, so it is made at once. */
  ground(material: Material): Texture {
    let texture = grounds.get(material);
    if (!texture) grounds.set(material, (texture = props.ground(material)));
    return texture;
  },
};
