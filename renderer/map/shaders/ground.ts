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
  float near = 1.0 - smoothstep(8.0, 42.0, px);
  vec3 rice = tone(vec3(0.515, 0.580, 0.475), vec3(0.275, 0.300, 0.285), vec3(0.090, 0.124, 0.138));
  vec3 straw = tone(vec3(0.625, 0.625, 0.500), vec3(0.335, 0.325, 0.290), vec3(0.106, 0.134, 0.142));
  vec3 wood = tone(vec3(0.400, 0.485, 0.405), vec3(0.212, 0.244, 0.240), vec3(0.070, 0.104, 0.118));
  vec3 pond = tone(vec3(0.590, 0.655, 0.650), vec3(0.390, 0.400, 0.430), vec3(0.110, 0.165, 0.205));
  vec3 plot = h < 0.46 ? mix(rice, straw, h2 * 0.45) : h < 0.72 ? mix(rice, straw, 0.45 + 0.55 * h2) : h < 0.90 ? mix(wood, rice, h2 * 0.6) : pond;
  vec3 field = mix(mix(rice, straw, 0.30), plot, 0.35 + 0.65 * near);
  // dikes between the plots, ditches between the blocks
  vec2 e = min(cf, cell - cf); float dike = 1.0 - smoothstep(0.9, 0.9 + max(px, 0.6), min(e.x, e.y));
  field = mix(field, tone(vec3(0.655, 0.665, 0.560), vec3(0.330, 0.335, 0.305), vec3(0.118, 0.150, 0.160)), dike * 0.55 * (1.0 - smoothstep(1.5, 7.0, px)));
  vec2 be = min(f, vec2(${BLOCK_WIDTH_M.toFixed(1)}, ${BLOCK_HEIGHT_M.toFixed(1)}) - f);
  float ditch = 1.0 - smoothstep(3.5, 3.5 + max(px, 0.8), min(be.x, be.y));
  field = mix(field, pond, ditch * (1.0 - smoothstep(7.0, 26.0, px)) * (1.0 - smoothstep(0.1, 0.4, m.g)));
  // broad wash of tone, as ink spreads
  float wash = noise2(v_p / 1450.0) * 0.65 + noise2(v_p / 430.0) * 0.35;
  field *= 0.885 + 0.23 * wash;
  vec3 paved = tone(vec3(0.660, 0.655, 0.625), vec3(0.345, 0.335, 0.335), vec3(0.124, 0.146, 0.166));
  paved *= 0.94 + 0.12 * wash;
  vec3 col = mix(field, paved, smoothstep(0.12, 0.72, m.g) * 0.9);
  col += tone(vec3(0.0), vec3(0.055, 0.032, 0.012), vec3(0.105, 0.066, 0.030)) * m.b;
  col += tone(vec3(0.0), vec3(0.018, 0.014, 0.010), vec3(0.034, 0.029, 0.024)) * m.g;
  // outside the town everything sinks into the wash
  float outside = 1.0 - smoothstep(0.30, 0.52, m.r);
  col = mix(col, mix(u_haze, field, 0.42) * tone1(1.0, 0.9, 0.72), outside * 0.86);
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
