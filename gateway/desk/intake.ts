import { incidentMessage } from '../../protocol/messages/incident.ts';
import type { Actor, Incident, MessageType } from '../../protocol/messages/index.ts';
import type { CommandData, CommandType } from '../../protocol/commands/index.ts';
import type { Town } from '../../protocol/town/town.ts';
import { AppError } from '../appError.ts';
import type { Clock } from '../clock.ts';
import type { Intake, Report } from '../sources/source.ts';
import type { ChannelCounts } from './channelCounts.ts';
import type { Asked, DeskContext } from './deskContext.ts';
import { factFault } from './factFault.ts';
import { firstIssue } from './firstIssue.ts';
import { insideRing } from './insideRing.ts';
import { createMirrors } from './mirrors.ts';
import type { LocalDay } from './localDay.ts';
import { isRefusal } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { takeProgress } from './takeProgress.ts';

export interface IntakeOptions {
  context: DeskContext;
  town: Town;
  clock: Clock;
  counts: ChannelCounts;
  localDay: LocalDay;
  listeners: Set<(incident: Incident) => void>;
  epoch: string;
  run<T extends CommandType>(type: T, data: CommandData[T], asked: Asked): Outcome;
  counters: { refusedProgress: number; refusedFacts: number; lastRefusedFact: string | null };
}

/** What a report must say rightly; the rest of an incident is the desk's own. */
const reportSchema = incidentMessage.schema.pick({ place: true, lonDeg: true, latDeg: true, note: true, simulated: true });

/** The desk as a source sees it. Unknown channels and event types are a mistake of the source's configuration and throw. */
export function createIntake({ context, town, clock, counts, localDay, listeners, epoch, run, counters }: IntakeOptions): Intake {
  const { ledger, fleet } = context;
  const eventTypes = new Map(town.eventTypes.map((type) => [type.id, type]));
  let numberedDay = '';
  let lastNumber = 0;

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

  /** Nothing reaches the journal, and with it every wall, that a wall would have to refuse. @returns whether it may pass. */
  const passes = (type: MessageType, fact: { id: unknown }): boolean => {
    const fault = factFault(type, fact);
    if (fault === null) return true;
    counters.refusedFacts += 1;
    counters.lastRefusedFact = fault;
    return false;
  };

  const open = (report: Report): string => {
    const type = eventTypes.get(report.typeId);
    if (!type) throw new AppError('badReport', `report of unknown event type ${report.typeId}`, { fatal: false });
    if (!counts.has(report.channelId))
      throw new AppError('badReport', `report through unknown channel ${report.channelId}`, { fatal: false });
    const parsed = reportSchema.safeParse(report);
    if (!parsed.success) {
      const { path, message } = firstIssue(parsed.error, '');
      throw new AppError('badReport', `report through ${report.channelId}: ${path}: ${message}`, { fatal: false });
    }
    const atMs = ledger.nowMs();
    const number = nextNumber(atMs);
    const channelName = town.channels.find((channel) => channel.id === report.channelId)!.name;
    const by: Actor = { deskId: report.channelId, name: channelName, simulated: report.simulated };
    // The epoch keeps ids of two runs apart: a command that is repeated after a restart never meets another incident.
    const id = `inc-${number}-${epoch.slice(0, 8)}`;
    context.save({
      id,
      rev: 0,
      number,
      channelId: report.channelId,
      typeId: report.typeId,
      place: report.place,
      lonDeg: report.lonDeg,
      latDeg: report.latDeg,
      inCore: insideRing([report.lonDeg, report.latDeg], town.scene.core.ring),
      severity: type.severity,
      urgent: type.urgent,
      tier: type.tier,
      state: 'reported',
      reportedAtMs: atMs,
      reporterCount: 1,
      leadAgencyId: type.leadAgencyId,
      supportAgencyIds: type.supportAgencyIds.slice(0, 16),
      cameraIds: report.cameraIds.slice(0, 16),
      assignments: [],
      steps: [{ state: 'reported', atMs, by, unitId: null, reason: null }],
      outcome: null,
      note: report.note,
      simulated: report.simulated,
    });
    return id;
  };

  return {
    clock,
    unit: (unit) =>
      ledger.transact(() => {
        if (passes('unit.updated', unit)) fleet.hear(unit);
      }),
    camera: (camera) =>
      ledger.transact(() => {
        if (passes('camera.updated', camera)) ledger.recordChange('camera.updated', camera);
      }),
    detection: (detection) =>
      ledger.transact(() => {
        if (!passes('detection.updated', detection)) return;
        counts.rollOver();
        counts.detectionChanged(ledger.latest('detection.updated', detection.id), detection);
        ledger.recordChange('detection.updated', detection);
      }),
    weather: (weather) =>
      ledger.transact(() => {
        if (passes('weather.updated', weather)) ledger.recordChange('weather.updated', weather);
      }),
    ...createMirrors(ledger),
    fixes: (fixes) => context.positions.accept(fixes, clock.nowMs()),
    report: (report) =>
      ledger.transact(() => {
        counts.rollOver();
        return open(report);
      }),
    progress: (progress) =>
      ledger.transact(() => {
        const fits = takeProgress(progress, ledger.nowMs(), context);
        if (!fits) counters.refusedProgress += 1;
        return fits;
      }),
    restore: ({ incidents, detections }) =>
      ledger.transact(() => {
        for (const incident of incidents) {
          if (!passes('incident.updated', incident)) continue;
          noteNumber(incident.number);
          context.save({ ...incident, rev: 0 });
        }
        for (const detection of detections) {
          if (!passes('detection.updated', detection)) continue;
          counts.detectionChanged(ledger.latest('detection.updated', detection.id), detection);
          ledger.recordChange('detection.updated', detection);
        }
      }),
    command: (type, data, by, reason) => {
      const outcome = run(type, data, { by, reason, atMs: ledger.nowMs() });
      return isRefusal(outcome) ? outcome.refusal.message : null;
    },
    incident: (id) => context.incident(id),
    onIncident(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
