import type { Incident } from '../../protocol/messages/index.ts';
import type { MergingFile } from '../scene/deskRulesFile.ts';
import { distanceM } from './wayTo.ts';

const MINUTE_MS = 60_000;

/** When the newest report of it came. */
const newestReportMs = ({ reports, reportedAtMs }: Incident): number => reports?.at(-1)?.atMs ?? reportedAtMs;

/**
 * The open incident that a report is one more of: of the same type, near in place and time; the nearest where there are several.
 * @param rules null: nothing is taken for one by itself.
 */
export function sameMatter(
  report: Pick<Incident, 'typeId' | 'lonDeg' | 'latDeg'>,
  incidents: Iterable<Incident>,
  atMs: number,
  rules: MergingFile | null,
): Incident | null {
  const nearness = rules && (Object.hasOwn(rules.byType, report.typeId) ? rules.byType[report.typeId] : rules.usual);
  if (!nearness) return null;
  let nearest: Incident | null = null;
  let nearestM = Infinity;
  for (const incident of incidents) {
    if (incident.typeId !== report.typeId || incident.origin || incident.state === 'closed' || incident.state === 'handled') continue;
    if (atMs - newestReportMs(incident) > nearness.withinMin * MINUTE_MS) continue;
    const awayM = distanceM([incident.lonDeg, incident.latDeg], [report.lonDeg, report.latDeg]);
    if (awayM > nearness.radiusM || awayM >= nearestM) continue;
    nearest = incident;
    nearestM = awayM;
  }
  return nearest;
}
