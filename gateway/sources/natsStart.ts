import { DeliverPolicy } from '@nats-io/jetstream';
import { z } from 'zod';

/**
 * `created` names the stream: one that was made anew counts from 1 again. `storedAtNs`, UTC nanoseconds, names the message `seq`: a server
 * that was cut off from power has lost what it acknowledged since its last fsync (`sync_interval`), and gives those numbers out again.
 */
const cursorSchema = z.object({
  created: z.string(),
  seq: z.int().min(0),
  storedAtNs: z
    .string()
    .regex(/^\d{1,19}$/)
    .optional(),
});
export type Cursor = z.infer<typeof cursorSchema>;

/** @param text as it was kept, null at first. */
export function cursorOf(text: string | null): Cursor | null {
  if (text === null) return null;
  const parsed = cursorSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

export interface Start {
  created: string;
  /** The last message that is not wanted; 0 where the stream is read by time or from its first message. */
  seq: number;
  /** When message `seq` was stored, if it is delivered once more to be compared. */
  storedAtNs: string | null;
  deliver:
    | { deliver_policy: typeof DeliverPolicy.StartSequence; opt_start_seq: number }
    | { deliver_policy: typeof DeliverPolicy.StartTime; opt_start_time: string }
    | { deliver_policy: typeof DeliverPolicy.LastPerSubject };
  /** One line about what can no longer be had, or is not what it was; null otherwise. */
  gap: string | null;
}

/** What the server says of the stream. */
interface StreamState {
  created: string;
  state: { first_seq: number; last_seq: number };
}

/** Where in the stream to go on. @param first where a gateway begins that has read nothing yet. */
export function startOf(stream: StreamState, kept: Cursor | null, first: 'all' | 'new' | 'lastPerSubject'): Start {
  const { first_seq, last_seq } = stream.state;
  const created = String(stream.created);
  const plain = { created, storedAtNs: null, gap: null };
  const after = (seq: number) => ({
    ...plain,
    seq,
    deliver: { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: seq + 1 } as const,
  });
  if (kept === null) {
    if (first === 'lastPerSubject') return { ...plain, seq: 0, deliver: { deliver_policy: DeliverPolicy.LastPerSubject } };
    return after(first === 'new' ? last_seq : 0);
  }
  if (kept.created !== created) return { ...after(0), gap: `the stream was made anew on ${created}: it begins from its first message` };
  if (kept.seq > last_seq) return startAfterLoss(kept, last_seq);
  const missed = first_seq - 1 - kept.seq;
  if (missed > 0) return { ...after(first_seq - 1), gap: `up to ${missed} messages after ${kept.seq} are no longer kept by the stream` };
  if (kept.storedAtNs === undefined || kept.seq < Math.max(1, first_seq)) return after(kept.seq);
  const deliver = { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: kept.seq } as const;
  return { ...plain, seq: kept.seq, storedAtNs: kept.storedAtNs, deliver };
}

/**
 * The server has lost messages that this gateway has, and may have given their numbers to others: what was stored later is what is missing.
 * @param last Number of the last message that there is, where no time is known.
 */
export function startAfterLoss({ created, seq, storedAtNs }: Cursor, last: number): Start {
  const lost = `the server has lost the end of the stream, up to ${seq}, which this gateway has`;
  if (storedAtNs === undefined) {
    const deliver = { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: last + 1 } as const;
    return { created, seq: last, storedAtNs: null, deliver, gap: `${lost}: it goes on after ${last}` };
  }
  const since = rfc3339(BigInt(storedAtNs) + 1n);
  const deliver = { deliver_policy: DeliverPolicy.StartTime, opt_start_time: since } as const;
  return { created, seq: 0, storedAtNs: null, deliver, gap: `${lost}: it goes on with what was stored since ${since}` };
}

const rfc3339 = (nanos: bigint): string =>
  `${new Date(Number(nanos / 1_000_000_000n) * 1000).toISOString().slice(0, 19)}.${String(nanos % 1_000_000_000n).padStart(9, '0')}Z`;
