import { BLOCK_HEIGHT_M, BLOCK_SHIFT, BLOCK_WIDTH_M } from '../town/fieldBlocks.ts';
import { COMMON } from './common.ts';

export const GROUND_VERTEX = `${COMMON}
in vec2 p; uniform vec2 u_centre;
out vec2 v_p; out float v_d;
flat out vec3 v_rice; flat out vec3 v_straw; flat out vec3 v_wood; flat out vec3 v_pond; flat out vec3 v_dike; flat out vec3 v_paved; flat out vec3 v_lamp; flat out vec3 v_street;
void main() {
  v_rice = tone(vec3(0.560, 0.615, 0.520), vec3(0.270, 0.315, 0.320), vec3(0.150, 0.200, 0.210));
  v_straw = tone(vec3(0.640, 0.650, 0.545), vec3(0.325, 0.345, 0.330), vec3(0.182, 0.222, 0.224));
  v_wood = tone(vec3(0.475, 0.545, 0.465), vec3(0.215, 0.262, 0.268), vec3(0.118, 0.170, 0.178));
  v_pond = tone(vec3(0.600, 0.660, 0.650), vec3(0.385, 0.430, 0.480), vec3(0.186, 0.274, 0.316));
  v_dike = tone(vec3(0.690, 0.700, 0.600), vec3(0.340, 0.355, 0.340), vec3(0.180, 0.216, 0.220));
  v_paved = tone(vec3(0.655, 0.665, 0.635), vec3(0.345, 0.350, 0.365), vec3(0.172, 0.200, 0.222));
  v_lamp = tone(vec3(0.0), vec3(0.150, 0.096, 0.044), vec3(0.330, 0.218, 0.108));
  v_street = tone(vec3(0.0), vec3(0.044, 0.032, 0.020), vec3(0.142, 0.106, 0.068));
  v_p = p + u_centre;
  vec4 e = czm_modelView * vec4(v_p, 0.0, 1.0);
  v_d = length(e.xyz);
  gl_Position = czm_projection * e;
}`;

/**
 * Paddies, mulberry and fish ponds between ditches; the town's own ground by the ground map (r: distance to the outline, g: how built up,
 * b: how much lantern light, a: a broad wash of tone, as ink spreads). Detail finer than a pixel is faded to its average, so nothing
 * shimmers; what would be faded anyway is not computed. Palette colours come ready mixed for the light from the vertex shader.
 */
