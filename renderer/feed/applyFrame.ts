import { decodePositions } from '../../protocol/frames/positionBinary.ts';
import type { HandleFix } from '../../protocol/frames/positionBinary.ts';
import type { Message } from '../../protocol/messages/index.ts';
import type { Welcome } from '../../protocol/frames/server.ts';
import type { Decoded, Fault } from './decodeFrame.ts';
import type { EventOrder } from './eventOrder.ts';
import type { FeedCounters, Snapshot } from './feedTypes.ts';
import type { Quarantine } from './quarantine.ts';
import type { ServerClock } from './serverClock.ts';
import { createSnapshotAssembly } from './snapshotAssembly.ts';
import type { SnapshotAssembly } from './snapshotAssembly.ts';
import type { FixVerdict, TrackTable } from './trackTable.ts';

/** Rule P-07: how far in the future an observation may lie, real ms. */
const FUTURE_MS = 5000;
/** Snapshots that could not be read whole before one is taken as far as it can be read. */
const MOST_BROKEN_SNAPSHOTS = 3;

/** What the connection must do after a frame: nothing, or start again. */
export type Verdict = 'ok' | { restart: 'gap' | 'brokenSnapshot' | 'falseResume' };

export interface ApplyPorts {
  window: number;
  tracks: TrackTable;
  order: EventOrder;
  counters: FeedCounters;
  quarantine: Quarantine;
  clock: ServerClock;
  snapshot(snapshot: Snapshot): void;
  event(message: Message, seq: number): void;
}

/** Binary columns hold whatever their integers can. */
const inRange = (fix: Readonly<HandleFix>): boolean =>
  Math.abs(fix.lonDeg) <= 180 && Math.abs(fix.latDeg) <= 90 && fix.headingDeg < 360 && fix.speedMps <= 500 && fix.observedAtMs > 0;

