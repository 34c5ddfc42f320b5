/** Uniforms and functions that every shader of the map shares. Colours are display values (no linear workflow): what is written is seen. */
export const COMMON = `
uniform vec3 u_weights;   // day, dusk, night; sums to 1
uniform vec3 u_sun;       // to the light, east north up
uniform vec3 u_haze;
uniform vec3 u_zenith;
uniform float u_hazeM;    // distance at which 63 % is haze
uniform float u_time;     // seconds, for slow motion; stands still when motion is reduced
vec3 tone(vec3 day, vec3 dusk, vec3 night) { return day * u_weights.x + dusk * u_weights.y + night * u_weights.z; }
float tone1(float day, float dusk, float night) { return dot(vec3(day, dusk, night), u_weights); }
float hazeAt(float d) { float q = d / u_hazeM; return 1.0 - exp(-q * q); }
vec3 hazed(vec3 c, float d) { return mix(c, u_haze, hazeAt(d)); }
float hash1(float p) { p = fract(p * 0.1031); p *= p + 33.33; return fract(p * (p + p)); }
float hash2(vec2 p) { vec3 q = fract(vec3(p.xyx) * 0.1031); q += dot(q, q.yzx + 33.33); return fract((q.x + q.y) * q.z); }
float noise2(vec2 p) { vec2 i = floor(p), f = fract(p); f = f * f * (3.0 - 2.0 * f);
  return mix(mix(hash2(i), hash2(i + vec2(1, 0)), f.x), mix(hash2(i + vec2(0, 1)), hash2(i + vec2(1, 1)), f.x), f.y); }
`;

/**
 * A ribbon along a line: `width` metres wide but never thinner than `minPx`, so that it neither vanishes nor shimmers from afar.
 * e: side (-1, 1), metres along, half width in metres, class. v_cover is the true width as a part of the drawn one.
 */
export const ribbonVertex = (z: string, minPx: string) => `
in vec2 p; in vec2 n; in vec4 e;
out vec4 v_e; out vec2 v_p; out float v_d; out float v_cover;
void main() {
  vec4 c = czm_modelView * vec4(p, ${z}, 1.0);
  float mpp = max(0.02, -c.z * 2.0 / (czm_projection[1][1] * czm_viewport.w));
  float w = max(e.z, ${minPx} * 0.5 * mpp * czm_pixelRatio);
  vec2 q = p + n * w;
  vec4 ec = czm_modelView * vec4(q, ${z}, 1.0);
  v_e = e; v_p = q; v_d = length(ec.xyz); v_cover = e.z / w;
  gl_Position = czm_projection * ec;
}`;
