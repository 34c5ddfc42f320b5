import type { PositionColumns, PositionFixes } from '../../protocol/frames/position.ts';
import type { Err, PresentDesk, Res, Snap, Welcome } from '../../protocol/frames/server.ts';
import type { Message, MessageType } from '../../protocol/messages/index.ts';
import { frameChecks, messageChecks } from './schemas.ts';

/** Rule P-08: one frame to a client, and how deep it nests. */
const MOST_BYTES = 1_048_576;
const DEEPEST = 16;

export interface Fault {
  what: string;
  reason: string;
}
interface Heartbeat {
  frame: 'hb';
  serverTimeMs: number;
  headSeq: number;
  sentSeq: number;
  skippedTicks?: number;
}
interface Pong {
  frame: 'pong';
  clientTimeMs: number;
  receivedAtMs: number;
  serverTimeMs: number;
}
interface Bye {
  frame: 'bye';
  retryDelayMs: number;
  reason: string;
}
interface Part {
  frame: 'part';
  id: string;
  n: number;
  last: boolean;
  items: Record<string, unknown>[];
}
interface Desks {
  frame: 'desks';
  desks: PresentDesk[];
}

export type Decoded =
  | { kind: 'welcome'; welcome: Welcome }
  /** Items that could not be decoded are left out of `snap` and told in `faults`. */
  | { kind: 'snap'; snap: Snap; faults: Fault[] }
  | { kind: 'event'; seq: number; message: Message }
  /** Its `seq` counts as applied: one bad event never holds up the rest. */
  | { kind: 'badEvent'; seq: number; fault: Fault }
  | { kind: 'unknownEvent'; seq: number; type: string }
  | { kind: 'res'; res: Res }
  | { kind: 'hb'; hb: Heartbeat }
  | { kind: 'pong'; pong: Pong }
  | { kind: 'err'; err: Err }
  | { kind: 'bye'; bye: Bye }
  | { kind: 'part'; part: Part }
  | { kind: 'desks'; desks: Desks }
  | { kind: 'columns'; columns: PositionColumns }
  | { kind: 'fixes'; fixes: PositionFixes }
  | { kind: 'unknown'; what: string }
  | { kind: 'bad'; fault: Fault };

const bad = (what: string, reason: string): Decoded => ({ kind: 'bad', fault: { what, reason } });

/** Deepest nesting of brackets outside strings; stops counting one past the limit. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
      if (deepest > DEEPEST) return deepest;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return deepest;
}

const snapLists = {
  units: 'unit.updated',
  incidents: 'incident.updated',
  cameras: 'camera.updated',
  channels: 'channel.updated',
  detections: 'detection.updated',
  calls: 'call.updated',
  bookmarks: 'bookmark.updated',
  alarms: 'alarm.updated',
} as const satisfies Record<string, MessageType>;

function decodeSnap(frame: Record<string, unknown>): Decoded {
  const why = frameChecks.snap(frame, '');
  if (why !== null) return bad('snap', why);
  const faults: Fault[] = [];
  const snap = { ...frame } as unknown as Snap;
  for (const [name, type] of Object.entries(snapLists) as [keyof typeof snapLists, MessageType][]) {
    // Bookmarks and alarms came later: a server of before leaves the lists out (rule P-10).
    const items = (frame[name] ?? []) as unknown[];
    const good = items.filter((item, i) => {
      const reason = messageChecks[type](item, `${name}[${i}]`);
      if (reason !== null) faults.push({ what: type, reason });
      return reason === null;
    });
    // Each list was checked against the schema of its own type just above.
    (snap as unknown as Record<string, unknown[]>)[name] = good;
  }
  for (const [name, type] of [
    ['mode', 'mode.changed'],
    ['weather', 'weather.updated'],
  ] as const) {
    if (snap[name] === null) continue;
    const reason = messageChecks[type](snap[name], name);
    if (reason === null) continue;
    faults.push({ what: type, reason });
    snap[name] = null;
  }
  return { kind: 'snap', snap, faults };
}

function decodeEvent(frame: Record<string, unknown>): Decoded {
  const why = frameChecks.ev(frame, '');
  const { seq } = frame;
  if (why !== null) {
    if (typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 1)
      return { kind: 'badEvent', seq, fault: { what: 'ev', reason: why } };
    return bad('ev', why);
  }
  const ce = frame.ce as { type: string; data: unknown };
  if (!Object.hasOwn(messageChecks, ce.type)) return { kind: 'unknownEvent', seq: seq as number, type: ce.type };
  const type = ce.type as MessageType;
  const reason = messageChecks[type](ce.data, 'data');
  if (reason !== null) return { kind: 'badEvent', seq: seq as number, fault: { what: type, reason } };
  return { kind: 'event', seq: seq as number, message: { type, data: ce.data } as Message };
}

function decodePosition(frame: Record<string, unknown>): Decoded {
  if (Object.hasOwn(frame, 'fixes')) {
    const why = frameChecks.posFixes(frame, '');
    return why === null ? { kind: 'fixes', fixes: frame as unknown as PositionFixes } : bad('pos', why);
  }
  const why = frameChecks.posColumns(frame, '');
  if (why !== null) return bad('pos', why);
  const columns = frame as unknown as PositionColumns;
  const n = columns.ids.length;
  const { lonDeg, latDeg, headingDeg, speedMps, observedAtMs, altM = columns.ids } = columns;
  if ([lonDeg, latDeg, headingDeg, speedMps, observedAtMs, altM].some((column) => column.length !== n))
    return bad('pos', `ids: expected columns of ${n}`);
  return { kind: 'columns', columns };
}

/** What a text frame says. Never throws: what cannot be used is `bad`, with the reason and the path of the field. */
export function decodeFrame(text: string): Decoded {
  if (text.length > MOST_BYTES) return bad('text', `frame: expected at most ${MOST_BYTES} bytes, got ${text.length} characters`);
  if (depthOf(text) > DEEPEST) return bad('text', `frame: expected nesting of at most ${DEEPEST}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    return bad('text', `frame: expected JSON (${cause instanceof Error ? cause.message : String(cause)})`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return bad('text', 'frame: expected an object');
  const frame = parsed as Record<string, unknown>;
  const name = frame.frame;
  if (typeof name !== 'string') return bad('text', 'frame: expected a name');
  switch (name) {
    case 'ev':
      return decodeEvent(frame);
    case 'pos':
      return decodePosition(frame);
    case 'snap':
      return decodeSnap(frame);
    case 'welcome':
    case 'res':
    case 'hb':
    case 'pong':
    case 'err':
    case 'bye':
    case 'part':
    case 'desks': {
      const why = frameChecks[name](frame, '');
      // The schema of `name` was just checked, so the frame is the member that `kind` says.
      return why === null ? ({ kind: name, [name]: frame } as unknown as Decoded) : bad(name, why);
    }
    default:
      return { kind: 'unknown', what: name };
  }
}
