import { createRandom } from '../../hash.ts';
import type { Texture } from './raster.ts';
import { makeTexture, weather, type Brush } from './textures.ts';

/** Things that stand or move in a street, as billboards. Each function draws one kind; seeds vary it. */

const cloth = ['#2f3a45', '#4b3f3a', '#5a6470', '#6b4a44', '#39464a', '#7a6f60', '#8a8478', '#31404f'];
const skin = '#b98f74';

export function person(seed: number, stride: boolean): Texture {
  const random = createRandom(seed);
  const jacket = cloth[Math.floor(random() * cloth.length)]!;
  const legs = cloth[Math.floor(random() * 4)]!;
  const bag = random() < 0.4;
  return makeTexture(0.8, 1.75, 60, (g) => {
    g.lineCap = 'round';
    g.strokeStyle = legs;
    g.lineWidth = 0.15;
    const spread = stride ? 0.15 : 0.04;
    g.beginPath();
    g.moveTo(0.36, 0.95);
    g.lineTo(0.36 - spread, 1.68);
    g.moveTo(0.45, 0.95);
    g.lineTo(0.45 + spread, stride ? 1.6 : 1.68);
    g.stroke();
    g.fillStyle = jacket;
    g.beginPath();
    g.roundRect(0.2, 0.33, 0.4, 0.72, 0.14);
    g.fill();
    g.strokeStyle = jacket;
    g.lineWidth = 0.12;
    g.beginPath();
    g.moveTo(0.24, 0.44);
    g.lineTo(0.17, 0.92);
    g.moveTo(0.57, 0.44);
    g.lineTo(0.64, 0.92);
    g.stroke();
    g.fillStyle = 'rgba(0,0,0,0.22)';
    g.fillRect(0.42, 0.36, 0.17, 0.68);
    if (bag) {
      g.fillStyle = '#4d4438';
      g.beginPath();
      g.roundRect(0.26, 0.42, 0.28, 0.38, 0.08);
      g.fill();
    }
    g.fillStyle = skin;
    g.beginPath();
    g.ellipse(0.4, 0.2, 0.1, 0.13, 0, 0, 7);
    g.fill();
    g.fillStyle = '#1f1b19';
    g.beginPath();
    g.ellipse(0.4, 0.15, 0.115, 0.12, 0, 0, 7);
    g.fill();
  });
}

const paint = ['#d9dadb', '#2b2f34', '#8b9197', '#5b2a2a', '#2e4257', '#b8b2a4', '#e4e4e2'];

/** A car from behind (`rear`, red lamps) or from the front (white lamps). */
export function car(seed: number, rear: boolean): Texture {
  const random = createRandom(seed);
  const body = paint[Math.floor(random() * paint.length)]!;
  const tall = random() < 0.4 ? 0.2 : 0;
  return makeTexture(
    1.9,
    1.7,
    52,
    (g) => {
      const top = 0.3 - tall;
      g.fillStyle = 'rgba(0,0,0,1)';
      g.fillRect(0.14, 1.35, 0.28, 0.34);
      g.fillRect(1.48, 1.35, 0.28, 0.34);
      g.fillStyle = body;
      g.beginPath();
      g.roundRect(0.32, top, 1.26, 0.7 + tall, 0.2);
      g.fill();
      g.beginPath();
      g.roundRect(0.06, 0.78, 1.78, 0.74, 0.14);
      g.fill();
      const glass = g.createLinearGradient(0, top, 0, 0.82);
      glass.addColorStop(0, '#5c6b75');
      glass.addColorStop(1, '#20282d');
      g.fillStyle = glass;
      g.beginPath();
      g.roundRect(0.4, top + 0.08, 1.1, 0.5 + tall, 0.1);
      g.fill();
      g.fillStyle = 'rgba(0,0,0,0.28)';
      g.fillRect(0.08, 1.28, 1.74, 0.22);
      g.fillStyle = 'rgba(255,255,255,0.14)';
      g.fillRect(0.12, 0.84, 1.66, 0.08);
      g.fillStyle = rear ? '#7e1d1d' : '#cfd6d8';
      g.fillRect(0.1, 0.94, 0.3, 0.2);
      g.fillRect(1.5, 0.94, 0.3, 0.2);
      g.fillStyle = '#2a53a0';
      g.fillRect(0.72, 1.12, 0.46, 0.15);
    },
    (g) => {
      g.fillStyle = rear ? '#ff4030' : '#fff6dd';
      g.fillRect(0.12, 0.95, 0.26, 0.16);
      g.fillRect(1.52, 0.95, 0.26, 0.16);
    },
  );
}

