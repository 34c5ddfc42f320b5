import { COMMON } from './common.ts';

/**
 * v_uv: metres along the wall and metres up (roof: metres along the ridge and metres up the slope). a_part: 0 wall, 1 gable wall, 2 roof, 3 fire wall (blind).
 * a_house: style (0 old, 1 modern, 2 village, 3 industry, 4 venue, 5 monument), seed, eaves height / 100 m, waterside.
 */
export const BUILDING_VERTEX = `
in vec3 p; in vec4 normalPart; in vec2 uv; in vec4 house;
out vec2 v_uv; out vec3 v_n; out float v_d; flat out vec4 v_house; flat out float v_part;
void main() {
  vec4 e = czm_modelView * vec4(p, 1.0);
  v_uv = uv; v_n = normalPart.xyz * 2.0 - 1.0; v_part = floor(normalPart.w * 255.0 + 0.5);
  v_house = vec4(floor(house.x * 255.0 + 0.5), house.y, house.z * 100.0, house.w);
  v_d = length(e.xyz);
  gl_Position = czm_projection * e;
}`;

/** Ten vertices a house: direction, part and place on the wall come from the position itself. */
export const FAR_VERTEX = `
in vec3 p; in vec4 house;
out vec3 v_at; out float v_d; flat out vec4 v_house;
void main() {
  vec4 e = czm_modelView * vec4(p, 1.0);
  v_at = p; v_d = length(e.xyz);
  v_house = vec4(floor(house.x * 255.0 + 0.5), house.y, house.z * 100.0, house.w);
  gl_Position = czm_projection * e;
}`;

