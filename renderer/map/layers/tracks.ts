import { createMesh } from '../gl/mesh.ts';
import type { Mesh } from '../gl/mesh.ts';
import { COMMON, ribbonVertex } from '../shaders/common.ts';
import { buildTracks } from '../town/buildTracks.ts';
import type { LayerContext, MapLayer } from './mapLayer.ts';

/** Speed as colour, the same stops as in panels/parts/SpeedLegend.vue: 0, 30, 50 and 80 km/h. What lies after the chosen moment is not there yet; the last ten minutes before it shine. */
const FRAGMENT = `${COMMON}
in vec4 v_e; in vec2 v_p; in float v_d; in float v_cover; uniform float u_head;
void main() {
  float age = u_head - v_e.y;
  if (age < 0.0) discard;
  float kmh = v_e.w * 3.6;
  vec3 col = mix(vec3(0.36, 0.55, 0.93), vec3(0.34, 0.80, 0.62), smoothstep(0.0, 30.0, kmh));
  col = mix(col, vec3(0.95, 0.77, 0.30), smoothstep(30.0, 50.0, kmh));
  col = mix(col, vec3(0.95, 0.35, 0.30), smoothstep(50.0, 80.0, kmh));
  float core = 1.0 - smoothstep(0.35, 0.95, abs(v_e.x));
  float al = core * mix(0.34, 1.0, 1.0 - smoothstep(0.0, 600.0, age));
  if (al < 0.01) discard;
  out_FragColor = vec4(col * al, al);
}`;

export const trackLayer: MapLayer = {
  id: 'tracks',
  still: false,
  create(context) {
    let mesh: Mesh | null = null;
    let revision = -1;
    return {
      update(frame) {
        const { contents } = context;
        if (revision !== contents.revision.tracks) {
          revision = contents.revision.tracks;
          mesh?.dispose();
          mesh = build(context);
        }
        if (mesh) frame.commands.push(mesh.command);
      },
      dispose() {
        mesh?.dispose();
      },
    };
  },
};

function build({ gl, modelMatrix, uniforms, contents, frame }: LayerContext): Mesh | null {
  const { pieces, fromMs } = contents.tracks;
  const data = buildTracks(pieces, frame, fromMs);
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
    vertexShader: ribbonVertex('0.0', '3.5'),
    fragmentShader: FRAGMENT,
    uniforms: { ...uniforms, u_head: () => (contents.tracks.headMs - contents.tracks.fromMs) / 1000 },
    blend: 'over',
    depth: 'none',
  });
}
