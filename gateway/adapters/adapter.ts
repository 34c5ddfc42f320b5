import type { z } from 'zod';
import type { Camera, Detection, Message, Unit, Weather } from '../../protocol/messages/index.ts';
import type { Datum, LocalText, LonLat } from '../../protocol/primitives.ts';
import type { Order, Progress } from '../sources/source.ts';

/** A pair of degrees as the source gave it, in the datum that the source declares; the hub converts it, nobody else. */
export type HeardAt = LonLat<Datum>;

/** What another server may tell that is shown here and decided there. The counts, mode and bookmarks of its desk are its own business. */
export type MirrorType = 'unit.updated' | 'camera.updated' | 'incident.updated' | 'detection.updated' | 'call.updated' | 'weather.updated';
export type MirrorMessage = Extract<Message, { type: MirrorType }>;
/** Whose it is, and what ids of the other town are called in this one; `*` stands for every other id that this town does not know. */
export interface MirrorTerms {
  name: LocalText | null;
  agencies: Readonly<Record<string, string>>;
  channels: Readonly<Record<string, string>>;
  eventTypes: Readonly<Record<string, string>>;
}

/**
 * What bytes say. Times are the sender's UTC milliseconds; ids are the sender's, the hub adds the prefix of the source.
 * A unit needs no `handle`: the gateway gives one out and keeps it.
 */
export type Fact =
  | {
      kind: 'fix';
      unitId: string;
      at: HeardAt;
      altM: number;
      /** Null where the device tells none: the hub takes the way it moved, or keeps the last one. */
      headingDeg: number | null;
      speedMps: number | null;
      observedAtMs: number;
      /** Of a mirrored unit: passed over in silence where the unit was not taken, which was said when it came. */
      mirrored?: true;
    }
  | { kind: 'unit'; unit: Omit<Unit, 'rev' | 'incidentId' | 'handle'> }
  | { kind: 'camera'; camera: Omit<Camera, 'rev' | 'lonDeg' | 'latDeg'>; at: HeardAt | null }
  | { kind: 'detection'; detection: Omit<Detection, 'rev' | 'lonDeg' | 'latDeg'>; at: HeardAt }
  | {
      kind: 'report';
      /** Names the matter at its sender for ever: however often it comes, it becomes one incident. */
      externalId: string;
      channelId: string;
      typeId: string;
      place: LocalText;
      at: HeardAt;
      note: LocalText | null;
      cameraIds: string[];
      simulated: boolean;
    }
  | {
      kind: 'progress';
      unitId: string;
      /** Which incident: by our id, by the id of the report, or (both null) the one that the unit is sent to. */
      incidentId: string | null;
      externalId: string | null;
      step: Progress['step'] | null;
      etaAtMs: number | null;
      note: string | null;
    }
  | { kind: 'weather'; weather: Omit<Weather, 'rev'> }
  /** A fact of another server, whole, WGS-84, as it is there. */
  | { kind: 'mirror'; message: MirrorMessage; terms: MirrorTerms }
  /** All that there is at the other server: what was mirrored before and is not among these ids is gone. */
  | { kind: 'mirrorWhole'; ids: Readonly<Partial<Record<MirrorType, readonly string[]>>> };
export type FactKind = Fact['kind'];

/** Why something was not taken. `reason` is a short code that is counted, `path` names the field, `message` is for a person. */
export interface Refusal {
  reason: string;
  path: string;
  message: string;
}

export interface Decoded {
  facts: Fact[];
  refusals: Refusal[];
  /** Names the message at its sender for ever, where its format does: the hub takes each once, however often a broker delivers it. */
  messageId?: string | null;
}

/** What an adapter knows besides the bytes. */
export interface DecodeContext {
  /** What the bytes came under: an MQTT topic, a NATS subject, a path, the number of a terminal. */
  from: string;
  /** Now, in the sender's time as far as the gateway knows it; UTC epoch milliseconds. */
  nowMs: number;
  /** Kept by a broker from earlier instead of sent just now. */
  retained: boolean;
}

/** An adapter at work for one source; it may remember between messages what its format leaves out. */
export interface OpenAdapter {
  /** Never throws for what bytes say: bad ones are refusals. What is good in a batch is kept. */
  decode(bytes: Uint8Array, context: DecodeContext): Decoded;
  /** An order as the sender's system reads it, places in the source's datum. Without it orders leave as JSON. */
  encode?(order: Order): Uint8Array;
}

/** What bytes mean. A new one is a file in this folder and a line in index.ts. */
export interface Adapter<C extends z.ZodObject = z.ZodObject> {
  readonly id: string;
  /** The adapter's fields in the sources file, without `id`. */
  readonly config: C;
  /** Its format fixes the datum and tells its own units: a source may not say otherwise. */
  readonly wholeFacts?: true;
  open(config: z.infer<C>): OpenAdapter;
}

/** Keeps the type of each adapter's configuration. */
export const defineAdapter = <C extends z.ZodObject>(adapter: Adapter<C>): Adapter<C> => adapter;

export const refusal = (reason: string, path: string, message: string): Refusal => ({ reason, path, message });