const NEAR_INPUT = `
in vec2 v_uv; in vec3 v_n; in float v_d; flat in vec4 v_house; flat in float v_part;
#define FACE vec3 n = normalize(v_n); vec2 uv = v_uv; float part = v_part;
`;
const FAR_INPUT = `
in vec3 v_at; in float v_d; flat in vec4 v_house;
#define FACE vec3 n = normalize(cross(dFdx(v_at), dFdy(v_at))); \\
  float part = n.z > 0.3 ? 2.0 : 0.0; vec2 uv = part > 1.0 ? vec2(0.0, 4.0) : vec2(v_at.y * n.x - v_at.x * n.y, v_at.z);
`;
const fragment = (input: string) => `${COMMON}${input}
const vec3 WARM = vec3(1.0, 0.80, 0.54);
void main() {
  float style = v_house.x, seed = v_house.y, top = v_house.z;
  FACE
  float sun = max(0.0, dot(n, u_sun));
  // Derivatives are taken before the paths part.
  vec2 across = fwidth(uv);
  float detail = 1.0 - smoothstep(180.0, 900.0, v_d);
  vec3 c;
  if (part > 1.5 && part < 2.5) {
    vec3 day = style < 0.5 ? mix(vec3(0.300, 0.325, 0.340), vec3(0.375, 0.390, 0.395), seed)
      : style < 1.5 ? (seed > 0.86 ? vec3(0.640, 0.545, 0.490) : seed > 0.66 ? vec3(0.590, 0.635, 0.655) : mix(vec3(0.690, 0.700, 0.690), vec3(0.785, 0.780, 0.760), seed * 1.5))
      : style < 2.5 ? (seed > 0.78 ? vec3(0.475, 0.375, 0.335) : mix(vec3(0.345, 0.365, 0.375), vec3(0.440, 0.450, 0.445), seed))
      : style < 3.5 ? mix(vec3(0.500, 0.560, 0.590), vec3(0.600, 0.625, 0.625), seed)
      : style < 4.5 ? vec3(0.520, 0.545, 0.550) : vec3(0.270, 0.285, 0.290);
    float tiled = style < 0.5 || (style > 1.5 && style < 2.5) || style > 4.5 ? 1.0 : 0.0;
    float rib = 1.0 + 0.16 * tiled * detail * (step(0.5, fract(uv.x * 1.55)) - 0.5);
    vec3 dayC = day * rib * (0.80 + 0.36 * sun);
    vec3 duskC = day * vec3(0.500, 0.530, 0.600) * rib * (0.75 + 0.40 * sun);
    vec3 nightC = (day * vec3(0.330, 0.395, 0.480) + vec3(0.010, 0.018, 0.028)) * rib * (0.62 + 0.62 * sun);
    // lantern light caught by the lower tiles along the old canals
    nightC += WARM * vec3(0.30, 0.20, 0.10) * v_house.w * exp(-uv.y * 0.9);
    c = tone(dayC, duskC, nightC);
  } else {
    vec3 lime = style < 0.5 ? mix(vec3(0.860, 0.850, 0.815), vec3(0.925, 0.920, 0.895), seed)
      : style < 1.5 ? mix(vec3(0.860, 0.840, 0.795), vec3(0.915, 0.905, 0.885), seed)
      : style < 2.5 ? mix(vec3(0.835, 0.825, 0.790), vec3(0.890, 0.880, 0.850), seed)
      : style < 3.5 ? mix(vec3(0.700, 0.720, 0.725), vec3(0.770, 0.770, 0.760), seed)
      : style < 4.5 ? vec3(0.815, 0.810, 0.795) : vec3(0.560, 0.430, 0.345);
    // rain stains under the eaves and damp at the foot: a white wall is never white
    float stain = 0.93 + 0.07 * smoothstep(0.0, 1.6, uv.y) - 0.06 * smoothstep(top - 1.0, top, uv.y);
    vec3 dayC = lime * stain * (0.80 + 0.26 * sun);
    vec3 duskC = lime * vec3(0.455, 0.480, 0.535) * stain * (0.78 + 0.34 * sun);
    vec3 nightC = lime * vec3(0.225, 0.265, 0.325) * stain * (0.74 + 0.5 * sun);
    // windows
    vec2 cell = style < 0.5 ? vec2(2.7, 3.0) : style < 1.5 ? vec2(3.3, 3.0) : style < 2.5 ? vec2(3.4, 3.2) : style < 3.5 ? vec2(8.0, 4.2) : vec2(6.0, 6.0);
    // Cells double until one is wider than a pixel: from afar a lit cell is a row of rooms, and it neither blurs away nor shimmers.
    vec2 q = across / cell; float lod = max(0.0, ceil(log2(max(q.x, q.y) * 1.7)));
    cell *= exp2(lod);
    vec2 g = uv / cell, id = floor(g), f = g - id;
    vec2 w = min(across / cell, vec2(0.5));
    vec2 lo = style > 2.5 && style < 3.5 ? vec2(0.08, 0.62) : style > 3.5 ? vec2(0.06, 0.10) : vec2(0.24, 0.30);
    vec2 hi = style > 2.5 && style < 3.5 ? vec2(0.92, 0.82) : style > 3.5 ? vec2(0.94, 0.86) : vec2(0.76, 0.78);
    float soft = min(lod * 0.5, 1.0); lo = mix(lo, vec2(0.10), soft); hi = mix(hi, vec2(0.90), soft);
    vec2 s = smoothstep(lo - w, lo + w, f) * (1.0 - smoothstep(hi - w, hi + w, f));
    s = mix(s, vec2(1.0), soft * 0.75);
    float pane = s.x * s.y * step(part, 2.5) * step(uv.y, top - 0.5 * (1.0 - soft)) * (part > 0.5 && style < 2.5 ? 0.8 : 1.0);
    float r = hash2(id + floor(seed * 917.0)), on = step(r, style < 0.5 ? 0.56 : style < 1.5 ? 0.46 : style < 2.5 ? 0.36 : style < 3.5 ? 0.24 : 0.85);
    float glass = pane * mix(1.0, 0.30, soft);
    dayC *= 1.0 - glass * (style < 0.5 ? 0.50 : 0.40);
    duskC *= 1.0 - glass * 0.35;
    float light = pane * on * (0.55 + 0.45 * fract(r * 17.0)) * mix(1.0, style < 0.5 ? 0.95 : style < 1.5 ? 0.92 : 0.85, soft);
    // shop fronts on the ground floor of the old streets
    float shop = (style < 0.5 && part < 0.5 && fract(seed * 37.0) < 0.46 ? 1.0 : 0.0) * smoothstep(0.15, 0.35, uv.y) * (1.0 - smoothstep(2.2, 2.5, uv.y));
    shop *= mix(0.35 + 0.65 * smoothstep(0.06, 0.16, abs(fract(uv.x / 1.35) - 0.5)), 0.8, soft);
    light = max(light, shop * 0.85);
    vec3 tint = style > 0.5 && style < 1.5 && fract(r * 7.0) > 0.78 ? vec3(0.86, 0.91, 1.0) : mix(WARM, vec3(1.0, 0.70, 0.40), shop * 0.7);
    nightC = mix(nightC, tint * 0.95, clamp(light * 0.90, 0.0, 1.0));
    duskC = mix(duskC, tint * vec3(0.98, 0.90, 0.80), clamp(light * 0.60, 0.0, 1.0));
    dayC *= 1.0 - shop * 0.25;
    // lanterns under the eaves of the canal fronts, and their light on the wall
    float row = smoothstep(top - 1.15, top - 0.75, uv.y) * (1.0 - smoothstep(top - 0.50, top - 0.25, uv.y));
    float beads = smoothstep(0.70, 0.95, sin(uv.x * 2.6) * 0.5 + 0.5);
    float lantern = v_house.w * row * mix(0.35, beads, detail);
    vec3 red = vec3(0.96, 0.46, 0.22);
    nightC += v_house.w * vec3(0.30, 0.175, 0.08) * exp(-max(top - uv.y, 0.0) * 0.36);
    nightC = mix(nightC, red, lantern * 0.9); duskC = mix(duskC, red * 0.8, lantern * 0.7); dayC = mix(dayC, vec3(0.62, 0.26, 0.20), lantern * 0.55);
    // street light at the foot of every wall
    nightC += vec3(0.150, 0.105, 0.058) * exp(-uv.y * 0.42) * (style < 0.5 ? 1.0 : 0.55);
    if (style > 4.5) { nightC = mix(vec3(0.34, 0.235, 0.13), vec3(0.78, 0.56, 0.30), pane); duskC = mix(duskC, nightC, 0.5); }
    c = tone(dayC, duskC, nightC);
  }
  out_FragColor = vec4(hazed(c, v_d), 1.0);
}`;
export const BUILDING_FRAGMENT = fragment(NEAR_INPUT);
export const FAR_FRAGMENT = fragment(FAR_INPUT);

/** The light lets the eaves fall to the ground: each shadow is its house drawn out flat. */
export const SHADOW_VERTEX = `${COMMON}
in vec3 p; out float v_d;
void main() {
  vec4 e = czm_modelView * vec4(p.xy - u_sun.xy / max(u_sun.z, 0.25) * p.z, 0.0, 1.0);
  v_d = length(e.xyz); gl_Position = czm_projection * e;
}`;
export const SHADOW_FRAGMENT = `${COMMON}
in float v_d;
void main() { float al = 0.30 * u_weights.x * (1.0 - hazeAt(v_d)); out_FragColor = vec4(vec3(0.16, 0.20, 0.24) * al, al); }`;
