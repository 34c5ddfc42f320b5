import { createRandom } from '../../hash.ts';
import { GLOWS, type Mip, type Texture } from './raster.ts';

export type Brush = OffscreenCanvasRenderingContext2D;

/** Pixels a metre of the finest mip. */
const WALL_PX = 36;

/** Draws a texture with canvas calls in metres (y down, 0 at the top) and keeps it as mips. `glow` is drawn on top and shines at night. */
export function makeTexture(widthM: number, heightM: number, pxPerM: number, draw: (g: Brush) => void, glow?: (g: Brush) => void): Texture {
  const width = Math.round(widthM * pxPerM);
  const height = Math.round(heightM * pxPerM);
  const paint = (task: (g: Brush) => void) => {
    const g = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
    g.scale(pxPerM, pxPerM);
    task(g);
    return new Uint32Array(g.getImageData(0, 0, width, height).data.buffer);
  };
  const body = paint(draw);
  const lights = glow ? paint(glow) : null;
  const texels = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const lit = lights?.[at] ?? 0;
      const c = lit >>> 24 > 127 ? lit : body[at]!;
      const alpha = c === lit && lit !== 0 ? GLOWS : c >>> 24 > 127 ? 255 : 0;
      texels[x * height + y] = (c & 0xffffff) | (alpha << 24);
    }
  }
  return { widthM, heightM, mips: makeMips({ width, height, texels }) };
}

function makeMips(finest: Mip): Mip[] {
  const mips = [finest];
  for (let m = finest; m.width >= 8 && m.height >= 8;) {
    const width = m.width >> 1;
    const height = m.height >> 1;
    const texels = new Uint32Array(width * height);
    for (let x = 0; x < width; x++) {
      for (let y = 0; y < height; y++) {
        let r = 0;
        let g = 0;
        let b = 0;
        let solid = 0;
        let glows = 0;
        for (let i = 0; i < 4; i++) {
          const c = m.texels[(2 * x + (i & 1)) * m.height + 2 * y + (i >> 1)]!;
          const a = c >>> 24;
          if (a === 0) continue;
          solid++;
          if (a === GLOWS) glows++;
          r += c & 255;
          g += (c >> 8) & 255;
          b += (c >> 16) & 255;
        }
        const alpha = solid < 2 ? 0 : glows >= 2 ? GLOWS : 255;
        texels[x * height + y] = solid < 2 ? 0 : ((alpha << 24) | ((b / solid) << 16) | ((g / solid) << 8) | (r / solid)) >>> 0;
      }
    }
    mips.push((m = { width, height, texels }));
  }
  return mips;
}

/** Specks and stains of weather: cheap, and what makes a flat colour look like a surface. */
export function weather(
  g: Brush,
  random: () => number,
  w: number,
  h: number,
  count: number,
  size: number,
  dark = '30,28,24',
  alpha = 0.06,
): void {
  for (let i = 0; i < count; i++) {
    g.fillStyle = random() < 0.6 ? `rgba(${dark},${alpha * random()})` : `rgba(255,252,240,${alpha * 0.7 * random()})`;
    g.fillRect(random() * w, random() * h, size * (0.3 + random()), size * (0.3 + 2 * random()));
  }
}