export function scooter(seed: number): Texture {
  const random = createRandom(seed);
  const jacket = cloth[Math.floor(random() * cloth.length)]!;
  return makeTexture(
    0.9,
    1.7,
    56,
    (g) => {
      g.fillStyle = '#16181a';
      g.fillRect(0.38, 1.05, 0.14, 0.64);
      g.fillStyle = ['#3d5a6e', '#7a3030', '#d0d0cc'][Math.floor(random() * 3)]!;
      g.beginPath();
      g.roundRect(0.28, 0.82, 0.34, 0.52, 0.1);
      g.fill();
      g.fillStyle = jacket;
      g.beginPath();
      g.roundRect(0.22, 0.34, 0.46, 0.62, 0.15);
      g.fill();
      g.fillRect(0.1, 0.76, 0.7, 0.07);
      g.fillStyle = '#d8c9a8';
      g.beginPath();
      g.ellipse(0.45, 0.2, 0.14, 0.16, 0, 0, 7);
      g.fill();
    },
    (g) => {
      g.fillStyle = '#fff3d6';
      g.fillRect(0.4, 0.92, 0.1, 0.08);
    },
  );
}

const leaf = {
  camphor: ['#34452c', '#3f5233', '#2c3b27', '#4a5d3a'],
  willow: ['#4d5c33', '#5c6b3a', '#6b7a45', '#7c8a52'],
  waterFir: ['#2f4530', '#3a523a', '#466046', '#2a3d2c'],
  ginkgo: ['#4c5f34', '#5a6e3c', '#687c46', '#76894f'],
} as const;

/** A street tree: round camphor, tall water fir (the avenue tree of the plain), slender ginkgo, or a willow over a canal. */
export function tree(seed: number, kind: keyof typeof leaf): Texture {
  const random = createRandom(seed);
  const W = 5.2;
  const H = kind === 'waterFir' ? 9 : 6.8;
  const greens = leaf[kind];
  return makeTexture(W, H, 24, (g) => {
    g.strokeStyle = '#3a3129';
    g.lineCap = 'round';
    g.lineWidth = kind === 'ginkgo' ? 0.18 : 0.26;
    g.beginPath();
    g.moveTo(2.6, H);
    g.quadraticCurveTo(2.5, H - 2, 2.65, H * 0.45);
    g.stroke();
    const count = kind === 'ginkgo' ? 360 : 600;
    for (let i = 0; i < count; i++) {
      const a = random() * 7;
      const r = Math.sqrt(random());
      let x = 2.6 + Math.cos(a) * r * (kind === 'ginkgo' ? 1.5 : 2.3);
      let y = 2.4 + Math.sin(a) * r * (kind === 'willow' ? 1.7 : 2.1);
      if (kind === 'waterFir') {
        y = 0.2 + random() * 6.6;
        x = 2.6 + (random() - 0.5) * (0.3 + y * 0.46);
      }
      // Lighter above, where the sky falls on the crown.
      const shade = Math.min(3, Math.max(0, Math.floor((2.4 - y) * 0.7 + 1.4 + random() * 1.6)));
      g.fillStyle = greens[shade]!;
      if (kind === 'willow') g.fillRect(x, y, 0.07, 0.5 + random() * 1.5);
      else {
        g.beginPath();
        g.ellipse(x, y, 0.1 + random() * 0.22, 0.08 + random() * 0.14, random() * 3, 0, 7);
        g.fill();
      }
    }
  });
}

export function lampPost(): Texture {
  return makeTexture(
    1.6,
    7,
    26,
    (g) => {
      g.fillStyle = '#565b5e';
      g.fillRect(0.2, 0.2, 0.12, 7);
      g.fillRect(0.2, 0.2, 1.1, 0.08);
      g.fillStyle = '#8c9194';
      g.fillRect(0.95, 0.22, 0.5, 0.14);
    },
    (g) => {
      g.fillStyle = '#ffe9c0';
      g.fillRect(0.98, 0.32, 0.44, 0.12);
    },
  );
}

