import type { Fix } from '../../protocol/frames/position.ts';

export const E7 = 1e7;
export const HOUR_MS = 3_600_000;
/** Headings are kept in tenths of a degree. */
export const HEADING_STEPS = 3600;

/**
 * What is kept of a fix, by the steps of the track store: 1e-7 degree (11 mm), 0.1 m of height, 0.1 degree of heading, 1 cm/s, whole
 * milliseconds. Every fix is brought to them once, at intake, so that what was live equals what is read a year later.
 */
export const quantiseFix = (fix: Fix): Fix => ({
  id: fix.id,
  lonDeg: Math.round(fix.lonDeg * E7) / E7,
  latDeg: Math.round(fix.latDeg * E7) / E7,
  altM: Math.round(fix.altM * 10) / 10,
  // Rounding must not reach 360, which is not a heading.
  headingDeg: (Math.round(fix.headingDeg * 10) % HEADING_STEPS) / 10,
  speedMps: Math.round(fix.speedMps * 100) / 100,
  observedAtMs: Math.round(fix.observedAtMs),
});
