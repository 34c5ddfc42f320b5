import { HISTORY, LONGEST_EXTRAPOLATION_S, LONGEST_GAP_S, SLOT_TEXELS, TRAIL_S, WRAP_S } from '../units/trackBook.ts';
import { TABLE_WIDTH } from '../gl/texelTable.ts';
import { COMMON } from './common.ts';

const TABLES = `${COMMON}
uniform highp sampler2D u_table; uniform vec4 u_palette[32]; uniform float u_now; uniform float u_pace; uniform vec4 u_px;
float since(float t) { float d = u_now - t; return d - ${WRAP_S}.0 * floor(d / ${WRAP_S}.0 + 0.5); }
float between(float a, float b) { float d = b - a; return d - ${WRAP_S}.0 * floor(d / ${WRAP_S}.0 + 0.5); }
#define DEAD { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
`;

export const TRAIL_VERTEX = `in float corner; out vec3 v_col; out vec2 v_g;${TABLES}
void main() {
  int q = gl_VertexID; float cx = float(q & 1), cy = float((q >> 1) & 1) * 2.0 - 1.0;
  int i = q >> 2; ivec2 at = ivec2((i % ${TABLE_WIDTH / 2}) * 2, i / ${TABLE_WIDTH / 2});
  vec4 a0 = texelFetch(u_table, at, 0), b0 = texelFetch(u_table, at + ivec2(1, 0), 0);
  v_col = vec3(0.0); v_g = vec2(0.0);
  float k = floor(a0.w / 65536.0), dur = max((a0.w - k * 65536.0) * 0.001, 0.001);
  float db = since(b0.w), da = db + dur;
  if (k < 0.5 || da <= 0.0 || db >= ${TRAIL_S}.0) DEAD
  v_col = u_palette[int(k) - 1].rgb;
  // clipped to the drawn minute: the tail vanishes and the newest end meets the head
  float s0 = clamp((da - ${TRAIL_S}.0) / dur, 0.0, 1.0), s1 = clamp(da / dur, 0.0, 1.0);
  vec4 a = czm_modelView * vec4(mix(a0.xyz, b0.xyz, s0), 1.0), b = czm_modelView * vec4(mix(a0.xyz, b0.xyz, s1), 1.0);
  float nz = -2.0; if (a.z > nz && b.z > nz) DEAD
  if (a.z > nz) a = mix(b, a, (nz - b.z) / (a.z - b.z)); if (b.z > nz) b = mix(a, b, (nz - a.z) / (b.z - a.z));
  vec4 ca = czm_projection * a, cb = czm_projection * b;
  vec2 d = (cb.xy / cb.w - ca.xy / ca.w) * czm_viewport.zw; float len = length(d); d = len > 1e-4 ? d / len : vec2(1.0, 0.0);
  float age = clamp(mix(da - s0 * dur, da - s1 * dur, cx) / ${TRAIL_S}.0, 0.0, 1.0);
  float w = u_px.x * czm_pixelRatio * (1.0 - 0.55 * age);
  vec4 c = cx < 0.5 ? ca : cb;
  c.xy += (vec2(-d.y, d.x) * cy + d * (cx * 2.0 - 1.0) * 0.25) * w / czm_viewport.zw * c.w;
  gl_Position = c; v_g = vec2(cy, 1.0 - age);
}`;
export const TRAIL_FRAGMENT = `${COMMON}
in vec3 v_col; in vec2 v_g;
void main() {
  float e = 1.0 - abs(v_g.x), al = smoothstep(0.0, 0.55, e) * v_g.y * v_g.y * tone1(0.78, 0.72, 0.66);
  if (al < 0.01) discard;
  vec3 c = mix(v_col * tone1(0.62, 0.85, 1.0), vec3(1.0), tone1(0.0, 0.10, 0.20) * v_g.y);
  out_FragColor = vec4(c * al, al);
}`;

