import { createMesh } from '../gl/mesh.ts';
import type { Mesh } from '../gl/mesh.ts';
import { COMMON, ribbonVertex } from '../shaders/common.ts';
import { buildRibbon } from '../town/buildRibbon.ts';
import type { ReachLook } from '../townMap.ts';
import type { LayerContext, MapLayer } from './mapLayer.ts';

/** As the shader reads them, in the order in which they are painted: what must be seen last of all. */
const RANK: Record<ReachLook, number> = { town: 0, core: 1, lateInCore: 2, out: 3, opens: 4 };
/** The quiet ones are no wider than their road; the others stand out from it. */
const HALF_WIDTH_M: Record<ReachLook, number> = { town: 2.5, core: 3.5, lateInCore: 6, out: 8, opens: 8 };

/**
 * Each look has its own pattern, so that none is told by its colour alone: in time is a quiet unbroken line, thinner where five minutes are
 * promised; late in the centre is dashed; out of reach is a ladder, hatched across between two edges; what would open is a row of light beads on a dark band.
 * Patterns keep their size on the screen: the period doubles with the distance.
 */
const FRAGMENT = `${COMMON}
in vec4 v_e; in vec2 v_p; in float v_d; in float v_cover; uniform float u_mpp;
void main() {
  float look = v_e.w, side = abs(v_e.x), al; vec3 col;
  float px = exp2(floor(log2(max(0.35, u_mpp * 1.4))));
  if (look < 1.5) {
    float wide = look < 0.5 ? 0.46 : 0.74;
    al = (1.0 - smoothstep(wide - 0.16, wide, side)) * tone1(0.75, 0.62, 0.55) * (look < 0.5 ? 0.72 : 0.95);
    col = tone(vec3(0.05, 0.44, 0.42), vec3(0.22, 0.66, 0.62), vec3(0.27, 0.70, 0.65));
  } else if (look < 2.5) {
    float run = fract(v_e.y / (22.0 * px));
    al = smoothstep(0.0, 0.06, run) * (1.0 - smoothstep(0.56, 0.62, run)) * (1.0 - smoothstep(0.50, 0.66, side));
    col = vec3(0.96, 0.70, 0.30);
  } else if (look < 3.5) {
    float run = fract((v_e.y + v_e.x * 4.0 * px) / (9.0 * px));
    float rung = smoothstep(0.0, 0.12, run) * (1.0 - smoothstep(0.42, 0.54, run));
    float rail = smoothstep(0.62, 0.70, side);
    al = max(rung, rail) * (1.0 - smoothstep(0.94, 1.0, side));
    col = vec3(0.98, 0.45, 0.25);
    // A dark bed lets the ladder stand on bright walls and on water alike.
    float bed = (1.0 - al) * 0.55 * (1.0 - smoothstep(0.94, 1.0, side));
    out_FragColor = vec4(col * al + vec3(0.05, 0.03, 0.02) * bed, al + bed);
    if (al + bed < 0.01) discard;
    return;
  } else {
    float run = fract(v_e.y / (18.0 * px)) - 0.5;
    float bead = 1.0 - smoothstep(0.36, 0.44, length(vec2(run * 1.5, side * 0.52)));
    float line = 1.0 - smoothstep(0.86, 0.98, side);
    al = line;
    col = mix(vec3(0.80, 0.27, 0.10), vec3(1.0, 0.95, 0.88), bead);
  }
  if (al < 0.01) discard;
  out_FragColor = vec4(col * al, al);
}`;

export const reachLayer: MapLayer = {
  id: 'reach',
  still: false,
  create(context) {
    let mesh: Mesh | null = null;
    let revision = -1;
    let mpp = 1;
    return {
      update(frame) {
        const { contents } = context;
        if (revision !== contents.revision.reach) {
          revision = contents.revision.reach;
          mesh?.dispose();
          mesh = build(context, () => mpp);
        }
        mpp = frame.pose.rangeM / frame.viewport.height;
        if (mesh) frame.commands.push(mesh.command);
      },
      dispose() {
        mesh?.dispose();
      },
    };
  },
};

function build({ gl, modelMatrix, uniforms, contents }: LayerContext, mpp: () => number): Mesh | null {
  const lines = contents.reach.map(({ points, look }) => ({ points, halfWidthM: HALF_WIDTH_M[look], rank: RANK[look] }));
  const data = buildRibbon(lines.sort((a, b) => a.rank - b.rank));
  if (data.indices.length === 0) return null;
  return createMesh({
    context: gl,
    modelMatrix,
    attributes: [
      { name: 'p', size: 2, data: data.p },
      { name: 'n', size: 2, data: data.n },
      { name: 'e', size: 4, data: data.e },
    ],
    indices: data.indices,
    vertexShader: ribbonVertex('0.0', '8.0'),
    fragmentShader: FRAGMENT,
    uniforms: { ...uniforms, u_mpp: mpp },
    blend: 'over',
    depth: 'none',
  });
}
