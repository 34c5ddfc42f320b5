import { clockRulesOf, promiseClocks } from '../../protocol/clocks/promiseClocks.ts';
import { commands } from '../../protocol/commands/index.ts';
import type { CommandData, CommandType } from '../../protocol/commands/index.ts';
import type { CommandFrame, Role } from '../../protocol/frames/client.ts';
import type { Res } from '../../protocol/frames/server.ts';
import type { Actor, Incident } from '../../protocol/messages/index.ts';
import type { LocalText } from '../../protocol/primitives.ts';
import type { Town } from '../../protocol/town/town.ts';
import type { Clock } from '../clock.ts';
import type { Journal } from '../journal/journal.ts';
import type { LivePositions } from '../journal/livePositions.ts';
import type { OpenSource, Order } from '../sources/source.ts';
import type { AlarmFile } from '../scene/alarmFile.ts';
import { createAlarms } from './alarms/createAlarms.ts';
import { createCalls } from './calls.ts';
import { nearestUnits } from './candidates.ts';
import type { Candidate, Whereabouts } from './candidates.ts';
import { createChannelCounts } from './channelCounts.ts';
import { createCommandMemory } from './commandMemory.ts';
import { DESK_ID } from './commands/setMode.ts';
import { handlers } from './commands/index.ts';
import type { Asked, CommandHandler, DeskContext, Router } from './deskContext.ts';
import { createFleet } from './fleet.ts';
import { freeUnits } from './freeUnits.ts';
import { createIncidentBook } from './incidentBook.ts';
import type { DeskRules } from './incidentBook.ts';
import { createIntake } from './intake.ts';
import { createLedger } from './ledger.ts';
import { createLocalDay } from './localDay.ts';
import { isRefusal, refuse } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { pruneLatest } from './retention.ts';
import { isAllowed } from './roles.ts';
import { firstIssue } from './firstIssue.ts';
import { watchPosts } from './watchPosts.ts';

export interface DeskOptions {
  journal: Journal;
  clock: Clock;
  town: Town;
  router: Router;
  positions: LivePositions;
  /** How the desk starts when the journal knows no mode yet. */
  start: { mode: 'routine' | 'urgent'; leader: LocalText; simulated: boolean };
  /** What is served is a recording: whoever asks for a change is refused, notes for the review excepted. */
  recorded?: boolean;
  /** How the town judges and merges what comes in; by type of event alone, and nothing merged, where left out. */
  rules?: DeskRules;
  /** Which conditions are alarms; none where left out. */
  alarms?: AlarmFile | null;
  onFault(error: unknown): void;
}

/** A console or wall that asks. */
export interface DeskClient {
  deskId: string;
  name: LocalText;
  role: Role;
}
export type CommandAnswer = Pick<Res, 'status' | 'seq' | 'error'>;

/** Incident counters that the health page shows. */
export interface DeskCounters {
  commands: number;
  duplicates: number;
  refused: number;
  refusedProgress: number;
  /** Facts of a source that break the protocol, and why the last one was refused. */
  refusedFacts: number;
  lastRefusedFact: string | null;
}

const isCommandType = (type: string): type is CommandType => Object.hasOwn(handlers, type);
const PRUNE_PERIOD_MS = 60_000;

/**
 * The desk: the only place where an incident changes. Every change is one synchronous transaction on the journal's latest
 * state, so two desks that press at the same instant are served one after the other and the second is told what it meets.
 */
