import type { Seek } from '../../protocol/frames/client.ts';
import type { ServerFrame, Welcome } from '../../protocol/frames/server.ts';
import type { Candidate } from '../desk/candidates.ts';
import type { FreeUnit } from '../reach/reachTown.ts';

/** What a replay may ask of the socket that it is shown on. */
export interface ReplayWire {
  readonly binary: boolean;
  /** Most events sent and not yet acknowledged. */
  readonly window: number;
  send(frame: ServerFrame): void;
  sendBytes(bytes: Buffer, binary: boolean): void;
  isFull(): boolean;
  /** The past can no longer be read. */
  onBroken(error: unknown): void;
}

/** What all welcomes of a gateway have in common. */
export type WelcomeBase = Pick<Welcome, 'frame' | 'v' | 'heartbeatMs' | 'limits' | 'capabilities' | 'scene'>;

/** One wall's feed of the past (rule P-11). */
export interface Replay {
  /** Reads the state at the moment and sends `welcome` and the snapshot; resolves when they are sent. */
  open(atMs: number, rate: number): Promise<void>;
  seek(to: Pick<Seek, 'atMs' | 'rate'>): void;
  /** @returns false when the client acknowledges what it never got. */
  ack(seq: number): boolean;
  /** Replayed server time. */
  nowMs(): number;
  readonly rate: number;
  readonly sentSeq: number;
  readonly ackedSeq: number;
  nearest(incidentId: string, limit: number): Candidate[] | null;
  freeUnits(): FreeUnit[];
  hasUnit(unitId: string): boolean;
  /** How long the client has taken nothing although there is something; 0 while it has room. @param nowMs Monotonic. */
  stuckForMs(nowMs: number): number;
  dispose(): void;
}

export interface Replays {
  /** What can be replayed; null while nothing can. */
  span(): { fromMs: number; toMs: number } | null;
  /** @returns null when as many run as may, or nothing can be replayed. */
  create(wire: ReplayWire, deskId: string): Replay | null;
  readonly running: number;
}