export function lantern(): Texture {
  const shape = (g: Brush) => {
    g.beginPath();
    g.ellipse(0.3, 0.42, 0.25, 0.24, 0, 0, 7);
    g.fill();
  };
  return makeTexture(
    0.6,
    1,
    64,
    (g) => {
      g.fillStyle = '#3a2b22';
      g.fillRect(0.28, 0, 0.04, 0.2);
      g.fillStyle = '#a3302a';
      shape(g);
      g.fillStyle = '#7d211d';
      for (let x = 0.12; x < 0.5; x += 0.1) g.fillRect(x, 0.22, 0.02, 0.42);
      g.fillStyle = '#b08a4a';
      g.fillRect(0.18, 0.16, 0.24, 0.05);
      g.fillRect(0.18, 0.63, 0.24, 0.05);
      g.fillRect(0.28, 0.68, 0.04, 0.26);
    },
    (g) => {
      g.fillStyle = '#ff7a4a';
      shape(g);
      g.fillStyle = '#ffb070';
      g.fillRect(0.2, 0.3, 0.2, 0.26);
    },
  );
}

export function pots(seed: number): Texture {
  const random = createRandom(seed);
  return makeTexture(1.2, 1, 48, (g) => {
    for (let i = 0; i < 3; i++) {
      const x = 0.08 + i * 0.38;
      g.fillStyle = ['#6b5142', '#574a40', '#7a5a48'][i]!;
      g.fillRect(x + 0.04, 0.7, 0.24, 0.3);
      for (let k = 0; k < 26; k++) {
        g.fillStyle = ['#40552f', '#54693c', '#33452a', '#8a4a44'][Math.floor(random() * (i === 1 ? 4 : 3))]!;
        g.fillRect(x + random() * 0.32 - 0.02, 0.28 + random() * 0.46, 0.07, 0.1);
      }
    }
  });
}

/** A black-awning boat, seen from the side. */
export function boat(): Texture {
  return makeTexture(5, 1.7, 30, (g) => {
    g.fillStyle = '#2b2320';
    g.beginPath();
    g.moveTo(0, 1);
    g.quadraticCurveTo(2.5, 1.5, 5, 0.95);
    g.lineTo(4.5, 1.6);
    g.lineTo(0.5, 1.6);
    g.fill();
    g.fillStyle = '#4a3a2e';
    g.fillRect(0.4, 1.06, 4.2, 0.1);
    g.fillStyle = '#1d1c1b';
    g.beginPath();
    g.moveTo(1.1, 1.1);
    g.quadraticCurveTo(2.5, -0.2, 3.9, 1.1);
    g.fill();
  });
}

export function plainWall(seed: number, heightM: number): Texture {
  const random = createRandom(seed);
  return makeTexture(8, heightM, 30, (g) => {
    g.fillStyle = '#c2bdb0';
    g.fillRect(0, 0, 8, heightM);
    weather(g, random, 8, heightM, 320, 0.2, '40,40,34', 0.1);
    g.fillStyle = '#34373a';
    g.fillRect(0, 0, 8, 0.22);
    const damp = g.createLinearGradient(0, heightM * 0.55, 0, heightM);
    damp.addColorStop(0, 'rgba(60,60,50,0)');
    damp.addColorStop(1, 'rgba(50,54,42,0.6)');
    g.fillStyle = damp;
    g.fillRect(0, 0, 8, heightM);
  });
}

/** The stone balustrade of a canal. 4 m by 1 m. */
export function balustrade(): Texture {
  const random = createRandom(5);
  return makeTexture(4, 1, 48, (g) => {
    g.fillStyle = '#9a968b';
    g.fillRect(0, 0.12, 4, 0.14);
    g.fillRect(0, 0.78, 4, 0.22);
    for (let x = 0; x < 4; x += 0.5) g.fillRect(x + 0.18, 0.2, 0.12, 0.65);
    g.fillStyle = '#aaa69b';
    for (let x = 0; x < 4; x += 2) g.fillRect(x, 0, 0.26, 1);
    g.globalCompositeOperation = 'source-atop';
    weather(g, random, 4, 1, 180, 0.12, '30,32,24', 0.16);
  });
}