/** Twelve vertices a slot: ring, drop line, body. v_part 0, 1, 2. */
export const HEAD_VERTEX = `in float corner; flat out vec4 v_style; flat out vec3 v_col; out vec2 v_p; flat out float v_part; flat out float v_stale;${TABLES}
void main() {
  int q = gl_VertexID; int slot = q / 12; int part = (q % 12) / 4; vec2 k = vec2(float(q & 1), float((q >> 1) & 1)) * 2.0 - 1.0;
  ivec2 at = ivec2((slot % ${TABLE_WIDTH / SLOT_TEXELS}) * ${SLOT_TEXELS}, slot / ${TABLE_WIDTH / SLOT_TEXELS});
  vec4 m = texelFetch(u_table, at, 0);
  v_style = vec4(0.0); v_col = vec3(0.0); v_p = k; v_part = float(part); v_stale = 0.0;
  int count = int(m.z + 0.5), newest = int(m.y + 0.5), bits = int(m.x + 0.5);
  int kind = bits & 3, status = (bits >> 2) & 7, colour = (bits >> 5) & 31, flags = bits >> 10;
  if (count == 0 || (flags & 2) != 0) DEAD
  bool selected = (flags & 1) != 0;
  if (part == 0 && status == 0 && !selected) DEAD
  if (part == 1 && kind != 2) DEAD
  vec4 late = texelFetch(u_table, at + ivec2(2 + newest, 0), 0), early = late;
  float age = since(late.w), t = 1.0;
  if (age >= 0.0) {
    if (count > 1) {
      early = texelFetch(u_table, at + ivec2(2 + (newest + ${HISTORY - 1}) % ${HISTORY}, 0), 0);
      float dt = between(early.w, late.w);
      float gap = ${LONGEST_GAP_S}.0 * u_pace;
      if (dt <= gap && age <= gap) t = 1.0 + min(age, ${LONGEST_EXTRAPOLATION_S.toFixed(1)} * u_pace) / max(dt, 0.05);
    }
  } else {
    for (int j = 1; j < ${HISTORY}; j++) {
      if (j >= count) break;
      early = texelFetch(u_table, at + ivec2(2 + (newest - j + ${HISTORY}) % ${HISTORY}, 0), 0);
      float a = since(early.w);
      if (a >= 0.0) { float dt = between(early.w, late.w); t = dt > ${LONGEST_GAP_S}.0 * u_pace ? 0.0 : a / max(dt, 0.05); break; }
      late = early; t = 0.0;
    }
  }
  float te = min(t, 1.0);
  float za = floor(early.z / 1024.0) * 0.1, zb = floor(late.z / 1024.0) * 0.1;
  float ha = mod(early.z, 1024.0) / 1024.0, hb = mod(late.z, 1024.0) / 1024.0, turn = hb - ha; turn -= floor(turn + 0.5);
  float h = (ha + turn * te) * 6.2831853;
  vec3 p = vec3(mix(early.xy, late.xy, t), mix(za, zb, te));
  vec4 e = czm_modelView * vec4(p, 1.0); if (e.z > -2.0) DEAD
  vec4 c = czm_projection * e;
  vec4 c2 = czm_projection * (czm_modelView * vec4(p + vec3(sin(h), cos(h), 0.0) * 4.0, 1.0));
  vec2 d = (c2.xy / c2.w - c.xy / c.w) * czm_viewport.zw; float l = length(d); d = l > 1e-5 ? d / l : vec2(0.0, 1.0);
  // smaller from afar, so that a crowd of heads stays a crowd and not a carpet
  float scale = mix(1.0, 0.8, smoothstep(1500.0, 9000.0, -e.z));
  float size = (kind == 1 ? u_px.z : u_px.y) * scale * (selected ? 1.18 : 1.0);
  vec2 off;
  if (part == 1) {
    vec4 foot = czm_projection * (czm_modelView * vec4(p.xy, 0.0, 1.0));
    c = k.y < 0.0 ? foot : c; off = vec2(k.x * 1.1, 0.0) * czm_pixelRatio;
  } else if (part == 0) { off = k * size * 1.95 * czm_pixelRatio; }
  else off = (vec2(d.y, -d.x) * k.x + d * k.y) * size * czm_pixelRatio;
  c.xy += off * 2.0 / czm_viewport.zw * c.w;
  gl_Position = c;
  v_style = vec4(float(kind), float(status), selected ? 1.0 : 0.0, float(flags & 4));
  v_col = u_palette[colour].rgb;
  v_stale = max(smoothstep(15.0, 20.0, age / u_pace + u_px.w) * 0.8, (flags & 4) != 0 ? 0.85 : 0.0);
}`;

