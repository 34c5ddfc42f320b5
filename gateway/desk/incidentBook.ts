import { incidentMessage } from '../../protocol/messages/incident.ts';
import type { Actor, Incident, IncidentReport, Step } from '../../protocol/messages/index.ts';
import type { Town } from '../../protocol/town/town.ts';
import { AppError } from '../appError.ts';
import type { MergingFile, TriageFile } from '../scene/deskRulesFile.ts';
import type { Report } from '../sources/source.ts';
import type { ChannelCounts } from './channelCounts.ts';
import type { DeskContext } from './deskContext.ts';
import { firstIssue } from './firstIssue.ts';
import { MAX_STEPS } from './incidentSteps.ts';
import { insideRing } from './insideRing.ts';
import type { LocalDay } from './localDay.ts';
import { sameMatter } from './sameMatter.ts';
import { createTriageRules } from './triageRules.ts';

/** The town's rules, as data. */
export interface DeskRules {
  triage: TriageFile['rules'];
  merging: MergingFile | null;
}
export interface IncidentBookOptions {
  context: Pick<DeskContext, 'ledger' | 'save'>;
  town: Town;
  rules: DeskRules;
  counts: ChannelCounts;
  localDay: LocalDay;
  epoch: string;
  mode(): 'routine' | 'urgent';
}

/** The schema allows as many; those beyond are counted only. */
const MAX_REPORTS = 64;
/** What a report must say rightly; the rest of an incident is the desk's own. */
const reportSchema = incidentMessage.schema.pick({ place: true, lonDeg: true, latDeg: true, note: true, simulated: true });

