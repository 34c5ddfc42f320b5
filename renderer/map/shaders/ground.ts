import { BLOCK_HEIGHT_M, BLOCK_SHIFT, BLOCK_WIDTH_M } from '../town/fieldBlocks.ts';
import { COMMON } from './common.ts';

export const GROUND_VERTEX = `
in vec2 p; uniform vec2 u_centre;
out vec2 v_p; out float v_d;
void main() {
  v_p = p + u_centre;
  vec4 e = czm_modelView * vec4(v_p, 0.0, 1.0);
  v_d = length(e.xyz);
  gl_Position = czm_projection * e;
}`;

/**
 * Paddies, mulberry and fish ponds between ditches; the town's own ground by the ground map (r: distance to the outline, g: how built up,
 * b: how much lantern light, a: distance to water). Detail finer than a pixel is faded to its average, so nothing shimmers.
 */
export const GROUND_FRAGMENT = `${COMMON}
uniform sampler2D u_groundMap; uniform vec4 u_mapRect;
in vec2 v_p; in float v_d;
void main() {
  vec4 m = texture(u_groundMap, (v_p - u_mapRect.xy) * u_mapRect.zw);
  float px = max(length(dFdx(v_p)), length(dFdy(v_p)));
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
  vec3 rice = tone(vec3(0.560, 0.615, 0.520), vec3(0.300, 0.325, 0.310), vec3(0.142, 0.190, 0.200));
  vec3 straw = tone(vec3(0.640, 0.650, 0.545), vec3(0.345, 0.340, 0.310), vec3(0.172, 0.210, 0.212));
  vec3 wood = tone(vec3(0.475, 0.545, 0.465), vec3(0.245, 0.275, 0.268), vec3(0.112, 0.162, 0.170));
  vec3 pond = tone(vec3(0.600, 0.660, 0.650), vec3(0.390, 0.400, 0.425), vec3(0.178, 0.262, 0.302));
  vec3 plot = h < 0.50 ? mix(rice, straw, h2 * 0.45) : h < 0.78 ? mix(rice, straw, 0.40 + 0.60 * h2) : h < 0.945 ? mix(wood, rice, h2 * 0.6) : pond;
  vec3 field = mix(mix(rice, straw, 0.30), plot, 0.22 + 0.60 * near);
  // dikes between the plots, ditches between the blocks
  vec2 e = min(cf, cell - cf); float dike = 1.0 - smoothstep(0.9, 0.9 + max(px, 0.6), min(e.x, e.y));
  field = mix(field, tone(vec3(0.690, 0.700, 0.600), vec3(0.350, 0.350, 0.320), vec3(0.170, 0.206, 0.210)), dike * 0.55 * (1.0 - smoothstep(1.5, 7.0, px)));
  // one in three is missing, or the country would look like a chessboard
  vec2 be = f + 400.0 * step(vec2(hash2(id + 3.0), hash2(id + 71.0)), vec2(0.42, 0.26));
  float ditch = 1.0 - smoothstep(6.5, 6.5 + max(px, 0.8), min(be.x, be.y));
  field = mix(field, pond, ditch * (1.0 - smoothstep(7.0, 26.0, px)) * (1.0 - smoothstep(0.1, 0.4, m.g)));
  // broad wash of tone, as ink spreads
  float wash = noise2(v_p / 1450.0) * 0.65 + noise2(v_p / 430.0) * 0.35;
  field *= 0.885 + 0.23 * wash;
  vec3 paved = tone(vec3(0.655, 0.665, 0.635), vec3(0.385, 0.372, 0.368), vec3(0.166, 0.192, 0.212));
  paved *= 0.94 + 0.12 * wash;
  // gardens and courts keep the town from being one slab of pavement
  paved = mix(paved, wood, 0.34 * smoothstep(0.50, 0.72, noise2(v_p / 46.0)) * (1.0 - smoothstep(10.0, 40.0, px)));
  vec3 col = mix(field, paved, smoothstep(0.20, 0.90, m.g) * 0.86);
  // lamps of the old lanes: pools of light near by, their average from afar
  vec2 lc = floor(v_p / 21.0), lp = (v_p / 21.0 - lc - 0.5) + 0.34 * (vec2(hash2(lc), hash2(lc + 9.0)) - 0.5);
  float pool = mix(0.62, 0.75 * exp(-dot(lp, lp) * 9.0) + 0.38, 1.0 - smoothstep(1.5, 7.0, px));
  col += tone(vec3(0.0), vec3(0.105, 0.066, 0.030), vec3(0.330, 0.218, 0.108)) * m.b * m.b * pool;
  col += tone(vec3(0.0), vec3(0.022, 0.017, 0.012), vec3(0.085, 0.064, 0.042)) * m.g;
  // outside the town everything sinks into the wash
  float outside = 1.0 - smoothstep(0.30, 0.52, m.r);
  col = mix(col, mix(u_haze, field, 0.42) * tone1(1.0, 0.9, 0.72), outside * 0.80);
  out_FragColor = vec4(hazed(col, v_d), 1.0);
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
