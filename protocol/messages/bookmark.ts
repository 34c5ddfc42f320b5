import { z } from 'zod';
import { defineMessage } from '../defineMessage.ts';
import { idSchema, textSchema, timeMsSchema } from '../primitives.ts';
import { actorSchema } from './incident.ts';

/** A bookmark without a word would say nothing in the review. */
export const bookmarkTextSchema = textSchema.min(1);

export const bookmarkMessage = defineMessage(
  'bookmark.updated',
  'A note of a person at a moment of the record, for the review. A replay shows those of today.',
  {
    atMs: timeMsSchema.describe('The moment it marks'),
    text: bookmarkTextSchema,
    incidentId: idSchema.nullable().describe('The incident it is about'),
    by: actorSchema.describe('Who made it'),
    madeAtMs: timeMsSchema,
    changedBy: actorSchema.nullable().describe('Who changed it last'),
    changedAtMs: timeMsSchema.nullable(),
    state: z.enum(['kept', 'deleted']).describe('A deleted one is hidden, and can be kept again'),
  },
);
export type Bookmark = z.infer<typeof bookmarkMessage.schema>;
