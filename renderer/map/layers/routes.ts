import { createMesh } from '../gl/mesh.ts';
import type { Mesh } from '../gl/mesh.ts';
import { COMMON, ribbonVertex } from '../shaders/common.ts';
import { buildRibbon } from '../town/buildRibbon.ts';
import type { LayerContext, MapLayer } from './mapLayer.ts';

/** rank: r + g * 256 + b * 65536 of the colour, plus 2^24 for a quiet candidate; negative for a past track. */
const FRAGMENT = `${COMMON}
in vec4 v_e; in vec2 v_p; in float v_d; in float v_cover; uniform float u_mpp;
void main() {
  float code = abs(v_e.w) - 1.0; float quiet = floor(code / 16777216.0); code -= quiet * 16777216.0;
  vec3 col = vec3(mod(code, 256.0), mod(floor(code / 256.0), 256.0), floor(code / 65536.0)) / 255.0;
  float side = abs(v_e.x), al;
  // dashes keep their length on the screen: the period doubles with the distance
  float period = 14.0 * exp2(floor(log2(max(1.0, u_mpp * 2.2))));
  if (v_e.w < 0.0) al = (1.0 - smoothstep(0.35, 0.7, side)) * 0.62;
  else {
    float run = fract(v_e.y / period - u_time * 0.9);
    float dash = smoothstep(0.0, 0.12, run) * (1.0 - smoothstep(0.46, 0.58, run));
    float core = 1.0 - smoothstep(0.42, 0.62, side), glow = (1.0 - side) * (1.0 - side);
    al = quiet > 0.5 ? core * 0.42 : core * (0.50 + 0.50 * dash) + glow * 0.22;
    col = mix(col, vec3(1.0), quiet > 0.5 ? 0.0 : dash * core * 0.35);
  }
  al = min(al, 1.0);
  if (al < 0.01) discard;
  out_FragColor = vec4(col * al, al);
}`;

export const routeLayer: MapLayer = {
  id: 'routes',
  still: false,
  create(context) {
    let mesh: Mesh | null = null;
    let revision = -1;
    let mpp = 1;
    return {
      update(frame) {
        const { contents } = context;
        if (revision !== contents.revision.routes) {
          revision = contents.revision.routes;
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
  if (contents.routes.length === 0) return null;
  const byte = (v: number) => Math.round(v * 255);
  const data = buildRibbon(
    contents.routes.map((r) => {
      const code = 1 + byte(r.colour[0]) + byte(r.colour[1]) * 256 + byte(r.colour[2]) * 65536;
      return { points: r.points, halfWidthM: 2.5, rank: r.track ? -code : r.quiet ? code + 16777216 : code };
    }),
  );
  return createMesh({
    context: gl,
    modelMatrix,
    attributes: [
      { name: 'p', size: 2, data: data.p },
      { name: 'n', size: 2, data: data.n },
      { name: 'e', size: 4, data: data.e },
    ],
    indices: data.indices,
    vertexShader: ribbonVertex('0.0', '9.0'),
    fragmentShader: FRAGMENT,
    uniforms: { ...uniforms, u_mpp: mpp },
    blend: 'over',
    depth: 'none',
  });
}
