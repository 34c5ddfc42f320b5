import { z } from 'zod';
import { defineQuery } from '../defineMessage.ts';
import { countSchema, idSchema, textSchema, timeMsSchema } from '../primitives.ts';

const spanMsSchema = z.number().min(0);
const ratePerSSchema = z.number().min(0);
const bytesSchema = countSchema;
const countedSchema = z.array(z.object({ code: idSchema, count: countSchema }));

const refusalSchema = z.object({
  atMs: timeMsSchema,
  from: textSchema.describe('Who sent it: a desk, a topic, a terminal, or a part of the gateway'),
  code: idSchema,
  message: textSchema,
  sample: textSchema.describe('Its beginning, printable; empty where nothing can be shown'),
});

const sourceSchema = z.object({
  id: idSchema,
  kind: idSchema,
  state: z.enum(['connecting', 'live', 'stale', 'closed']),
  reason: textSchema.nullable(),
  sinceMs: timeMsSchema,
  lastHeardAtMs: timeMsSchema.nullable(),
  messagesPerS: ratePerSSchema,
  factsPerS: ratePerSSchema,
  accepted: countSchema,
  repeated: countSchema,
  refused: countSchema,
  refusedByReason: countedSchema,
  lastRefusals: z.array(refusalSchema).max(20).describe('Newest first'),
});

const wallSchema = z.object({
  deskId: idSchema,
  binary: z.boolean(),
  connectedAtMs: timeMsSchema,
  behindEvents: countSchema.describe('Events that are safe and not yet acknowledged by this wall'),
  bufferedBytes: bytesSchema.describe('Not yet taken by its socket'),
  skippedTicks: countSchema.describe('Position ticks that its full socket skipped'),
  frames: countSchema,
  bytes: bytesSchema,
});

/** How the gateway is: one item, for the Diagnostics panel. */
export const vitalsQuery = defineQuery(
  'vitals',
  'How the gateway is: one item.',
  {},
  z.object({
    atMs: timeMsSchema,
    healthy: z.boolean(),
    reasons: z.array(textSchema).describe('Why it is not healthy, one sentence each'),
    warnings: z.array(textSchema).describe('What somebody should see to before it becomes a reason'),
    process: z.object({
      version: textSchema,
      protocol: countSchema,
      node: textSchema,
      electron: textSchema.nullable(),
      upMs: spanMsSchema,
      heapBytes: bytesSchema,
      rssBytes: bytesSchema,
      loopP50Ms: spanMsSchema.describe('Delay of the event loop over the last ten seconds or so'),
      loopP99Ms: spanMsSchema,
    }),
    feed: z.object({
      walls: z.array(wallSchema),
      accepted: countSchema,
      resumed: countSchema,
      snapshots: countSchema,
      events: countSchema,
      positionFrames: countSchema,
      skippedTicks: countSchema,
      cutSilent: countSchema,
      cutStalled: countSchema,
      refusedUpgrades: countSchema,
      refused: countedSchema,
      lastRefusals: z.array(refusalSchema).max(20).describe('Newest first'),
    }),
    positions: z.object({
      units: countSchema,
      accepted: countSchema,
      acceptedPerS: ratePerSSchema,
      refused: countedSchema,
    }),
    journal: z.object({
      durable: z.boolean(),
      epoch: idSchema,
      headSeq: countSchema,
      committedSeq: countSchema,
      oldestSeq: countSchema,
      sizeBytes: bytesSchema,
      budgetBytes: bytesSchema.nullable(),
      directoryBytes: bytesSchema.nullable(),
      commits: countSchema,
      commitP50Ms: spanMsSchema,
      commitP95Ms: spanMsSchema,
      commitMaxMs: spanMsSchema,
    }),
    tracks: z.object({ fixes: countSchema, sizeBytes: bytesSchema, oldestAtMs: timeMsSchema.nullable() }).nullable(),
    sources: z.array(sourceSchema),
  }),
);