export function fence(): Texture {
  return makeTexture(4, 2, 32, (g) => {
    g.fillStyle = '#6a7278';
    for (let x = 0; x < 4; x += 0.2) g.fillRect(x, 0.1, 0.05, 1.7);
    g.fillRect(0, 0.25, 4, 0.07);
    g.fillRect(0, 1.6, 4, 0.07);
    g.fillStyle = '#8f8c84';
    g.fillRect(0, 1.7, 4, 0.3);
    g.fillRect(0, 0, 0.3, 2);
  });
}

/** Clipped hedge (`crop` false) or a stand of rice or rape (`crop` true). */
export function hedge(seed: number, crop: boolean): Texture {
  const random = createRandom(seed);
  const colours = crop ? ['#6f7440', '#7d8148', '#5f6638', '#8a8650'] : ['#2f4028', '#3a4d30', '#283722', '#45583a'];
  return makeTexture(6, 1, 32, (g) => {
    for (let i = 0; i < 1500; i++) {
      const y = 0.12 + random() * 0.88;
      g.fillStyle = colours[Math.min(3, Math.floor(random() * 3 + (1 - y)))]!;
      g.fillRect(random() * 6.2 - 0.1, y, 0.09, crop ? 0.3 : 0.12);
    }
  });
}

/** A ground pattern that repeats. Rows of the texture run along the path. */
export function ground(kind: 'slabs' | 'asphalt' | 'concrete' | 'pavers' | 'grass' | 'soil' | 'dash' | 'line' | 'kerb' | 'crops'): Texture {
  const random = createRandom(kind.length * 131 + kind.charCodeAt(0));
  const [w, h] = kind === 'dash' ? [0.25, 10] : kind === 'line' || kind === 'kerb' ? [0.25, 4] : [4, 4];
  return makeTexture(w, h, kind === 'dash' ? 12 : 32, (g) => {
    const base = {
      slabs: '#77746b',
      asphalt: '#4b4d4f',
      concrete: '#7d7b75',
      pavers: '#85807a',
      grass: '#4c5a37',
      soil: '#6a5f49',
      dash: '#4b4d4f',
      line: '#b7b6ae',
      kerb: '#9d9a92',
      crops: '#71743f',
    }[kind];
    g.fillStyle = base;
    g.fillRect(0, 0, w, h);
    if (kind === 'dash') {
      g.fillStyle = '#bdbcb4';
      g.fillRect(0, 0, w, 4);
    }
    if (kind === 'slabs') {
      // Long slabs laid across the lane, worn in the middle.
      for (let z = 0; z < 4; z += 0.5) {
        const shift = random() * 1.3;
        for (let x = -1.4 + shift; x < 4; x += 1.4) {
          g.fillStyle = `rgba(${random() < 0.5 ? '40,40,38' : '180,176,164'},${0.05 + 0.14 * random()})`;
          g.fillRect(x, z, 1.4, 0.5);
          g.fillStyle = 'rgba(28,28,26,0.6)';
          g.fillRect(x, z, 0.04, 0.5);
        }
        g.fillStyle = 'rgba(28,28,26,0.6)';
        g.fillRect(0, z, 4, 0.045);
      }
    }
    if (kind === 'pavers') {
      for (let z = 0; z < 4; z += 0.4)
        for (let x = 0; x < 4; x += 0.4) {
          g.fillStyle = `rgba(${random() < 0.5 ? '50,46,42' : '200,190,178'},${0.16 * random()})`;
          g.fillRect(x, z, 0.37, 0.37);
        }
    }
    if (kind === 'concrete') {
      g.fillStyle = 'rgba(30,30,28,0.5)';
      g.fillRect(0, 0, 4, 0.05);
      g.fillRect(0, 0, 0.05, 4);
    }
    const rough = kind === 'grass' || kind === 'soil' || kind === 'crops' ? 0.3 : kind === 'asphalt' || kind === 'dash' ? 0.09 : 0.06;
    weather(g, random, w, h, w * h * 60, rough, '20,22,18', kind === 'asphalt' || kind === 'dash' ? 0.13 : 0.22);
  });
}
