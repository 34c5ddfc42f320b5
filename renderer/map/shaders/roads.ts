import { COMMON } from './common.ts';

/** Quiet bands by class (0 expressway .. 5 lane); by night the street lamps make beads near by and a warm thread from afar. */
export const ROAD_FRAGMENT = `${COMMON}
in vec4 v_e; in vec2 v_p; in float v_d; in float v_cover;
void main() {
  float rank = v_e.w;
  float side = abs(v_e.x);
  float metres = side * v_e.z / max(v_cover, 0.001);
  float edge = 1.0 - smoothstep(0.86, 1.0, side);
  float big = 1.0 - smoothstep(1.5, 3.5, rank);
  vec3 asphalt = tone(mix(vec3(0.700, 0.700, 0.680), vec3(0.735, 0.720, 0.680), big), mix(vec3(0.375, 0.365, 0.365), vec3(0.42, 0.395, 0.37), big), mix(vec3(0.185, 0.200, 0.215), vec3(0.220, 0.226, 0.232), big));
  float close = 1.0 - smoothstep(250.0, 1500.0, v_d);
  // lane marks on the wide ones
  float dash = step(0.5, fract(v_e.y / 12.0)) * (1.0 - smoothstep(0.12, 0.45, metres)) * step(rank, 3.5);
  float kerb = smoothstep(0.90, 0.96, side);
  asphalt += tone(vec3(0.10), vec3(0.08), vec3(0.05)) * dash * close;
  asphalt = mix(asphalt, asphalt * tone1(0.84, 0.86, 1.28), kerb * close);
  // lamps
  float lit = rank < 0.5 ? 0.55 : rank < 3.5 ? 1.0 : rank < 4.5 ? 0.62 : 0.30;
  float beads = exp(-pow((fract(v_e.y / 32.0) - 0.5) * 5.0, 2.0)) * (0.35 + 0.65 * side);
  float glow = mix(0.56, beads, close);
  asphalt += tone(vec3(0.0), vec3(0.135, 0.088, 0.040), vec3(0.400, 0.285, 0.155)) * glow * lit;
  float al = edge * mix(0.55, 1.0, v_cover) * mix(0.60, 1.0, lit);
  vec3 c = hazed(asphalt, v_d);
  out_FragColor = vec4(c * al, al);
}`;