/** Turns decoded frames into tracks, facts and counts, in the order of the log. */
export function createApplyFrame(ports: ApplyPorts) {
  const { tracks, order, counters, quarantine, clock } = ports;
  let assembly: SnapshotAssembly | null = null;
  let brokenSnapshots = 0;
  let otherJournal = false;
  let heardServerMs: number | null = null;
  /** What the server counts for one connection starts anew with the next. */
  let skippedOnThis = 0;

  const hear = (serverMs: number): void => {
    if (heardServerMs === null || serverMs > heardServerMs) heardServerMs = serverMs;
  };
  function refuse(fault: Fault, seq: number | null, sample: string): void {
    counters.refused += 1;
    quarantine.add(fault.what, fault.reason, seq, sample);
  }
  function deliver(message: Message, seq: number): void {
    if (message.type === 'unit.updated' && !tracks.setUnit(message.data.id, message.data.handle))
      refuse({ what: 'unit.updated', reason: `no more than ${tracks.capacity} units have a position` }, seq, message.data.id);
    counters.events += 1;
    ports.event(message, seq);
  }
  function brokenSnapshot(fault: string, sample: string): Verdict {
    refuse({ what: 'snap', reason: fault }, null, sample);
    assembly = null;
    brokenSnapshots += 1;
    order.wantSnapshot();
    return { restart: 'brokenSnapshot' };
  }
  function takeSnapshot(snapshot: Snapshot, held: SnapshotAssembly['events']): Verdict {
    assembly = null;
    brokenSnapshots = 0;
    otherJournal = false;
    counters.snapshots += 1;
    const kept = new Set(snapshot.units.map((unit) => unit.id));
    for (const unitId of [...tracks.slots.keys()]) if (!kept.has(unitId)) tracks.removeUnit(unitId);
    for (const unit of snapshot.units) {
      if (!tracks.setUnit(unit.id, unit.handle))
        refuse({ what: 'unit.updated', reason: `no more than ${tracks.capacity} units have a position` }, null, unit.id);
    }
    order.startAt(snapshot.epoch, snapshot.seq);
    ports.snapshot(snapshot);
    for (const { seq, message } of held) {
      const verdict = takeEvent(seq, message);
      if (verdict !== 'ok') return verdict;
    }
    return 'ok';
  }
  /** @param message null for an event that is passed over. */
  function takeEvent(seq: number, message: Message | null): Verdict {
    if (assembly !== null) return assembly.hold(seq, message) ? 'ok' : brokenSnapshot('more events between its parts than the window', '');
    const judged = order.judge(seq);
    if (judged === 'duplicate') {
      counters.duplicates += 1;
      return 'ok';
    }
    if (judged === 'gap') return gap();
    order.advance();
    if (message !== null) deliver(message, seq);
    return 'ok';
  }
  function gap(): Verdict {
    counters.gaps += 1;
    order.noteGap();
    return { restart: 'gap' };
  }
  function countFix(verdict: FixVerdict): void {
    if (verdict === 'applied') counters.fixes += 1;
    else if (verdict === 'unknown') counters.unknownFixes += 1;
    else if (verdict !== 'repeat') counters.refusedFixes += 1;
  }
  function countSkipped(sinceConnected: number): void {
    counters.skippedTicks += Math.max(0, sinceConnected - skippedOnThis);
    skippedOnThis = sinceConnected;
  }
  const latestMs = (): number => clock.nowMs() + FUTURE_MS * Math.max(1, clock.rate) + (clock.reading()?.boundMs ?? 0);
  /** Before the snapshot of this journal nobody knows whose fixes these are. */
  const early = (): boolean => otherJournal || order.cursor() === null;

  function takeWelcome(welcome: Welcome): Verdict {
    const asked = order.resume();
    if (welcome.resumed && (asked === null || asked.epoch !== welcome.epoch)) {
      refuse({ what: 'welcome', reason: 'resumed: expected false, for this epoch was not asked for' }, null, welcome.epoch);
      order.wantSnapshot();
      return { restart: 'falseResume' };
    }
    const known = order.cursor();
    otherJournal = known !== null && known.epoch !== welcome.epoch;
    if (otherJournal) {
      // Another journal: its times may lie before ours, and its handles may mean other units.
      tracks.forgetFixes();
      heardServerMs = null;
    }
    hear(welcome.serverTimeMs);
    if (welcome.resumed) counters.resumes += 1;
    assembly = welcome.resumed ? null : createSnapshotAssembly(welcome.epoch, ports.window, brokenSnapshots >= MOST_BROKEN_SNAPSHOTS);
    return 'ok';
  }

  return {
    heardServerMs: () => heardServerMs,
    /** Whether facts are complete: no snapshot is on its way. */
    whole: () => assembly === null && order.cursor() !== null,
    disconnected(): void {
      assembly = null;
      skippedOnThis = 0;
    },
    positions(buffer: ArrayBuffer): void {
      const latest = latestMs();
      const skip = early();
      try {
        hear(
          decodePositions(buffer, (fix) => {
            if (skip) return;
            if (inRange(fix)) countFix(tracks.applyHandle(fix, latest));
            else counters.refusedFixes += 1;
          }),
        );
      } catch (cause) {
        refuse({ what: 'pos', reason: cause instanceof Error ? cause.message : String(cause) }, null, `${buffer.byteLength} bytes`);
      }
    },
    /** @param text the frame as it came, for the quarantine. Answers to pings, commands and queries are the connection's. */
    facts(decoded: Decoded, text: string): Verdict {
      switch (decoded.kind) {
        case 'welcome':
          return takeWelcome(decoded.welcome);
        case 'snap': {
          if (assembly === null) {
            refuse({ what: 'snap', reason: 'frame: nobody asked for a snapshot' }, null, text);
            return 'ok';
          }
          for (const fault of decoded.faults) refuse(fault, decoded.snap.seq, text);
          const held = assembly.events;
          const result = assembly.add(decoded.snap);
          if (result === 'more') return 'ok';
          return 'fault' in result ? brokenSnapshot(result.fault, text) : takeSnapshot(result, held);
        }
        case 'event':
          return takeEvent(decoded.seq, decoded.message);
        case 'badEvent':
          refuse(decoded.fault, decoded.seq, text);
          return takeEvent(decoded.seq, null);
        case 'unknownEvent':
          counters.unknown += 1;
          return takeEvent(decoded.seq, null);
        case 'hb':
          hear(decoded.hb.serverTimeMs);
          countSkipped(decoded.hb.skippedTicks ?? 0);
          if (assembly === null) return order.lostTail(decoded.hb.sentSeq) ? gap() : 'ok';
          if (!assembly.tolerant) return 'ok';
          refuse({ what: 'snap', reason: 'parts of the snapshot could not be read' }, decoded.hb.sentSeq, '');
          return takeSnapshot(assembly.soFar(decoded.hb.serverTimeMs, decoded.hb.sentSeq), assembly.events);
        case 'pong':
          hear(decoded.pong.serverTimeMs);
          return 'ok';
        case 'columns': {
          const { columns } = decoded;
          hear(columns.atMs);
          if (early()) return 'ok';
          const latest = latestMs();
          for (let i = 0; i < columns.ids.length; i++) {
            const fix = {
              lonDeg: columns.lonDeg[i]!,
              latDeg: columns.latDeg[i]!,
              altM: columns.altM?.[i] ?? 0,
              headingDeg: columns.headingDeg[i]!,
              speedMps: columns.speedMps[i]!,
              observedAtMs: columns.observedAtMs[i]!,
            };
            countFix(tracks.applyId(columns.ids[i]!, fix, latest));
          }
          return 'ok';
        }
        case 'fixes': {
          if (decoded.fixes.atMs !== undefined) hear(decoded.fixes.atMs);
          if (early()) return 'ok';
          const latest = latestMs();
          // `altM` may be left out on the wire; the check passed the frame as it came.
          for (const { id, ...fix } of decoded.fixes.fixes) countFix(tracks.applyId(id, { ...fix, altM: fix.altM ?? 0 }, latest));
          return 'ok';
        }
        case 'unknown':
          counters.unknown += 1;
          return 'ok';
        case 'bad':
          if (assembly !== null && !assembly.tolerant && (decoded.fault.what === 'snap' || decoded.fault.what === 'text'))
            return brokenSnapshot(decoded.fault.reason, text);
          refuse(decoded.fault, null, text);
          return 'ok';
        case 'err':
          counters.serverErrors += 1;
          quarantine.add('err', `${decoded.err.code}: ${decoded.err.message}`, null, decoded.err.path ?? '');
          return 'ok';
        case 'res':
        case 'bye':
        case 'part':
        case 'desks':
          return 'ok';
      }
    },
  };
}
