import { COMMON } from './common.ts';

/** Slow water: a tone of the sky by the angle of view, two crossing ripples near by, a drift along the canal, lantern light on old canals. */
export const WATER_FRAGMENT = `${COMMON}
uniform sampler2D u_groundMap; uniform vec4 u_mapRect; uniform vec3 u_eye;
in vec4 v_e; in vec2 v_p; in float v_d; in float v_cover;
void main() {
  vec4 m = texture(u_groundMap, (v_p - u_mapRect.xy) * u_mapRect.zw);
  float near = 1.0 - smoothstep(350.0, 2200.0, v_d);
  float graze = 1.0 - clamp(u_eye.z / max(v_d, 1.0), 0.0, 1.0);
  vec3 deep = tone(vec3(0.470, 0.550, 0.555), vec3(0.235, 0.290, 0.345), vec3(0.138, 0.236, 0.286));
  vec3 sky = tone(vec3(0.660, 0.715, 0.715), vec3(0.500, 0.510, 0.545), vec3(0.265, 0.385, 0.440));
  vec3 c = mix(deep, sky, 0.20 + 0.62 * graze * graze);
  if (near > 0.01) {
    float drift = u_time * 0.55;
    float r1 = sin(v_p.x * 0.55 + v_p.y * 0.31 + u_time * 0.9 + 2.0 * sin(v_p.y * 0.06));
    float r2 = sin(v_e.y * 0.42 - drift + v_e.x * 2.3 + r1 * 0.7);
    float glint = smoothstep(0.72, 1.0, r1 * 0.5 + r2 * 0.5);
    c += tone(vec3(0.060), vec3(0.065, 0.050, 0.042), vec3(0.022, 0.034, 0.044)) * (glint * near + 0.18 * r2 * near);
  }
  // long streaks of current that the far eye can follow
  float s = v_d > 6000.0 ? 0.5 : noise2(vec2(v_e.y * 0.010 - u_time * 0.045, v_e.x * 1.6 + v_e.w * 9.0));
  c *= 0.94 + 0.12 * s;
  float side = abs(v_e.x);
  float bank = smoothstep(0.62, 1.0, side);
  c = mix(c, c * tone1(0.80, 0.78, 0.72), bank);
  // lanterns: one each eleven metres of quay, drawn out toward the viewer
  float lamp = smoothstep(0.55, 1.0, sin(v_e.y * 0.571) * 0.5 + 0.5) * (0.75 + 0.25 * sin(u_time * 1.1 + v_e.y));
  c += tone(vec3(0.0), vec3(0.20, 0.105, 0.04), vec3(0.60, 0.345, 0.140)) * m.b * m.b * smoothstep(0.15, 0.9, side) * mix(0.42, lamp, near) * step(v_e.z, 16.0);
  out_FragColor = vec4(hazed(c, v_d), 1.0);
}`;
