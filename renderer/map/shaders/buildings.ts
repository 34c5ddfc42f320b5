import { COMMON } from './common.ts';

/**
 * v_uv: metres along the wall and metres up (roof: metres along the ridge and metres up the slope). a_part: 0 wall, 1 gable wall, 2 roof.
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

export const BUILDING_FRAGMENT = `${COMMON}
in vec2 v_uv; in vec3 v_n; in float v_d; flat in vec4 v_house; flat in float v_part;
const vec3 WARM = vec3(1.0, 0.80, 0.54);
void main() {
  float style = v_house.x, seed = v_house.y, top = v_house.z;
  vec3 n = normalize(v_n);
  float sun = max(0.0, dot(n, u_sun));
  float detail = 1.0 - smoothstep(180.0, 900.0, v_d);
  vec3 c;
  if (v_part > 1.5) {
    vec3 day = style < 0.5 ? mix(vec3(0.300, 0.325, 0.340), vec3(0.375, 0.390, 0.395), seed)
      : style < 1.5 ? mix(vec3(0.560, 0.575, 0.570), vec3(0.655, 0.650, 0.630), seed)
      : style < 2.5 ? (seed > 0.78 ? vec3(0.475, 0.375, 0.335) : mix(vec3(0.345, 0.365, 0.375), vec3(0.440, 0.450, 0.445), seed))
      : style < 3.5 ? mix(vec3(0.500, 0.560, 0.590), vec3(0.600, 0.625, 0.625), seed)
      : style < 4.5 ? vec3(0.520, 0.545, 0.550) : vec3(0.270, 0.285, 0.290);
    float tiled = style < 0.5 || (style > 1.5 && style < 2.5) || style > 4.5 ? 1.0 : 0.0;
    float rib = 1.0 + 0.16 * tiled * detail * (step(0.5, fract(v_uv.x * 1.55)) - 0.5);
    float ridge = tiled * smoothstep(0.80, 0.95, v_uv.y / max(0.5, top)) * 0.0;
    vec3 dayC = day * rib * (0.70 + 0.42 * sun) + ridge;
    vec3 duskC = day * vec3(0.52, 0.50, 0.52) * rib * (0.75 + 0.40 * sun);
    vec3 nightC = (day * vec3(0.26, 0.31, 0.38) + vec3(0.012, 0.020, 0.030)) * rib * (0.66 + 0.60 * sun);
    // lantern light caught by the lower tiles along the old canals
    nightC += WARM * vec3(0.30, 0.20, 0.10) * v_house.w * exp(-v_uv.y * 0.9);
    c = tone(dayC, duskC, nightC);
  } else {
    vec3 lime = style < 0.5 ? mix(vec3(0.860, 0.850, 0.815), vec3(0.925, 0.920, 0.895), seed)
      : style < 1.5 ? mix(vec3(0.800, 0.785, 0.745), vec3(0.855, 0.850, 0.835), seed)
      : style < 2.5 ? mix(vec3(0.835, 0.825, 0.790), vec3(0.890, 0.880, 0.850), seed)
      : style < 3.5 ? mix(vec3(0.700, 0.720, 0.725), vec3(0.770, 0.770, 0.760), seed)
      : style < 4.5 ? vec3(0.815, 0.810, 0.795) : vec3(0.560, 0.430, 0.345);
    // rain stains under the eaves and damp at the foot: a white wall is never white
    float stain = 0.93 + 0.07 * smoothstep(0.0, 1.6, v_uv.y) - 0.06 * smoothstep(top - 1.0, top, v_uv.y);
    vec3 dayC = lime * stain * (0.66 + 0.36 * sun);
    vec3 duskC = lime * vec3(0.50, 0.475, 0.485) * stain * (0.78 + 0.34 * sun);
    vec3 nightC = lime * vec3(0.170, 0.208, 0.262) * stain * (0.78 + 0.5 * sun);
    // windows
    vec2 cell = style < 0.5 ? vec2(2.7, 3.0) : style < 1.5 ? vec2(3.3, 3.0) : style < 2.5 ? vec2(3.4, 3.2) : style < 3.5 ? vec2(8.0, 4.2) : vec2(6.0, 6.0);
    vec2 g = v_uv / cell, id = floor(g), f = g - id;
    vec2 w = fwidth(g); float blur = clamp(max(w.x, w.y) * 1.2, 0.0, 1.0);
    vec2 lo = style > 2.5 && style < 3.5 ? vec2(0.08, 0.62) : style > 3.5 ? vec2(0.06, 0.10) : vec2(0.24, 0.30);
    vec2 hi = style > 2.5 && style < 3.5 ? vec2(0.92, 0.82) : style > 3.5 ? vec2(0.94, 0.86) : vec2(0.76, 0.78);
    vec2 s = smoothstep(lo - w, lo + w, f) * (1.0 - smoothstep(hi - w, hi + w, f));
    float pane = s.x * s.y * step(v_uv.y, top - 0.5) * (v_part > 0.5 && style < 2.5 ? 0.55 : 1.0);
    float share = (hi.x - lo.x) * (hi.y - lo.y);
    float r = hash2(id + floor(seed * 917.0)), on = step(r, style < 0.5 ? 0.50 : style < 1.5 ? 0.36 : style < 2.5 ? 0.26 : style < 3.5 ? 0.16 : 0.8);
    float glass = mix(pane, share * 0.75, blur);
    dayC *= 1.0 - glass * (style < 0.5 ? 0.50 : 0.42);
    duskC *= 1.0 - glass * 0.35;
    // from afar a house is one or two lights, not a checkerboard: the share that is lit, by house
    float house = step(hash1(seed * 53.7 + 0.3), 0.62);
    float light = mix(pane * on * (0.55 + 0.45 * fract(r * 17.0)), share * (style < 0.5 ? 0.60 : style < 1.5 ? 0.40 : style < 2.5 ? 0.34 : 0.15) * (0.35 + house), smoothstep(0.25, 0.9, blur));
    vec3 tint = style > 0.5 && style < 1.5 && fract(r * 7.0) > 0.72 ? vec3(0.84, 0.90, 1.0) : WARM;
    nightC = mix(nightC, tint * 0.92, clamp(light * 0.86, 0.0, 1.0));
    duskC = mix(duskC, tint * vec3(0.90, 0.82, 0.72), clamp(light * 0.42, 0.0, 1.0));
    // lanterns under the eaves of the canal fronts, and their light on the wall
    float row = smoothstep(top - 1.15, top - 0.75, v_uv.y) * (1.0 - smoothstep(top - 0.50, top - 0.25, v_uv.y));
    float beads = smoothstep(0.70, 0.95, sin(v_uv.x * 2.6) * 0.5 + 0.5);
    float lantern = v_house.w * row * mix(0.35, beads, detail);
    vec3 red = vec3(0.96, 0.46, 0.22);
    nightC += v_house.w * vec3(0.20, 0.115, 0.05) * exp(-(top - v_uv.y) * 0.42);
    nightC = mix(nightC, red, lantern * 0.9); duskC = mix(duskC, red * 0.8, lantern * 0.7); dayC = mix(dayC, vec3(0.62, 0.26, 0.20), lantern * 0.55);
    // street light at the foot of every wall
    nightC += vec3(0.070, 0.050, 0.030) * exp(-v_uv.y * 0.5);
    if (style > 4.5) { nightC = mix(vec3(0.34, 0.235, 0.13), vec3(0.78, 0.56, 0.30), pane); duskC = mix(duskC, nightC, 0.5); }
    c = tone(dayC, duskC, nightC);
  }
  out_FragColor = vec4(hazed(c, v_d), 1.0);
}`;
