import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Ev, Snap } from '../../protocol/frames/server.ts';
import { newCommand, openDesk } from './feedDesk.ts';
import type { Command, FeedDesk } from './feedDesk.ts';
import { createToldState } from './toldState.ts';

const gatewayMain = fileURLToPath(new URL('../../gateway/main.ts', import.meta.url));
const TOKEN = 'soak-token';
const WRITERS = 6;
/** Between two commands of a writer: below the rate limit of a desk, most of the time one is under way. */
const PAUSE_MS = 50;
/** When after the first command the gateway is killed. */
const KILL_MS = [100, 900] as const;
/** Acknowledged commands that are sent again after each restart. */
const REPEATED = 20;

export interface KillResult {
  kills: number;
  acknowledged: number;
  /** Rounds in which nothing was acknowledged: they prove nothing. */
  idle: number;
  /** Acknowledged, and not in the journal afterwards. */
  lost: string[];
  /** Told to a wall, and not in the journal afterwards, or another thing. */
  changed: string[];
  /** Applied twice, or a repetition that was not recognised. */
  doubled: string[];
  /** Facts of a snapshot after a restart that are not those told before. */
  differences: string[];
  /** How often a snapshot was compared. */
  compared: number;
  /** From the start of the process until it listens. */
  startMs: number[];
  events: number;
}

interface Running {
  child: ChildProcess;
  feedUrl: string;
  startMs: number;
}