/** Opens incidents: gives them their numbers, their tier by the town's rules, and takes several reports of one matter for one. */
export function createIncidentBook({ context, town, rules, counts, localDay, epoch, mode }: IncidentBookOptions) {
  const { ledger, save } = context;
  const eventTypes = new Map(town.eventTypes.map((type) => [type.id, type]));
  const channelNames = new Map(town.channels.map(({ id, name }) => [id, name]));
  const triage = createTriageRules(rules.triage, town);
  let numberedDay = '';
  let lastNumber = 0;
  let lastReport = 0;

  /** Numbers count up within a local day, after those that were restored. */
  const nextNumber = (atMs: number): string => {
    const stamp = localDay.stampOf(atMs);
    if (stamp !== numberedDay) {
      numberedDay = stamp;
      lastNumber = 0;
    }
    lastNumber += 1;
    return `${stamp}-${String(lastNumber).padStart(4, '0')}`;
  };
  const noteNumber = (number: string): void => {
    const [stamp = '', count = ''] = number.split('-');
    if (!/^\d{8}$/.test(stamp) || !/^\d+$/.test(count)) return;
    if (stamp > numberedDay) {
      numberedDay = stamp;
      lastNumber = 0;
    }
    if (stamp === numberedDay) lastNumber = Math.max(lastNumber, Number(count));
  };
  for (const incident of ledger.all('incident.updated')) if (!incident.origin) noteNumber(incident.number);

  const check = (report: Report): void => {
    if (!eventTypes.has(report.typeId)) throw new AppError('badReport', `report of unknown event type ${report.typeId}`, { fatal: false });
    if (!counts.has(report.channelId))
      throw new AppError('badReport', `report through unknown channel ${report.channelId}`, { fatal: false });
    const parsed = reportSchema.safeParse(report);
    if (parsed.success) return;
    const { path, message } = firstIssue(parsed.error, '');
    throw new AppError('badReport', `report through ${report.channelId}: ${path}: ${message}`, { fatal: false });
  };
  const channelActor = (channelId: string, simulated: boolean): Actor => ({
    deskId: channelId,
    name: channelNames.get(channelId)!,
    simulated,
  });
  const told = ({ channelId, place, lonDeg, latDeg, note }: Report, atMs: number): IncidentReport => {
    lastReport += 1;
    const id = `rep-${atMs}-${lastReport}-${epoch.slice(0, 8)}`;
    return { id, channelId, atMs, place, lonDeg, latDeg, note, answeredAtMs: null, fromIncidentId: null };
  };
  /** Until somebody has judged it, what comes in may still change what the rules propose. */
  const judged = <T extends Omit<Incident, 'rev'>>(incident: T): T => {
    const triageRule = triage.propose(incident, mode());
    return { ...incident, triageRule, tier: triageRule.tier };
  };

  const begin = (
    report: IncidentReport,
    matter: Pick<Incident, 'typeId' | 'cameraIds' | 'simulated'>,
    steps: Step[],
    atMs: number,
  ): Omit<Incident, 'rev'> => {
    const type = eventTypes.get(matter.typeId)!;
    const number = nextNumber(atMs);
    return judged({
      // The epoch keeps ids of two runs apart: a command that is repeated after a restart never meets another incident.
      id: `inc-${number}-${epoch.slice(0, 8)}`,
      number,
      channelId: report.channelId,
      typeId: type.id,
      place: report.place,
      lonDeg: report.lonDeg,
      latDeg: report.latDeg,
      inCore: insideRing([report.lonDeg, report.latDeg], town.scene.core.ring),
      severity: type.severity,
      urgent: type.urgent,
      tier: type.tier,
      state: 'reported',
      reportedAtMs: report.atMs,
      reporterCount: 1,
      leadAgencyId: type.leadAgencyId,
      supportAgencyIds: type.supportAgencyIds.slice(0, 16),
      cameraIds: matter.cameraIds.slice(0, 16),
      assignments: [],
      steps,
      outcome: null,
      note: report.note,
      simulated: matter.simulated,
      reports: [report],
      chair: null,
      mergedInto: null,
    });
  };

  return {
    noteNumber,
    /** @returns the incident that the report opened, or the one that it was one more report of. @throws AppError for what the town does not know. */
    report(report: Report): string {
      check(report);
      const atMs = ledger.nowMs();
      const open = sameMatter(report, ledger.all('incident.updated'), atMs, rules.merging);
      const by = channelActor(report.channelId, report.simulated);
      if (!open) {
        const steps: Step[] = [{ state: 'reported', atMs, by, unitId: null, reason: null }];
        const incident = begin(told(report, atMs), report, steps, atMs);
        save({ ...incident, rev: 0 });
        return incident.id;
      }
      counts.reportMerged(report.channelId, atMs);
      const steps: Step[] =
        open.steps.length < MAX_STEPS
          ? [...open.steps, { state: open.state, atMs, by, unitId: null, reason: null, action: 'merged' }]
          : open.steps;
      const reports = open.reports ?? [];
      const more: Incident = {
        ...open,
        reporterCount: open.reporterCount + 1,
        reports: reports.length < MAX_REPORTS ? [...reports, told(report, atMs)] : reports,
        cameraIds: [...new Set([...open.cameraIds, ...report.cameraIds])].slice(0, 16),
        steps,
      };
      save(open.state === 'reported' || open.state === 'accepted' ? judged(more) : more);
      return open.id;
    },
    /** A report becomes an incident of its own, reported when it was reported. @returns the new one's id and the number of its event. */
    splitOff(
      from: Incident,
      report: IncidentReport,
      { by, reason, atMs }: Pick<Step, 'by' | 'reason' | 'atMs'>,
    ): { id: string; seq: number } {
      const channel = channelActor(report.channelId, from.simulated);
      const steps: Step[] = [
        { state: 'reported', atMs: report.atMs, by: channel, unitId: null, reason: null },
        { state: 'reported', atMs, by, unitId: null, reason, action: 'split' },
      ];
      // It arrived once, when it was reported.
      counts.reportMovedOut(report.channelId, report.atMs);
      const incident = begin({ ...report, fromIncidentId: null }, { ...from, cameraIds: [] }, steps, atMs);
      return { id: incident.id, seq: save({ ...incident, rev: 0 }) };
    },
  };
}
export type IncidentBook = ReturnType<typeof createIncidentBook>;
