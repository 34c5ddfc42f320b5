import { createMesh } from '../gl/mesh.ts';
import { COMMON } from '../shaders/common.ts';
import { planTrees } from '../town/planTrees.ts';
import type { MapLayer } from './mapLayer.ts';

const TILE_M = 2000;
/** Crowns farther away are below a pixel. */
const SEEN_M = 4000;
/** A crown of six corners: top, foot and four around, squashed; enough from where a wall looks. */
const CROWN = [
  [0, 0, 2.1],
  [1, 0, 1.05],
  [0, 1, 1.05],
  [-1, 0, 1.05],
  [0, -1, 1.05],
  [0, 0, 0.15],
] as const;
const FACES = [0, 1, 2, 0, 2, 3, 0, 3, 4, 0, 4, 1, 5, 2, 1, 5, 3, 2, 5, 4, 3, 5, 1, 4];

const VERTEX = `
in vec3 p; in vec4 leaf;
out float v_d; out vec3 v_n; flat out float v_seed; out float v_up;
void main() { vec4 e = czm_modelView * vec4(p, 1.0); v_d = length(e.xyz); v_n = leaf.xyz * 2.0 - 1.0; v_seed = leaf.w; v_up = leaf.z; gl_Position = czm_projection * e; }`;
const FRAGMENT = `${COMMON}
in float v_d; in vec3 v_n; flat in float v_seed; in float v_up;
void main() {
  float sun = 0.5 + 0.5 * dot(normalize(v_n), u_sun);
  vec3 day = mix(vec3(0.285, 0.375, 0.285), vec3(0.415, 0.475, 0.345), v_seed) * (0.66 + 0.46 * sun);
  vec3 dusk = vec3(0.165, 0.195, 0.185) * (0.7 + 0.5 * sun);
  vec3 night = vec3(0.066, 0.100, 0.108) * (0.7 + 0.7 * sun) + vec3(0.030, 0.022, 0.012) * (1.0 - v_up);
  vec3 c = tone(day, dusk, night), far = tone(vec3(0.600, 0.630, 0.575), vec3(0.31, 0.325, 0.315), vec3(0.205, 0.212, 0.205));
  // A crown of one pixel is a dark dot: with distance it sinks into the colour of the ground.
  c = mix(c, far, 0.85 * smoothstep(600.0, 3600.0, v_d));
  out_FragColor = vec4(hazed(c, v_d), 1.0);
}`;

export const treeLayer: MapLayer = {
  id: 'trees',
  still: true,
  create({ gl, modelMatrix, uniforms, town, frame, buildings, eye }) {
    const trees = planTrees(town, frame, buildings.buildings);
    trees.sort((a, b) => Math.floor(a.x / TILE_M) - Math.floor(b.x / TILE_M) || Math.floor(a.y / TILE_M) - Math.floor(b.y / TILE_M));
    const p = new Float32Array(trees.length * 18);
    const leaf = new Uint8Array(trees.length * 24);
    const indices = new Uint32Array(trees.length * 24);
    trees.forEach((tree, i) => {
      CROWN.forEach(([x, y, z], k) => {
        const turn = tree.seed * 6;
        const rx = x * Math.cos(turn) - y * Math.sin(turn);
        const ry = x * Math.sin(turn) + y * Math.cos(turn);
        p.set([tree.x + rx * tree.radiusM, tree.y + ry * tree.radiusM, z * tree.radiusM], (i * 6 + k) * 3);
        const n = [rx, ry, (z - 1.05) / 1.05].map((v) => Math.round((v * 0.5 + 0.5) * 255));
        leaf.set([n[0]!, n[1]!, n[2]!, Math.floor(tree.seed * 255)], (i * 6 + k) * 4);
      });
      indices.set(
        FACES.map((f) => i * 6 + f),
        i * 24,
      );
    });
    const mesh = createMesh({
      context: gl,
      modelMatrix,
      attributes: [
        { name: 'p', size: 3, data: p },
        { name: 'leaf', size: 4, data: leaf },
      ],
      indices,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms,
      depth: 'write',
      cull: true,
    });
    const tiles: { x: number; y: number; command: ReturnType<typeof mesh.range> }[] = [];
    for (let from = 0; from < trees.length;) {
      const i = Math.floor(trees[from]!.x / TILE_M);
      const j = Math.floor(trees[from]!.y / TILE_M);
      let to = from;
      while (to < trees.length && Math.floor(trees[to]!.x / TILE_M) === i && Math.floor(trees[to]!.y / TILE_M) === j) to++;
      tiles.push({ x: (i + 0.5) * TILE_M, y: (j + 0.5) * TILE_M, command: mesh.range(from * 24, (to - from) * 24) });
      from = to;
    }
    return {
      update(frame) {
        // From far away a crown is less than a pixel: it would only shimmer.
        if (frame.pose.rangeM > 6500) return;
        for (const tile of tiles)
          if (frame.sees(tile.x, tile.y, TILE_M * 0.75) && Math.hypot(tile.x - eye.x, tile.y - eye.y, eye.z) < SEEN_M)
            frame.commands.push(tile.command);
      },
      dispose: mesh.dispose,
    };
  },
};
