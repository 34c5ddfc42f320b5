import type { Incident, MessageType } from '../../protocol/messages/index.ts';
import type { CommandData, CommandType } from '../../protocol/commands/index.ts';
import type { Clock } from '../clock.ts';
import type { Intake } from '../sources/source.ts';
import type { ChannelCounts } from './channelCounts.ts';
import type { Asked, DeskContext } from './deskContext.ts';
import { factFault } from './factFault.ts';
import type { IncidentBook } from './incidentBook.ts';
import { createMirrors } from './mirrors.ts';
import { isRefusal } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { takeProgress } from './takeProgress.ts';

export interface IntakeOptions {
  context: DeskContext;
  book: IncidentBook;
  clock: Clock;
  counts: ChannelCounts;
  listeners: Set<(incident: Incident) => void>;
  run<T extends CommandType>(type: T, data: CommandData[T], asked: Asked): Outcome;
  counters: { refusedProgress: number; refusedFacts: number; lastRefusedFact: string | null };
}

/** The desk as a source sees it. Unknown channels and event types are a mistake of the source's configuration and throw. */
export function createIntake({ context, book, clock, counts, listeners, run, counters }: IntakeOptions): Intake {
  const { ledger, fleet } = context;
  /** Nothing reaches the journal, and with it every wall, that a wall would have to refuse. @returns whether it may pass. */
  const passes = (type: MessageType, fact: { id: unknown }): boolean => {
    const fault = factFault(type, fact);
    if (fault === null) return true;
    counters.refusedFacts += 1;
    counters.lastRefusedFact = fault;
    return false;
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
        return book.report(report);
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
          book.noteNumber(incident.number);
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
