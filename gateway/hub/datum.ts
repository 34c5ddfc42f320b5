import gcoord from 'gcoord';
import type { Datum, LonLat } from '../../protocol/primitives.ts';

const crs = { wgs84: gcoord.WGS84, gcj02: gcoord.GCJ02, bd09: gcoord.BD09 } as const;

/**
 * A pair in WGS-84. Outside China the three are the same. One corrective step after gcoord's inverse (which leaves 0.1 m for BD-09)
 * brings the way there and back below a centimetre.
 * @param at degrees within their ranges; anything else is the caller's to refuse.
 */
export function toWgs84(at: LonLat<Datum>, datum: Datum): LonLat {
  if (datum === 'wgs84') return [at[0], at[1]];
  const guess = gcoord.transform([at[0], at[1]], crs[datum], crs.wgs84);
  const back = gcoord.transform([guess[0], guess[1]], crs.wgs84, crs[datum]);
  return [guess[0] + at[0] - back[0], guess[1] + at[1] - back[1]];
}

/** A pair of ours as a sender reads it that uses another datum. */
export function fromWgs84(at: LonLat, datum: Datum): LonLat<Datum> {
  if (datum === 'wgs84') return at;
  const moved = gcoord.transform([at[0], at[1]], crs.wgs84, crs[datum]);
  return [moved[0], moved[1]];
}
