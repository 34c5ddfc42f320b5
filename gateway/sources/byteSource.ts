import type { z } from 'zod';
import type { FactKind, Refusal } from '../adapters/adapter.ts';
import type { Clock } from '../clock.ts';
import type { Receiver } from '../http/intakeDoors.ts';
import type { Secret, TlsFiles, TlsOptions } from './secrets.ts';
import type { Order } from './source.ts';

/** `stale`: connected, but nothing was heard for too long. `closed`: it will not come back by itself. */
export type SourceState = 'connecting' | 'live' | 'stale' | 'closed';

/** What a source tells along with bytes. */
export interface About {
  /** What the bytes came under: an MQTT topic, a NATS subject, a path, the number of a terminal. */
  from: string;
  /** Where to go on after these bytes; kept in the journal in the same transaction as what they say. */
  cursor?: string;
  /** The transport's own name of the message (an idempotency key), where the adapter finds none in the bytes. */
  messageId?: string;
  /** Kept by a broker from earlier instead of sent just now. */
  retained?: boolean;
  /** Sender's clock less this machine's, ms, where the source has measured it; 0 otherwise. */
  clockOffsetMs?: number;
}

/** What became of bytes. */
export interface Taken {
  accepted: number;
  /** Of the accepted ones, those that had come before and changed nothing. */
  repeated: number;
  refusals: Refusal[];
  /** Resolves when what the bytes said is safe: only then may a source acknowledge them. Rejects when the journal cannot be written. */
  durable(): Promise<void>;
}

/** The gateway as a byte source sees it. */
export interface Port {
  /** The source's name in the sources file. */
  readonly sourceId: string;
  /** Server time. Deadlines of sockets are real time: use timers. */
  readonly clock: Clock;
  /** Name of this gateway's journal. */
  readonly epoch: string;
  /** The settings of the adapter as a short text: a cursor from under other settings may have passed over what is wanted now. */
  readonly settings: string;
  /** The cursor that came with the last durable bytes, also of an earlier run; null at first. */
  cursor(): string | null;
  /** Decodes and hands in at once. Never throws for what the bytes say. */
  onBytes(bytes: Uint8Array, about: About): Taken;
  /** Counts what the source itself refuses, before any adapter: a bad checksum, a frame over its limit. */
  refuse(refusal: Refusal, from: string, bytes?: Uint8Array): void;
  /** @param reason One line for a person; null where the state says it all. */
  status(state: SourceState, reason?: string | null): void;
  /** Takes the requests to `/in/<the source's name>` of the gateway's own server, until the source is closed. */
  receive(receiver: Receiver): void;
  /** @throws AppError when the environment lacks it. */
  secret(secret: Secret): string;
  /** Reads the files named; paths are relative to the sources file. @throws AppError when one cannot be read. */
  tls(options: TlsOptions): TlsFiles;
}

/** An open source. It reconnects by itself, for ever, until it is disposed of or its signal aborts. */
export interface OpenByteSource {
  /**
   * Carries an order to a unit that this source brought; ids and places are the sender's own.
   * @param bytes The order as the adapter writes it. @throws nothing: what cannot be carried is refused through the port.
   */
  order?(order: Order, bytes: Uint8Array): void;
  dispose(): Promise<void> | void;
}

/** How bytes arrive and orders leave. A new one is a file in this folder and a line in index.ts. */
export interface ByteSource<C extends z.ZodObject = z.ZodObject> {
  readonly kind: string;
  /** The source's fields in the sources file, without `kind`. */
  readonly config: C;
  /** Ids of the adapters that understand what it brings, the first one where the file names none; empty takes any. */
  readonly adapters: readonly string[];
  /** @throws AppError for a configuration that cannot work (exit code 2). What fails later is a status. */
  open(config: z.infer<C>, port: Port, signal: AbortSignal): OpenByteSource;
}

/** Keeps the type of each source's configuration. */
export const defineSource = <C extends z.ZodObject>(source: ByteSource<C>): ByteSource<C> => source;

/** One of the last refusals of a source, for the Diagnostics panel. */
export interface RefusalSeen extends Refusal {
  atMs: number;
  from: string;
  /** The beginning of the bytes, printable; at most 200 characters. */
  sample: string;
}

/** How a source is doing. No secrets. */
export interface SourceHealth {
  id: string;
  kind: string;
  adapter: string;
  state: SourceState;
  reason: string | null;
  /** Server time of the last change of `state`. */
  sinceMs: number;
  lastHeardAtMs: number | null;
  /** Messages and facts a second over the last ten seconds. */
  messagesPerS: number;
  factsPerS: number;
  messages: number;
  bytes: number;
  accepted: number;
  acceptedByKind: Partial<Record<FactKind, number>>;
  /** Reports that had come before, under the same external id. */
  repeated: number;
  refused: number;
  refusedByReason: Record<string, number>;
  /** Newest first, at most twenty. */
  lastRefusals: RefusalSeen[];
  orders: number;
  connects: number;
}