async function start(dataDirectory: string): Promise<Running> {
  const beganMs = performance.now();
  const child = fork(gatewayMain, ['--port', '0', '--data', dataDirectory], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, WANGLOU_TOKEN: TOKEN },
  });
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the gateway ended with code ${String(code)}`)));
  // Ends as a rejection when it is killed, long after anybody waits.
  ended.catch(() => undefined);
  const [ready] = (await Promise.race([once(child, 'message'), ended])) as [{ feedUrl: string }];
  return { child, feedUrl: ready.feedUrl, startMs: performance.now() - beganMs };
}

/** The life of one call after the other, as a desk reports it; each command waits for the answer to the one before. */
function* callsOf(deskId: string, round: number): Generator<Command> {
  for (let n = 0; ; n++) {
    const about = { callId: `${deskId}-${round}-${n}`, unitId: 'ce01', incidentId: null, media: 'audio' };
    for (const state of ['ringing', 'connected', 'ended']) yield newCommand('call.report', { ...about, state });
  }
}

function* chain<T>(...parts: Iterable<T>[]): Generator<T> {
  for (const part of parts) yield* part;
}

/** Sends a free vehicle to an incident for which nobody is under way, so that there is duty to remember. */
function dispatchOf(snaps: readonly Snap[]): Command | null {
  const incident = snaps.flatMap((snap) => snap.incidents).find(({ state }) => ['reported', 'accepted', 'triaged'].includes(state));
  const unit = snaps
    .flatMap((snap) => snap.units)
    .find(({ kind, status, incidentId }) => kind === 'vehicle' && status === 'available' && incidentId === null);
  return incident && unit ? newCommand('incident.dispatch', { incidentId: incident.id, unitIds: [unit.id] }) : null;
}
/** Whether an event shows what a command asked for. */
function shows({ type, data }: Command, fact: Record<string, unknown>): boolean {
  if (type === 'call.report') return fact['id'] === data['callId'] && fact['state'] === data['state'];
  const sent = (fact['assignments'] as { unitId: string }[]).map(({ unitId }) => unitId);
  return fact['id'] === data['incidentId'] && (data['unitIds'] as string[]).every((unitId) => sent.includes(unitId));
}

/**
 * Kills a real gateway (SIGKILL) while desks write, starts it again on the same directory and compares what it knows with what it had
 * acknowledged and told.
 */
export async function killRounds(options: {
  kills: number;
  dataDirectory: string;
  onRound?(round: number, result: KillResult): void;
}): Promise<KillResult> {
  const result: KillResult = {
    kills: 0,
    acknowledged: 0,
    idle: 0,
    lost: [],
    changed: [],
    doubled: [],
    differences: [],
    compared: 0,
    startMs: [],
    events: 0,
  };
  const told = createToldState();
  /** By number; the events of the last round only. */
  let seen = new Map<number, string>();
  const acknowledged: { command: Command; seq: number }[] = [];
  let checked = 0;
  let unanswered: { command: Command; deskId: string }[] = [];
  let epoch: string | null = null;
  let lastSeq = 0;
  let roundSeq = 0;
  const firstTimes = new Set<string>();
  /** The call that each desk was in when the gateway was killed: it hangs up first, a desk may have only so many open. */
  const inCall = new Map<string, Command>();

  /** @param again Events from before the restart: they must be the same ones. */
  const hear = (ev: Ev, again: boolean): void => {
    const text = JSON.stringify(ev.ce);
    const before = seen.get(ev.seq);
    if (again && before !== undefined) {
      if (before !== text) result.changed.push(`event ${ev.seq}: ${before} became ${text}`);
      return;
    }
    if (ev.seq !== lastSeq + 1) result.lost.push(`event ${ev.seq} follows ${lastSeq}`);
    lastSeq = ev.seq;
    result.events += 1;
    seen.set(ev.seq, text);
    told.apply(ev);
    if (ev.ce.type !== 'call.updated') return;
    const step = `${String(ev.ce.data['id'])} ${String(ev.ce.data['state'])}`;
    if (firstTimes.has(step)) result.doubled.push(step);
    firstTimes.add(step);
  };
  const acknowledge = (command: Command, seq: number | null): void => {
    if (seq === null) return;
    acknowledged.push({ command, seq });
    result.acknowledged += 1;
  };
  /** What was acknowledged in the last round stands in the journal under its number. */
  const check = (): void => {
    for (const { command, seq } of acknowledged.slice(checked)) {
      const ce = seen.get(seq);
      if (ce === undefined || !shows(command, (JSON.parse(ce) as Ev['ce']).data)) {
        result.lost.push(`event ${seq} is not ${command.type} ${JSON.stringify(command.data)}`);
      }
    }
    checked = acknowledged.length;
  };
  const askAgain = async (desk: FeedDesk, command: Command): Promise<void> => {
    const known = acknowledged.findLast((one) => one.command.id === command.id);
    const res = await desk.command(command);
    if (!known) return acknowledge(command, res?.seq ?? null);
    if (res?.status !== 'duplicate' || res.seq !== known.seq) {
      result.doubled.push(`${command.id}: ${String(res?.status)} ${String(res?.seq)} instead of duplicate ${known.seq}`);
    }
  };

  for (let round = 0; round <= options.kills; round++) {
    const { child, feedUrl, startMs } = await start(options.dataDirectory);
    result.startMs.push(startMs);
    // Everything of the last round again, from the disk.
    const resume = epoch === null ? null : { epoch, seq: roundSeq };
    let again = true;
    const wall = await openDesk(feedUrl, { token: TOKEN, deskId: 'wall', resume, onEvent: (ev) => hear(ev, again) });
    if (epoch === null) {
      ({ epoch } = wall.welcome);
      told.begin(wall.snaps);
      lastSeq = wall.lastSeq;
    } else if (!wall.welcome.resumed) result.lost.push(`round ${round}: ${JSON.stringify(wall.welcome.gap)}`);
    else await wall.reached(wall.welcome.headSeq);
    again = false;
    check();
    const fresh = await openDesk(feedUrl, { token: TOKEN, deskId: 'fresh' });
    await wall.reached(fresh.snaps[0]!.seq);
    // When nothing happened between the two, both know the same.
    if (lastSeq === fresh.snaps[0]!.seq) {
      result.compared += 1;
      result.differences.push(...told.compare(fresh.snaps));
    }
    fresh.close();

    const writers = await Promise.all(Array.from({ length: WRITERS }, (_, i) => openDesk(feedUrl, { token: TOKEN, deskId: `desk-${i}` })));
    for (const { command, deskId } of unanswered) await askAgain(writers[Number(deskId.slice('desk-'.length))]!, command);
    for (const { command } of acknowledged.slice(-REPEATED)) await askAgain(writers[0]!, command);
    unanswered = [];
    roundSeq = lastSeq;
    // Answers that came after the last check are told by events that may still be under way.
    seen = new Map([...seen].filter(([seq]) => seq > (acknowledged[checked - 1]?.seq ?? 0) - 1000));
    if (round === options.kills) {
      await wall.reached(acknowledged.reduce((last, { seq }) => Math.max(last, seq), 0));
      check();
      child.kill('SIGTERM');
      await once(child, 'exit');
      break;
    }
    const dispatch = dispatchOf(fresh.snaps);
    const acknowledgedBefore = result.acknowledged;
    let stopped = false;
    const working = writers.map(async (desk, i) => {
      const deskId = `desk-${i}`;
      const before = inCall.get(deskId);
      const first = [
        ...(before ? [newCommand('call.report', { ...before.data, state: 'ended' })] : []),
        ...(i === 0 && dispatch ? [dispatch] : []),
      ];
      for (const command of chain(first, callsOf(deskId, round))) {
        if (stopped) return;
        if (command.data['state'] === 'ended') inCall.delete(deskId);
        else if (command.type === 'call.report') inCall.set(deskId, command);
        const res = await desk.command(command);
        if (res === null) return void unanswered.push({ command, deskId });
        if (res.status === 'applied') acknowledge(command, res.seq);
        await sleep(PAUSE_MS * Math.random());
      }
    });
    await sleep(KILL_MS[0] + (KILL_MS[1] - KILL_MS[0]) * Math.random());
    child.kill('SIGKILL');
    await once(child, 'exit');
    stopped = true;
    await Promise.all(working);
    wall.close();
    result.kills += 1;
    if (result.acknowledged === acknowledgedBefore) result.idle += 1;
    options.onRound?.(round + 1, result);
  }
  return result;
}