const pick = <T>(random: () => number, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

/** A house of an old canal town: white lime plaster or dark boards, tiles, lattice windows. 8 m by 6.4 m. */
export function oldHouse(seed: number): Texture {
  const random = createRandom(seed);
  const W = 8;
  const H = 6.4;
  const boards = random() < 0.5;
  const gable = !boards && random() < 0.35;
  const plaster = pick(random, ['#d8d4c8', '#cfcabd', '#dcd9d0', '#c9c5ba', '#d3cab8']);
  const timber = pick(random, ['#3c2a20', '#4a3326', '#352722', '#54392a']);
  const windows: [number, number, number, number][] = [];
  const upper = 2 + Math.floor(random() * 3);
  for (let i = 0; i < upper; i++) windows.push([0.7 + (i * (W - 1.2)) / upper, 1.75, 0.95, 1.15]);
  const doorAt = 0.8 + random() * (W - 2.8);
  const draw = (g: Brush) => {
    g.fillStyle = plaster;
    g.fillRect(0, 0.5, W, H);
    if (boards) {
      g.fillStyle = timber;
      g.fillRect(0, 1.2, W, H);
    }
    weather(g, random, W, H, 420, 0.16);
    // Rain has run down from the eaves, and damp climbs from the ground.
    for (let i = 0; i < 26; i++) {
      g.fillStyle = `rgba(40,40,36,${0.03 + 0.07 * random()})`;
      g.fillRect(random() * W, 0.6, 0.05 + 0.2 * random(), 0.6 + 2.6 * random());
    }
    const damp = g.createLinearGradient(0, H - 1.4, 0, H);
    damp.addColorStop(0, 'rgba(60,62,52,0)');
    damp.addColorStop(1, 'rgba(48,52,42,0.55)');
    g.fillStyle = damp;
    g.fillRect(0, H - 1.4, W, 1.4);
    if (boards) {
      g.fillStyle = 'rgba(0,0,0,0.35)';
      for (let x = 0; x < W; x += 0.27) g.fillRect(x, 3.35, 0.025, H);
      g.fillStyle = 'rgba(255,220,180,0.05)';
      for (let x = 0.05; x < W; x += 0.54) g.fillRect(x, 3.35, 0.2, H);
      g.fillStyle = '#241a14';
      g.fillRect(0, 3.15, W, 0.2);
      for (let x = 0; x <= W; x += W / 3) g.fillRect(x - 0.09, 1.2, 0.18, H);
    }
    for (const [x, y, w, h] of windows) {
      g.fillStyle = timber;
      g.fillRect(x - 0.08, y - 0.08, w + 0.16, h + 0.16);
      g.fillStyle = '#20201e';
      g.fillRect(x, y, w, h);
      g.fillStyle = '#5b4a3a';
      for (let i = 1; i < 5; i++) g.fillRect(x + (w * i) / 5 - 0.015, y, 0.03, h);
      for (let i = 1; i < 5; i++) g.fillRect(x, y + (h * i) / 5 - 0.015, w, 0.03);
    }
    g.fillStyle = '#6f6a60';
    g.fillRect(doorAt - 0.15, H - 2.5, 1.8, 2.5);
    g.fillStyle = pick(random, ['#2a1c15', '#38251b', '#402018']);
    g.fillRect(doorAt, H - 2.35, 1.5, 2.35);
    g.fillStyle = 'rgba(0,0,0,0.5)';
    g.fillRect(doorAt + 0.73, H - 2.35, 0.04, 2.35);
    g.fillStyle = 'rgba(0,0,0,0.28)';
    g.fillRect(0, 0.72, W, 0.5);
    g.fillStyle = '#55524a';
    g.fillRect(0, H - 0.35, W, 0.35);
    // Tiles: a dark band of round ridges with a pale edge of drip tiles.
    if (gable) {
      const step = 0.34;
      for (let i = 0; i < 5; i++) {
        const inset = i * 0.8;
        g.fillStyle = plaster;
        g.fillRect(inset, 0.6 - i * step * 0.45, W - 2 * inset, 2);
      }
      g.fillStyle = '#2e3032';
      g.fillRect(0, 0.55, W, 0.16);
      g.fillRect(2.2, 0.1, W - 4.4, 0.14);
    } else {
      g.fillStyle = '#34373a';
      g.fillRect(0, 0.15, W, 0.6);
      g.fillStyle = '#4a4e51';
      for (let x = 0; x < W; x += 0.22) g.fillRect(x, 0.15, 0.09, 0.56);
      g.fillStyle = '#26282a';
      g.fillRect(0, 0.05, W, 0.14);
      g.fillStyle = '#7c7b75';
      for (let x = 0.02; x < W; x += 0.22) g.fillRect(x, 0.68, 0.08, 0.08);
    }
  };
  const warm = pick(random, ['#ffd28a', '#ffc470', '#ffdca4']);
  const litDoor = random() < 0.55;
  const glow = (g: Brush) => {
    g.fillStyle = warm;
    for (const [x, y, w, h] of windows) {
      if (random() > 0.55) continue;
      for (let i = 0; i < 5; i++)
        for (let j = 0; j < 5; j++) g.fillRect(x + (w * i) / 5 + 0.02, y + (h * j) / 5 + 0.02, w / 5 - 0.045, h / 5 - 0.045);
    }
    if (litDoor) {
      g.fillStyle = '#c98f4e';
      g.fillRect(doorAt + 0.1, H - 2.2, 0.5, 0.9);
      g.fillRect(doorAt + 0.9, H - 2.2, 0.5, 0.9);
    }
  };
  return makeTexture(W, H, WALL_PX, draw, glow);
}

/** A newer building of `floors`, with shops below or flats all the way. 12 m wide. */
export function newHouse(seed: number, floors: number, shops: boolean): Texture {
  const random = createRandom(seed);
  const W = 12;
  const H = floors * 3.1 + 0.9;
  const wall = pick(random, ['#b9b4a8', '#c7c0b2', '#a9a59d', '#bfb3a2', '#9fa3a3']);
  const signs = ['#7a2f2a', '#2f4a5e', '#3a5a44', '#6d5a2e', '#54405e'];
  const panes: [number, number, number, number][] = [];
  for (let f = shops ? 1 : 0; f < floors; f++) for (let i = 0; i < 4; i++) panes.push([0.8 + i * 2.9, H - (f + 1) * 3.1 + 0.8, 1.7, 1.5]);
  const fronts = shops ? [0.3, 4.25, 8.2].map((x) => [x, pick(random, signs)] as const) : [];
  const draw = (g: Brush) => {
    g.fillStyle = wall;
    g.fillRect(0, 0.3, W, H);
    weather(g, random, W, H, 260, 0.3);
    g.fillStyle = 'rgba(0,0,0,0.14)';
    for (let f = 1; f <= floors; f++) g.fillRect(0, H - f * 3.1, W, 0.12);
    g.fillStyle = '#8a877f';
    g.fillRect(0, 0.2, W, 0.35);
    for (const [x, y, w, h] of panes) {
      g.fillStyle = '#e4e0d6';
      g.fillRect(x - 0.08, y - 0.08, w + 0.16, h + 0.16);
      const glass = g.createLinearGradient(0, y, 0, y + h);
      glass.addColorStop(0, '#5e6d78');
      glass.addColorStop(1, '#35414a');
      g.fillStyle = glass;
      g.fillRect(x, y, w, h);
      g.fillStyle = '#d9d5cb';
      g.fillRect(x + w / 2 - 0.03, y, 0.06, h);
      if (random() < 0.35) {
        g.fillStyle = '#cfcdc6';
        g.fillRect(x + w - 0.1, y + h + 0.1, 0.8, 0.55);
      }
    }
    for (const [x, colour] of fronts) {
      g.fillStyle = '#2b2f31';
      g.fillRect(x, H - 2.6, 3.5, 2.6);
      g.fillStyle = '#46545c';
      g.fillRect(x + 0.1, H - 2.4, 1.6, 2.3);
      g.fillRect(x + 1.8, H - 2.4, 1.6, 2.3);
      g.fillStyle = colour;
      g.fillRect(x - 0.05, H - 3.35, 3.6, 0.7);
      g.fillStyle = 'rgba(255,250,235,0.8)';
      for (let i = 0; i < 4; i++) g.fillRect(x + 0.75 + i * 0.55, H - 3.2, 0.36, 0.4);
    }
  };
  const glow = (g: Brush) => {
    for (const [x, y, w, h] of panes) {
      if (random() > 0.34) continue;
      g.fillStyle = pick(random, ['#ffd9a0', '#ffe8c4', '#e8eef2', '#ffcf8c']);
      g.fillRect(x, y, w / 2 - 0.04, h);
      if (random() < 0.5) g.fillRect(x + w / 2 + 0.04, y, w / 2 - 0.04, h);
    }
    for (const [x, colour] of fronts) {
      if (random() < 0.25) continue;
      g.fillStyle = '#f6e6c6';
      g.fillRect(x + 0.15, H - 2.3, 1.5, 1.7);
      g.fillRect(x + 1.85, H - 2.3, 1.5, 1.7);
      g.fillStyle = colour;
      g.fillRect(x - 0.05, H - 3.35, 3.6, 0.7);
      g.fillStyle = '#fff4dc';
      for (let i = 0; i < 4; i++) g.fillRect(x + 0.75 + i * 0.55, H - 3.2, 0.36, 0.4);
    }
  };
  return makeTexture(W, H, 26, draw, glow);
}

/** A farmer's house of the plain: two or three storeys, red-brown roof, gaps beside it. 12 m wide. */
export function villa(seed: number): Texture {
  const random = createRandom(seed);
  const W = 12;
  const H = 9.6;
  const wall = pick(random, ['#cfc8ba', '#d6d1c6', '#bfb8aa', '#c9bda6']);
  const roof = pick(random, ['#6b3f35', '#5a4038', '#43474b', '#744a3a']);
  const left = 1 + random();
  const width = 8.5 + random();
  const panes: [number, number][] = [];
  for (const y of [3, 6.1]) for (let i = 0; i < 3; i++) panes.push([left + 0.9 + i * 2.7, y]);
  return makeTexture(
    W,
    H,
    28,
    (g) => {
      g.fillStyle = wall;
      g.fillRect(left, 2.2, width, H);
      g.fillStyle = roof;
      g.beginPath();
      g.moveTo(left - 0.5, 2.4);
      g.lineTo(left + 1.6, 0.3);
      g.lineTo(left + width - 1.6, 0.3);
      g.lineTo(left + width + 0.5, 2.4);
      g.fill();
      g.fillStyle = 'rgba(0,0,0,0.25)';
      for (let i = 0; i < 7; i++) g.fillRect(left - 0.4, 0.5 + i * 0.28, width + 0.8, 0.05);
      g.fillRect(left, 2.4, width, 0.35);
      for (const [x, y] of panes) {
        g.fillStyle = '#e7e3da';
        g.fillRect(x - 0.08, y - 0.08, 1.66, 1.66);
        g.fillStyle = '#42505a';
        g.fillRect(x, y, 1.5, 1.5);
        g.fillStyle = '#d5d1c8';
        g.fillRect(x + 0.72, y, 0.06, 1.5);
      }
      g.globalCompositeOperation = 'source-atop';
      weather(g, random, W, H, 160, 0.3);
    },
    (g) => {
      g.fillStyle = '#ffd79a';
      for (const [x, y] of panes) if (random() < 0.4) g.fillRect(x, y, 0.7, 1.5);
    },
  );
}

/** A works hall of profiled sheet. 16 m wide. */
export function shed(seed: number): Texture {
  const random = createRandom(seed);
  const W = 16;
  const H = 9;
  const sheet = pick(random, ['#7d8a94', '#8f9496', '#6f8296', '#9a968c']);
  return makeTexture(
    W,
    H,
    24,
    (g) => {
      g.fillStyle = sheet;
      g.fillRect(0, 0.2, W, H);
      g.fillStyle = 'rgba(0,0,0,0.1)';
      for (let x = 0; x < W; x += 0.4) g.fillRect(x, 0.2, 0.12, H);
      g.fillStyle = '#3f5a7a';
      g.fillRect(0, 0.2, W, 0.7);
      g.fillStyle = '#a9a59c';
      g.fillRect(0, H - 1.2, W, 1.2);
      g.fillStyle = '#aebbc2';
      g.fillRect(0, 2, W, 0.8);
      g.fillStyle = '#4c555b';
      g.fillRect(5, H - 4.4, 4.4, 4.4);
      g.fillStyle = 'rgba(0,0,0,0.2)';
      for (let y = H - 4.4; y < H; y += 0.35) g.fillRect(5, y, 4.4, 0.05);
      weather(g, random, W, H, 200, 0.4);
    },
    (g) => {
      g.fillStyle = '#e6efe9';
      for (let x = 0.3; x < W; x += 2) if (random() < 0.4) g.fillRect(x, 2.1, 1.5, 0.6);
    },
  );
}

/** A conference hall: white frame, deep glass, dark tiled eaves as in the old town. 20 m wide. */
export function hall(seed: number): Texture {
  const random = createRandom(seed);
  const W = 20;
  const H = 13;
  return makeTexture(
    W,
    H,
    20,
    (g) => {
      g.fillStyle = '#d4d3ce';
      g.fillRect(0, 1, W, H);
      for (let i = 0; i < 8; i++) {
        const glass = g.createLinearGradient(0, 3, 0, H);
        glass.addColorStop(0, '#8aa0ab');
        glass.addColorStop(1, '#3f4f58');
        g.fillStyle = glass;
        g.fillRect(0.4 + i * 2.5, 3.2, 2, H - 3.6);
        g.fillStyle = '#bfc1bf';
        g.fillRect(0.4 + i * 2.5, 7.6, 2, 0.25);
      }
      g.fillStyle = '#3a3d40';
      g.fillRect(0, 0.6, W, 1.1);
      g.fillStyle = '#52565a';
      for (let x = 0; x < W; x += 0.4) g.fillRect(x, 0.6, 0.14, 1);
      weather(g, random, W, H, 120, 0.5);
    },
    (g) => {
      g.fillStyle = '#ffe2b0';
      for (let i = 0; i < 8; i++) if (random() < 0.8) g.fillRect(0.5 + i * 2.5, 8, 1.8, H - 8.6);
    },
  );
}

/** The edge of a tiled roof over a lane, seen from below. */
export function eaves(): Texture {
  return makeTexture(4, 0.42, 48, (g) => {
    g.fillStyle = '#2d2f31';
    g.fillRect(0, 0, 4, 0.3);
    g.fillStyle = '#43474a';
    for (let x = 0; x < 4; x += 0.22) g.fillRect(x, 0, 0.1, 0.3);
    g.fillStyle = '#1c1b19';
    g.fillRect(0, 0.3, 4, 0.12);
    g.fillStyle = '#6d6b64';
    for (let x = 0; x < 4; x += 0.22) g.fillRect(x + 0.01, 0.24, 0.08, 0.07);
  });
}

/** A row of trees in the distance, with sky between the crowns. 24 m wide. */
export function woods(seed: number): Texture {
  const random = createRandom(seed);
  const greens = ['#35442d', '#40503a', '#2d3b28', '#4a5a3f'];
  return makeTexture(24, 8, 14, (g) => {
    for (let i = 0; i < 1500; i++) {
      const x = random() * 24;
      const crown = 2.2 + 1.6 * Math.sin(x * 0.8 + seed) + 0.9 * Math.sin(x * 2.3);
      const y = crown + random() * (8 - crown);
      g.fillStyle = greens[Math.floor(random() * 4)]!;
      g.beginPath();
      g.ellipse(x, y, 0.5 + random() * 0.6, 0.4 + random() * 0.4, 0, 0, 7);
      g.fill();
    }
  });
}
