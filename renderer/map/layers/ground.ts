import { Cartesian2 } from '@cesium/engine';
import { createMesh } from '../gl/mesh.ts';
import { toPoints } from '../localFrame.ts';
import { COMMON, ribbonVertex } from '../shaders/common.ts';
import { GROUND_FRAGMENT, GROUND_VERTEX, SKY_FRAGMENT, SKY_VERTEX } from '../shaders/ground.ts';
import { buildRibbon } from '../town/buildRibbon.ts';
import type { MapLayer } from './mapLayer.ts';

/** Half edge of the ground in metres; the haze has closed long before. */
const REACH_M = 60_000;
const CELLS = 20;

export const groundLayer: MapLayer = {
  id: 'ground',
  still: true,
  create({ gl, modelMatrix, uniforms, groundMap, town, frame }) {
    const centre = new Cartesian2();
    const ground = createMesh({
      context: gl,
      modelMatrix,
      attributes: [{ name: 'p', size: 2, data: gridVertices() }],
      indices: gridIndices(),
      vertexShader: GROUND_VERTEX,
      fragmentShader: GROUND_FRAGMENT,
      uniforms: { ...uniforms, u_centre: () => centre, u_groundMap: () => groundMap.texture, u_mapRect: () => groundMap.rect },
      depth: 'none',
    });
    const sky = createMesh({
      context: gl,
      modelMatrix,
      attributes: [{ name: 'p', size: 3, data: skyVertices() }],
      indices: skyIndices(),
      vertexShader: SKY_VERTEX,
      fragmentShader: SKY_FRAGMENT,
      uniforms: { ...uniforms, u_centre: () => centre, u_reach: () => REACH_M * 0.5 },
      depth: 'none',
    });
    const ring = toPoints(frame, town.outline.ring);
    const border = buildRibbon([{ points: [...ring, ring[0]!], halfWidthM: 3, rank: 0 }]);
    const outline = createMesh({
      context: gl,
      modelMatrix,
      attributes: [
        { name: 'p', size: 2, data: border.p },
        { name: 'n', size: 2, data: border.n },
        { name: 'e', size: 4, data: border.e },
      ],
      indices: border.indices,
      vertexShader: ribbonVertex('0.0', '1.6'),
      fragmentShader: `${COMMON}
in vec4 v_e; in vec2 v_p; in float v_d; in float v_cover;
void main() { float al = (1.0 - smoothstep(0.5, 1.0, abs(v_e.x))) * step(0.42, fract(v_e.y / 130.0)) * (1.0 - hazeAt(v_d)) * 0.55;
  out_FragColor = vec4(tone(vec3(0.42, 0.48, 0.47), vec3(0.55, 0.54, 0.55), vec3(0.34, 0.44, 0.50)) * al, al); }`,
      uniforms,
      blend: 'over',
      depth: 'none',
    });
    return {
      update({ commands, pose }) {
        // Snapped, so that the vertices stay where they are while the camera pans.
        centre.x = Math.round(pose.x / 1000) * 1000;
        centre.y = Math.round(pose.y / 1000) * 1000;
        commands.push(sky.command, ground.command, outline.command);
      },
      dispose() {
        ground.dispose();
        sky.dispose();
        outline.dispose();
      },
    };
  },
};

/** Cells grow outward: fine where varyings must be exact, coarse in the haze. */
function gridVertices(): Float32Array {
  const p = new Float32Array((CELLS + 1) ** 2 * 2);
  const place = (i: number) => {
    const t = (i / CELLS) * 2 - 1;
    return Math.sign(t) * Math.abs(t) ** 2.4 * REACH_M;
  };
  for (let j = 0; j <= CELLS; j++) for (let i = 0; i <= CELLS; i++) p.set([place(i), place(j)], (j * (CELLS + 1) + i) * 2);
  return p;
}
function gridIndices(): Uint16Array {
  const out = new Uint16Array(CELLS * CELLS * 6);
  let k = 0;
  for (let j = 0; j < CELLS; j++)
    for (let i = 0; i < CELLS; i++) {
      const a = j * (CELLS + 1) + i;
      out.set([a, a + 1, a + CELLS + 1, a + CELLS + 1, a + 1, a + CELLS + 2], k);
      k += 6;
    }
  return out;
}

const SKY_SIDES = 16;
/** A band around the horizon; it starts a little below so that no seam shows. */
function skyVertices(): Float32Array {
  const p = new Float32Array((SKY_SIDES + 1) * 6);
  for (let i = 0; i <= SKY_SIDES; i++) {
    const a = (i / SKY_SIDES) * Math.PI * 2;
    p.set([Math.cos(a), Math.sin(a), -0.1, Math.cos(a), Math.sin(a), 0.9], i * 6);
  }
  return p;
}
function skyIndices(): Uint16Array {
  const out = new Uint16Array(SKY_SIDES * 6);
  for (let i = 0; i < SKY_SIDES; i++) out.set([i * 2, i * 2 + 1, i * 2 + 2, i * 2 + 2, i * 2 + 1, i * 2 + 3], i * 6);
  return out;
}
