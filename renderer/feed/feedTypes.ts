import type { CommandData, CommandType } from '../../protocol/commands/index.ts';
import type { LookedAt, Role } from '../../protocol/frames/client.ts';
import type { PresentDesk, ResStatus, Welcome } from '../../protocol/frames/server.ts';
import type {
  Alarm,
  Bookmark,
  Call,
  Camera,
  Channel,
  DeskMode,
  Detection,
  Incident,
  Message,
  Unit,
  Weather,
} from '../../protocol/messages/index.ts';
import type { LocalText } from '../../protocol/primitives.ts';
import type { QueryData, QueryItem, QueryKind } from '../../protocol/queries/index.ts';
import type { Chance, FeedTime, OpenSocket } from './feedPorts.ts';
import type { TrackTable } from './trackTable.ts';

/**
 * `connecting`: no picture yet. `live`: a picture, and something was heard lately. `stale`: a picture, but silence for longer than
 * two seconds, whether the socket is open or not. `closed`: the server refuses this wall (the reason says why; it keeps trying), or the
 * client was disposed.
 */
export interface FeedStatus {
  kind: 'connecting' | 'live' | 'stale' | 'closed';
  /** Server time at which this began; for `stale`, when something was heard last. */
  sinceMs: number;
  /** A code, never prose: `silent`, `disconnected`, an error code of the protocol, or null. */
  reason: string | null;
}

export interface FeedCounters {
  events: number;
  /** Position fixes that reached the track table. */
  fixes: number;
  /** Fixes refused because they lie in the future or before the newest of their unit. */
  refusedFixes: number;
  /** Fixes of a handle or id that no unit has. */
  unknownFixes: number;
  /** Frames, events and snapshot items that could not be decoded. */
  refused: number;
  /** Frame and message types that this version does not know. */
  unknown: number;
  duplicates: number;
  gaps: number;
  resumes: number;
  snapshots: number;
  reconnects: number;
  /** `err` frames of the server. */
  serverErrors: number;
  /** Position ticks that the server left out because this wall's socket was full, over all connections. */
  skippedTicks: number;
}

/** Something that could not be used, kept for Diagnostics. */
export interface Refusal {
  /** Server time. */
  atMs: number;
  /** What was refused: a frame kind, a message type, or `text`. */
  what: string;
  /** Why, with the path of the field: `data.lonDeg: expected at most 180, got 500`. */
  reason: string;
  seq: number | null;
  /** The first characters of it. */
  sample: string;
}

/** Everything the wall knows, as of `seq`. */
export interface Snapshot {
  epoch: string;
  seq: number;
  atMs: number;
  units: Unit[];
  incidents: Incident[];
  cameras: Camera[];
  channels: Channel[];
  detections: Detection[];
  calls: Call[];
  bookmarks: Bookmark[];
  alarms: Alarm[];
  mode: DeskMode | null;
  weather: Weather | null;
}

/**
 * `unanswered`: it was sent, nobody answered in time; it may have been applied, and then its event shows it.
 * `closed`: this client was disposed before an answer came. The others are the server's.
 */
export type CommandStatus = ResStatus | 'unanswered' | 'closed';
export interface CommandResult {
  status: CommandStatus;
  seq: number | null;
  error: { code: string; message: string; path: string | null } | null;
}
export interface CommandOptions {
  /** The rev of the incident that the operator saw, or null to not check. */
  rev?: number | null;
  reason?: string | null;
  /** Real time for which the wish stands, ms. Default 10 s. */
  expiresInMs?: number;
}

export type QueryResult<K extends QueryKind> =
  | { ok: true; items: QueryItem[K][] }
  /** `disconnected` at once while there is no connection, and when it is lost; `timeout`; `tooMany`; `badItem`; `closed`. */
  | { ok: false; code: 'disconnected' | 'timeout' | 'tooMany' | 'badItem' | 'closed'; message: string };

export interface QueryOptions<K extends QueryKind> {
  /** Longest silence before the answer and between its parts, ms. Default 10 s. */
  timeoutMs?: number;
  /** Told of the items of each part as they come; the promise brings them all. */
  onItems?: (items: QueryItem[K][]) => void;
}

export interface FeedOptions {
  url: string;
  token: string | null;
  desk: { id: string; name: LocalText };
  role?: Role;
  /** Most events in flight before the server waits for an `ack`. Default 256. */
  window?: number;
  openSocket?: OpenSocket;
  time?: FeedTime;
  chance?: Chance;
}

/** A moment of the record, and how fast to play on from there. */
export interface ReplayWish {
  /** Server time; null stays where the replay is. */
  atMs: number | null;
  /** Recorded seconds per real second, 0 to 120; 0 is paused. */
  rate: number;
}

export interface FeedListener {
  /** Replaces everything. */
  snapshot?(snapshot: Snapshot): void;
  /** One fact, after the snapshot or after the event before it; never twice, never out of order. */
  event?(message: Message, seq: number): void;
  welcome?(welcome: Welcome): void;
  status?(status: FeedStatus): void;
  /** Who is where (rule P-12), this desk included; empty while there is no connection. */
  desks?(desks: readonly PresentDesk[]): void;
  /** The server plays no replay for this wall now, and why; the feed of now comes back by itself. */
  replayRefused?(message: string): void;
}

export interface FeedClient {
  readonly tracks: TrackTable;
  readonly counters: Readonly<FeedCounters>;
  status(): FeedStatus;
  welcome(): Welcome | null;
  /** Shows the past from a moment on (rule P-11), goes elsewhere in it, or with null comes back to now. */
  replay(wish: ReplayWish | null): void;
  /**
   * Tells the other desks what this one has open (rule P-12).
   * @param follows Whether it only shows what another desk has open.
   */
  look(at: LookedAt | null, follows: boolean): void;
  /** The last twenty, newest last. */
  refusals(): readonly Refusal[];
  /** Server time as far as known; this machine's time until the first answer. */
  nowMs(): number;
  /** Newest server time that any frame carried, or null before the first. */
  heardServerMs(): number | null;
  /** Real ms since the last new position, or null while there is none or nothing moved when it came: then silence means rest. */
  positionsSilentMs(): number | null;
  /** Server time minus this machine's time, and the bound of its error, ms; null until measured. */
  clock(): { skewMs: number; boundMs: number; rate: number } | null;
  /** The journal and the last event applied, or null before the first snapshot. */
  cursor(): { epoch: string; seq: number } | null;
  listen(listener: FeedListener): () => void;
  /** Always settles, at the latest shortly after the command's expiry. Never rejects. */
  send<T extends CommandType>(type: T, data: CommandData[T], options?: CommandOptions): Promise<CommandResult>;
  /** Always settles. Never rejects. */
  query<K extends QueryKind>(kind: K, data: QueryData[K], options?: QueryOptions<K>): Promise<QueryResult<K>>;
  start(): void;
  dispose(): void;
}
