import { z } from 'zod';
import { incidentMessage, severitySchema, tierSchema } from '../../protocol/messages/incident.ts';
import { idSchema, localTextSchema, textSchema } from '../../protocol/primitives.ts';
import { chairSeatSchema, placeKindSchema } from '../../protocol/town/town.ts';

const nearnessSchema = z.strictObject({
  radiusM: z.number().min(1).max(2000).describe('Further apart two reports are two matters'),
  withinMin: z.number().min(1).max(1440).describe('So long after the newest report of an open matter another one is of the same'),
});
const basisSchema = z.enum(['brief', 'inferred']).describe('`inferred` is shown as 演示口径 / demo assumption');

/** `scenes/<town>/merging.json`: when two reports are of one matter. Only the gateway reads it. */
export const mergingFileSchema = z.strictObject({
  basis: basisSchema,
  source: textSchema,
  usual: nearnessSchema,
  byType: z.record(idSchema, nearnessSchema.nullable()).describe('null: never merged, e.g. lost persons'),
});
export type MergingFile = z.infer<typeof mergingFileSchema>;

/** All that is given must hold. */
const conditionSchema = z.strictObject({
  typeIds: z.array(idSchema).min(1).optional(),
  channelIds: z.array(idSchema).min(1).optional(),
  graveAs: severitySchema.optional().describe('This severity or a graver one (a smaller number)'),
  lightAs: severitySchema.optional().describe('This severity or a lighter one (a larger number)'),
  urgent: z.boolean().optional(),
  inCore: z.boolean().optional(),
  near: z
    .strictObject({ placeKinds: z.array(placeKindSchema).min(1), withinM: z.number().min(1).max(5000) })
    .optional()
    .describe('A place of such a kind is so near'),
  mode: z.enum(['routine', 'urgent']).optional(),
  leastReporters: incidentMessage.schema.shape.reporterCount.optional(),
});
export const triageRuleSchema = z.strictObject({
  id: idSchema,
  when: conditionSchema,
  tier: tierSchema,
  why: localTextSchema,
  basis: basisSchema,
  source: textSchema,
});

/** `scenes/<town>/triage.json`: who takes what, the first rule that fits decides; where none does, the event type does. */
export const triageFileSchema = z.strictObject({
  rules: z.array(triageRuleSchema).max(100),
  chairs: z.array(chairSeatSchema.strict()).max(20),
});
export type TriageFile = z.infer<typeof triageFileSchema>;
export type TriageRule = z.infer<typeof triageRuleSchema>;
