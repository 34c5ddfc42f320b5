import type { FixColumns } from './fixColumns.ts';

/** Metres along a meridian for 1e-7 degree, on the mean sphere of 6,371 km. */
const M_PER_E7 = (6_371_008.8 * Math.PI) / 180 / 1e7;

/**
 * Leaves out fixes whose absence moves nothing by more than the tolerance: at the time of each one left out, the straight line between its
 * kept neighbours passes within `toleranceM` of it. Halts and speeds survive, because time counts as well as place (the synchronised
 * distance of Meratnia and de By, "Spatiotemporal compression techniques for moving point objects", EDBT 2004).
 * @param rows Rows of `fixes` in order of time. @returns those that are kept, the first and last always.
 */
export function simplifyTrack(fixes: FixColumns, rows: readonly number[], toleranceM: number): readonly number[] {
  if (toleranceM <= 0 || rows.length <= 2) return rows;
  const { lonE7, latE7, observedAtMs } = fixes;
  const lonM = M_PER_E7 * Math.cos(((latE7[rows[0]!]! / 1e7) * Math.PI) / 180);
  const keep = new Uint8Array(rows.length);
  keep[0] = keep[rows.length - 1] = 1;
  const most = toleranceM * toleranceM;
  const open: number[] = [0, rows.length - 1];
  while (open.length > 0) {
    const last = open.pop()!;
    const first = open.pop()!;
    const a = rows[first]!;
    const b = rows[last]!;
    const spanMs = Math.max(1, observedAtMs[b]! - observedAtMs[a]!);
    const lonPerMs = (lonE7[b]! - lonE7[a]!) / spanMs;
    const latPerMs = (latE7[b]! - latE7[a]!) / spanMs;
    let worst = most;
    let at = -1;
    for (let i = first + 1; i < last; i++) {
      const row = rows[i]!;
      const sinceMs = observedAtMs[row]! - observedAtMs[a]!;
      const x = (lonE7[row]! - lonE7[a]! - lonPerMs * sinceMs) * lonM;
      const y = (latE7[row]! - latE7[a]! - latPerMs * sinceMs) * M_PER_E7;
      const distance = x * x + y * y;
      if (distance > worst) [worst, at] = [distance, i];
    }
    if (at < 0) continue;
    keep[at] = 1;
    if (at - first > 1) open.push(first, at);
    if (last - at > 1) open.push(at, last);
  }
  return rows.filter((_row, i) => keep[i] === 1);
}
