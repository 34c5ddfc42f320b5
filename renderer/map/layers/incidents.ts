import { createMesh } from '../gl/mesh.ts';
import { createTexelTable, TABLE_WIDTH } from '../gl/texelTable.ts';
import { MOST_INCIDENTS } from '../mapContents.ts';
import { COMMON } from '../shaders/common.ts';
import type { MapLayer } from './mapLayer.ts';

/** Height of the pin's head over the ground, CSS pixels; picking uses it too. */
export const PIN_PX = 34;

/** One texel an incident: x, y, severity + waiting * 8, selected. Twelve vertices: ring on the ground, stem, head. */
const VERTEX = `in float corner; flat out vec3 v_what; out vec2 v_p; flat out float v_part;${COMMON}
uniform highp sampler2D u_table;
#define DEAD { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
void main() {
  int q = gl_VertexID, i = q / 12, part = (q % 12) / 4; vec2 k = vec2(float(q & 1), float((q >> 1) & 1)) * 2.0 - 1.0;
  vec4 m = texelFetch(u_table, ivec2(i % ${TABLE_WIDTH}, i / ${TABLE_WIDTH}), 0);
  float waiting = floor(m.z / 8.0);
  v_what = vec3(m.z - waiting * 8.0, waiting, m.w); v_p = k; v_part = float(part);
  vec4 e = czm_modelView * vec4(m.xy, 0.0, 1.0); if (e.z > -2.0) DEAD
  float mpp = -e.z * 2.0 / (czm_projection[1][1] * czm_viewport.w) * czm_pixelRatio;
  float big = v_what.z > 0.5 ? 1.3 : v_what.x < 1.5 ? 1.12 : 1.0;
  if (part == 0) { float r = clamp(34.0 * mpp, 12.0, 900.0) * big; gl_Position = czm_projection * (czm_modelView * vec4(m.xy + k * r, 0.0, 1.0)); return; }
  vec4 c = czm_projection * e; float up = ${PIN_PX}.0 * big;
  vec2 off = part == 1 ? vec2(k.x * 1.0, k.y > 0.0 ? up - 8.0 : 0.0) : vec2(0.0, up) + k * 13.0 * big;
  c.xy += off * czm_pixelRatio * 2.0 / czm_viewport.zw * c.w; gl_Position = c;
}`;
const FRAGMENT = `${COMMON}
flat in vec3 v_what; in vec2 v_p; flat in float v_part;
float shape(vec2 p, float severity) {
  if (severity < 1.5) { vec2 q = vec2(abs(p.x), p.y); return max(dot(q, vec2(0.866, 0.5)) - 0.36, -p.y - 0.44); }        // triangle
  if (severity < 2.5) return (abs(p.x) + abs(p.y)) * 0.74 - 0.52;                                                          // diamond
  if (severity < 3.5) return max(abs(p.x), abs(p.y)) - 0.46;                                                               // square
  return length(p) - 0.50;                                                                                                 // disc
}
void main() {
  float s = v_what.x;
  vec3 col = s < 1.5 ? vec3(0.905, 0.345, 0.300) : s < 2.5 ? vec3(0.930, 0.565, 0.255) : s < 3.5 ? vec3(0.915, 0.760, 0.330) : vec3(0.375, 0.610, 0.905);
  float al; vec3 c = col;
  if (v_part < 0.5) {
    float r = length(v_p), w = fwidth(r);
    float beat = fract(u_time * 0.42), wave = v_what.y * (1.0 - beat) * (1.0 - smoothstep(0.0, 0.10, abs(r - 0.25 - 0.72 * beat)));
    float rim = 1.0 - smoothstep(0.03, 0.03 + w * 1.5, abs(r - 0.46));
    float disc = (1.0 - smoothstep(0.0, 0.50, r)) * 0.42 + (1.0 - smoothstep(0.44, 0.48, r)) * 0.10;
    al = max(max(rim * 0.85, disc), wave * 0.42);
    if (v_what.z > 0.5) al = max(al, (1.0 - smoothstep(0.02, 0.02 + w * 1.5, abs(r - 0.62))) * 0.9);
  } else if (v_part < 1.5) al = 0.9 * (1.0 - smoothstep(0.4, 1.0, abs(v_p.x)));
  else {
    float d = shape(v_p, s), aa = fwidth(d);
    float fill = 1.0 - smoothstep(-aa, aa, d), rim = 1.0 - smoothstep(0.13 - aa, 0.13 + aa, d);
    float core = v_what.y > 0.5 ? 1.0 : smoothstep(-0.20 - aa, -0.20 + aa, d);
    vec3 inner = mix(vec3(0.05, 0.065, 0.085), col, core);
    c = mix(v_what.z > 0.5 ? vec3(1.0) : vec3(0.04, 0.055, 0.075), inner, fill); al = max(fill, rim * 0.92);
  }
  if (al < 0.01) discard;
  out_FragColor = vec4(c * al, al);
}`;

export const incidentLayer: MapLayer = {
  id: 'incidents',
  still: false,
  create({ gl, modelMatrix, uniforms, contents }) {
    const table = createTexelTable(MOST_INCIDENTS, 1);
    table.attach(gl);
    const indices = new Uint16Array(MOST_INCIDENTS * 18);
    for (let i = 0; i < MOST_INCIDENTS * 3; i++) indices.set([i * 4, i * 4 + 1, i * 4 + 2, i * 4 + 2, i * 4 + 1, i * 4 + 3], i * 6);
    const mesh = createMesh({
      context: gl,
      modelMatrix,
      attributes: [{ name: 'corner', size: 1, data: new Uint8Array(MOST_INCIDENTS * 12) }],
      indices,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: { ...uniforms, u_table: () => table.texture() },
      blend: 'over',
      depth: 'none',
    });
    let revision = -1;
    return {
      update(frame) {
        const { incidents, selection } = contents;
        if (revision !== contents.revision.incidents) {
          revision = contents.revision.incidents;
          incidents.forEach(({ incident, x, y }, i) => {
            const waiting = incident.state === 'reported' || incident.state === 'accepted' || incident.state === 'triaged';
            const selected = selection?.kind === 'incident' && selection.id === incident.id;
            table.data.set([x, y, incident.severity + (waiting ? 8 : 0), selected ? 1 : 0], i * 4);
          });
          table.touch(0, incidents.length);
          table.upload();
        }
        if (incidents.length === 0) return;
        mesh.command.count = incidents.length * 18;
        frame.commands.push(mesh.command);
      },
      dispose() {
        mesh.dispose();
        table.detach();
      },
    };
  },
};