export const GROUND_FRAGMENT = `${COMMON}
uniform sampler2D u_groundMap; uniform vec4 u_mapRect;
in vec2 v_p; in float v_d;
flat in vec3 v_rice; flat in vec3 v_straw; flat in vec3 v_wood; flat in vec3 v_pond; flat in vec3 v_dike; flat in vec3 v_paved; flat in vec3 v_lamp; flat in vec3 v_street;
void main() {
  float haze = hazeAt(v_d);
  if (haze > 0.985) { out_FragColor = vec4(u_haze, 1.0); return; }
  vec4 m = texture(u_groundMap, (v_p - u_mapRect.xy) * u_mapRect.zw);
  vec2 across = fwidth(v_p); float px = max(across.x, across.y);
  float outside = 1.0 - smoothstep(0.30, 0.52, m.r);
  vec3 field = mix(v_rice, v_straw, 0.30), paved = v_paved;
  if (px < 26.0 && haze < 0.9) {
    float row = floor(v_p.y / ${BLOCK_HEIGHT_M.toFixed(1)});
    float shift = mod(row, 2.0) * ${(BLOCK_SHIFT * BLOCK_WIDTH_M).toFixed(2)};
    vec2 b = vec2((v_p.x - shift) / ${BLOCK_WIDTH_M.toFixed(1)}, v_p.y / ${BLOCK_HEIGHT_M.toFixed(1)});
    vec2 id = floor(b), f = (b - id) * vec2(${BLOCK_WIDTH_M.toFixed(1)}, ${BLOCK_HEIGHT_M.toFixed(1)});
    float seed = hash2(id + 17.0);
    // plots: long and narrow, turned a little from block to block
    float turn = (seed - 0.5) * 0.30; vec2 g = vec2(f.x + f.y * turn, f.y - f.x * turn);
    vec2 cell = seed > 0.45 ? vec2(38.0 + 24.0 * fract(seed * 7.0), 108.0) : vec2(124.0, 34.0 + 20.0 * fract(seed * 9.0));
    vec2 c = g / cell, ci = floor(c), cf = (c - ci) * cell;
    float h = hash2(ci + id * 31.0), h2 = fract(h * 13.7);
    float near = 1.0 - smoothstep(4.0, 26.0, px);
    vec3 plot = h < 0.78 ? mix(v_rice, v_straw, h < 0.50 ? h2 * 0.45 : 0.40 + 0.60 * h2) : h < 0.945 ? mix(v_wood, v_rice, h2 * 0.6) : v_pond;
    field = mix(field, plot, (0.22 + 0.60 * near) * near);
    // dikes between the plots
    if (px < 7.0) {
      vec2 e = min(cf, cell - cf); float dike = 1.0 - smoothstep(0.9, 0.9 + max(px, 0.6), min(e.x, e.y));
      field = mix(field, v_dike, dike * 0.55 * (1.0 - smoothstep(1.5, 7.0, px)));
    }
    // ditches between the blocks; one in three is missing, or the country would look like a chessboard
    vec2 be = f + 400.0 * step(vec2(fract(seed * 57.3), fract(seed * 91.7)), vec2(0.42, 0.26));
    float ditch = 1.0 - smoothstep(6.5, 6.5 + max(px, 0.8), min(be.x, be.y));
    field = mix(field, v_pond, ditch * near * (1.0 - smoothstep(0.1, 0.4, m.g)));
  }
  float wash = 0.885 + 0.23 * m.a;
  field *= wash;
  vec3 col = field;
  if (m.g > 0.02) {
    paved *= wash;
    // gardens and courts keep the town from being one slab of pavement
    if (px < 24.0) paved = mix(paved, v_wood, 0.34 * smoothstep(0.50, 0.72, noise2(v_p / 46.0)) * (1.0 - smoothstep(8.0, 24.0, px)));
    col = mix(field, paved, smoothstep(0.20, 0.90, m.g) * 0.86);
    float pool = 0.85;
    // lamps of the old lanes: pools of light near by, their average from afar
    if (m.b > 0.02 && px < 7.0 && u_weights.x < 0.99) {
      vec2 lc = floor(v_p / 21.0), lp = (v_p / 21.0 - lc - 0.5) + 0.34 * (vec2(hash2(lc), hash2(lc + 9.0)) - 0.5);
      pool = mix(0.85, 0.75 * exp(-dot(lp, lp) * 9.0) + 0.38, 1.0 - smoothstep(1.5, 7.0, px));
    }
    col += v_lamp * (m.b * m.b * pool) + v_street * m.g;
  }
  // outside the town everything sinks into the wash
  col = mix(col, mix(u_haze, field, 0.42) * tone1(1.0, 0.9, 0.72), outside * 0.80);
  out_FragColor = vec4(mix(col, u_haze, haze), 1.0);
}`;

export const SKY_VERTEX = `
in vec3 p; uniform vec2 u_centre; uniform float u_reach;
out float v_up;
void main() {
  v_up = p.z;
  gl_Position = czm_projection * (czm_modelView * vec4(u_centre + p.xy * u_reach, p.z * u_reach, 1.0));
}`;
export const SKY_FRAGMENT = `${COMMON}
in float v_up;
void main() { out_FragColor = vec4(mix(u_haze, u_zenith, smoothstep(0.0, 0.42, v_up)), 1.0); }`;