export const HEAD_FRAGMENT = `${COMMON}
flat in vec4 v_style; flat in vec3 v_col; in vec2 v_p; flat in float v_part; flat in float v_stale;
float ring(float r, float at, float w, float aa) { return 1.0 - smoothstep(w, w + aa, abs(r - at)); }
float body(vec2 p, float kind) {
  if (kind < 0.5) { vec2 q = vec2(abs(p.x), p.y); return max(dot(q - vec2(0.0, 0.84), vec2(0.934, 0.357)), dot(q - vec2(0.0, -0.40), vec2(-0.44, -0.898))); }
  if (kind < 1.5) return length(p) - 0.56;
  if (kind < 2.5) { vec2 q = abs(p); float arm = max(abs(q.x - q.y) * 0.707 - 0.10, length(p) - 0.80); return min(length(q - 0.52) - 0.24, min(arm, length(p) - 0.24)); }
  vec2 q = vec2(abs(p.x) + 0.52, p.y); return length(q * vec2(1.0, 0.84)) - 0.90;
}
void main() {
  float kind = v_style.x, status = v_style.y;
  vec3 ink = tone(vec3(0.11, 0.14, 0.16), vec3(0.06, 0.08, 0.11), vec3(0.02, 0.035, 0.055));
  if (v_part < 0.5) {
    float r = length(v_p), aa = fwidth(r) * 1.2, al = 0.0; vec3 c = v_col;
    if (status > 2.5) { float beat = 0.72 + 0.28 * sin(u_time * 3.1); c = vec3(0.93, 0.33, 0.29); al = ring(r, 0.74, 0.07, aa) * beat + (1.0 - smoothstep(0.70, 0.74, r)) * 0.20 * beat; }
    else if (status > 1.5) al = ring(r, 0.70, 0.045, aa) * 0.95 + (1.0 - smoothstep(0.66, 0.70, r)) * 0.16;
    else if (status > 0.5) { float a = atan(v_p.y, v_p.x) / 6.2831853 + u_time * 0.10; al = ring(r, 0.70, 0.045, aa) * smoothstep(0.30, 0.36, abs(fract(a * 3.0) - 0.5) + 0.10) ; c = mix(v_col, vec3(1.0), 0.25); }
    if (v_style.z > 0.5) { float halo = ring(r, 0.92, 0.035, aa); c = mix(c, vec3(1.0), halo); al = max(al, max(halo, (1.0 - smoothstep(0.0, 0.9, r)) * 0.30)); }
    if (al < 0.01) discard;
    out_FragColor = vec4(c * al, al); return;
  }
  if (v_part < 1.5) { float al = 0.55 * (1.0 - smoothstep(0.3, 1.0, abs(v_p.x))); out_FragColor = vec4(v_col * al, al); return; }
  float d = body(v_p, kind), aa = max(fwidth(d), 0.001);
  float fill = 1.0 - smoothstep(-aa, aa * 0.4, d), rim = 1.0 - smoothstep(0.15 - aa, 0.15 + aa, d);
  vec3 c = mix(v_col, vec3(1.0), 0.10 + 0.22 * smoothstep(-0.1, 0.8, v_p.y));
  if (kind > 0.5 && kind < 1.5) c = mix(v_col, vec3(1.0), 0.75 * (1.0 - smoothstep(0.16, 0.26, length(v_p))));
  float grey = dot(c, vec3(0.33)); c = mix(c, vec3(grey * 0.75), v_stale);
  vec3 o = mix(ink, c, fill); float al = max(rim * 0.88, fill) * (1.0 - 0.35 * v_stale);
  if (al < 0.01) discard;
  out_FragColor = vec4(o * al, al);
}`;