export function createDesk(options: DeskOptions) {
  const { journal, clock, town, router, positions } = options;
  const clockRules = clockRulesOf(town);
  const localDay = createLocalDay(town.scene.utcOffsetMin);
  const ledger = createLedger(journal, clock, options.onFault);
  const counts = createChannelCounts(
    town.channels.map((channel) => channel.id),
    ledger,
    clock,
    localDay,
  );
  const fleet = createFleet(ledger);
  const calls = createCalls(ledger, clock);
  const memory = createCommandMemory<CommandAnswer>(journal);
  const listeners = new Set<(incident: Incident) => void>();
  /** Rev of each incident at the last change that an operator decides on; ETAs alone make no conflict. */
  const decidedRev = new Map<string, number>();
  const counters: DeskCounters = { commands: 0, duplicates: 0, refused: 0, refusedProgress: 0, refusedFacts: 0, lastRefusedFact: null };
  let source: OpenSource | null = null;

  const save = (incident: Incident, minor = false): number => {
    const before = ledger.latest('incident.updated', incident.id);
    const seq = ledger.record('incident.updated', incident);
    const after = ledger.latest('incident.updated', incident.id)!;
    if (!minor) decidedRev.set(incident.id, after.rev);
    counts.incidentChanged(before, after);
    ledger.afterwards(() => alarms?.incidentChanged(ledger.latest('incident.updated', after.id) ?? after));
    for (const listener of listeners) {
      ledger.afterwards(() => {
        if (listeners.has(listener)) listener(after);
      });
    }
    return seq;
  };
  const book = createIncidentBook({
    context: { ledger, save },
    town,
    rules: options.rules ?? { triage: [], merging: null },
    counts,
    localDay,
    epoch: journal.epoch,
    mode: () => ledger.latest('mode.changed', DESK_ID)?.mode ?? options.start.mode,
  });
  const context: DeskContext = {
    longestShelfMin: options.alarms?.longestShelfMin ?? 480,
    ledger,
    fleet,
    calls,
    positions,
    router,
    incident: (id) => ledger.latest('incident.updated', id),
    closingClock: (incident, atMs) =>
      promiseClocks(incident, clockRules, atMs).find(({ promise }) => promise.id === 'closeUrgent' || promise.id === 'closeOther') ?? null,
    save,
    book,
    chairs: town.chairs ?? [],
    posts: new Map(town.places.filter(({ kind }) => kind === 'standbyPost').map((post) => [post.id, post])),
    order: (order: Order) => ledger.afterwards(() => source?.order(order)),
  };

  const alarms = options.alarms ? createAlarms({ ledger, clock, town, rules: options.alarms, clockRules: () => clockRules }) : null;
  const whereabouts: Whereabouts = {
    nowMs: () => ledger.nowMs(),
    units: fleet.all,
    dutyOf: (unit) => context.incident(fleet.dutyOf(unit.id) ?? '') ?? null,
    vehicleOf: fleet.vehicleOf,
    latestFix: positions.latest,
    router,
    skills: town.skills ?? [],
  };

  /** What is mirrored is decided where it came from. */
  const foreign = (type: CommandType, data: object): Outcome | null => {
    if (!type.startsWith('incident.') || !('incidentId' in data) || typeof data.incidentId !== 'string') return null;
    const incident = context.incident(data.incidentId);
    return incident?.origin
      ? refuse(
          'notOurs',
          `incident ${incident.number} is of ${incident.origin.name.en}: it is decided there`,
          'data.incidentId',
          'forbidden',
        )
      : null;
  };
  const run = <T extends CommandType>(type: T, data: CommandData[T], asked: Asked): Outcome => {
    // TypeScript cannot see that handlers[T] takes data of T once T is open.
    const handler = handlers[type] as unknown as CommandHandler<T>;
    return foreign(type, data) ?? ledger.transact(() => handler(data, asked, context));
  };

  const conflictOf = (rev: number | null, data: object): Outcome | null => {
    if (rev === null || !('incidentId' in data) || typeof data.incidentId !== 'string') return null;
    const incident = context.incident(data.incidentId);
    if (!incident || (rev >= (decidedRev.get(incident.id) ?? incident.rev) && rev <= incident.rev)) return null;
    return refuse('conflict', `incident ${incident.number} is at rev ${incident.rev} now, you saw ${rev}`, 'rev', 'conflict');
  };

  const decide = (frame: CommandFrame, client: DeskClient): Outcome => {
    if (!isCommandType(frame.type)) return refuse('unknownCommand', `no command ${frame.type}`, 'type');
    if (!isAllowed(client.role, frame.type))
      return refuse('forbidden', `a ${client.role} may not ask for ${frame.type}`, null, 'forbidden');
    const atMs = ledger.nowMs();
    if (frame.expiresAtMs < atMs)
      return refuse('expired', `expired ${Math.round(atMs - frame.expiresAtMs)} ms ago`, 'expiresAtMs', 'expired');
    const parsed = commands.find((command) => command.type === frame.type)!.schema.safeParse(frame.data);
    if (!parsed.success) {
      const { path, message } = firstIssue(parsed.error, 'data');
      return refuse('badField', message, path);
    }
    const conflict = foreign(frame.type, parsed.data) ?? conflictOf(frame.rev, parsed.data);
    if (conflict) return conflict;
    const by: Actor = { deskId: client.deskId, name: client.name, simulated: false };
    return run(frame.type, parsed.data as never, { by, reason: frame.reason, atMs });
  };

  const intake = createIntake({ context, book, clock, counts, listeners, run, counters });

  ledger.transact(() => {
    if (ledger.latest('mode.changed', DESK_ID)) return;
    const { mode, leader, simulated } = options.start;
    const by: Actor = { deskId: 'gateway', name: { zh: '系统', en: 'System' }, simulated };
    ledger.record('mode.changed', { id: DESK_ID, mode, sinceMs: ledger.nowMs(), by, reason: null, leader });
  });
  const stopWatching = watchPosts(context, clock);
  const stopPruning = clock.every(PRUNE_PERIOD_MS, () => pruneLatest(ledger, localDay, (id) => decidedRev.delete(id)));

  return {
    intake,
    counters,
    fleet,
    /** Orders go to this source from now on. */
    connect(opened: OpenSource): void {
      source = opened;
    },
    /** Decides a command of a client; a repetition gets the first answer. */
    command(frame: CommandFrame, client: DeskClient): CommandAnswer {
      counters.commands += 1;
      if (options.recorded === true && !frame.type.startsWith('bookmark.')) {
        const error = { code: 'replaying', message: 'this is a recording: nothing in it can be changed', path: null } as const;
        return { status: 'forbidden', seq: null, error };
      }
      const first = memory.get(frame.id);
      if (first) {
        counters.duplicates += 1;
        return first.status === 'applied' ? { ...first, status: 'duplicate' } : first;
      }
      // Nobody is told that a thing is done while it cannot be kept. Not remembered: the same command may come again.
      if (journal.obstacle !== null) {
        counters.refused += 1;
        const message = `nothing can be kept at the moment: ${journal.obstacle}`;
        return { status: 'rejected', seq: null, error: { code: 'unavailable', message, path: null } };
      }
      const outcome = decide(frame, client);
      let answer: CommandAnswer;
      if (isRefusal(outcome)) {
        counters.refused += 1;
        const { status, code, message, path } = outcome.refusal;
        answer = { status, seq: null, error: { code, message, path } };
      } else {
        answer = { status: 'applied', seq: outcome.seq, error: null };
      }
      memory.keep(frame.id, answer);
      return answer;
    },
    /** @returns null when there is no such incident. */
    nearest(incidentId: string, limit: number): Candidate[] | null {
      const incident = context.incident(incidentId);
      return incident ? nearestUnits(incident, limit, whereabouts) : null;
    },
    freeUnits: () => freeUnits(whereabouts),
    deskCame: calls.deskCame,
    deskWent: calls.deskWent,
    dispose(): void {
      stopPruning();
      stopWatching();
      alarms?.dispose();
      counts.dispose();
      calls.dispose();
      listeners.clear();
      source = null;
    },
  };
}
export type Desk = ReturnType<typeof createDesk>;
