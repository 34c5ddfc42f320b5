import { z } from 'zod';
import { defineQuery } from '../defineMessage.ts';
import { countSchema, idSchema, timeMsSchema } from '../primitives.ts';

const lengthMSchema = z.number().min(0);
const placeIdsSchema = z.array(idSchema).max(2000);
const spanSchema = z.object({ fromM: lengthMSchema, toM: lengthMSchema });

/**
 * How soon somebody who is free can be on a piece of road: within the promise of the centre, within that of the whole town, within that of the
 * town where that of the centre was given, or later than any.
 */
const bandSchema = z.enum(['core', 'town', 'lateInCore', 'out']);

/** Where those who are free can be in time, along the roads inside the outline; expressways are nobody's beat. */
export const reachQuery = defineQuery(
  'reach',
  'Which roads those who are free can be on in time, from where they are: one item.',
  {},
  z.object({
    atMs: timeMsSchema,
    unitIds: z.array(idSchema).max(5000).describe('Who is counted: free, on the road, its position known'),
    coreLimitS: z.number().min(1).describe('What is promised in the centre'),
    townLimitS: z.number().min(1).describe('What is promised elsewhere'),
    roadM: z
      .object({ core: lengthMSchema, town: lengthMSchema, lateInCore: lengthMSchema, out: lengthMSchema })
      .describe('Length of road of each band'),
    latePlaceIds: placeIdsSchema.describe('Places where the promise cannot be kept now'),
    roads: z
      .array(z.object({ roadId: idSchema, stretches: z.array(spanSchema.extend({ band: bandSchema })).max(5000) }))
      .max(20_000)
      .describe('Each road in metres from its start; what is outside the outline is left out'),
  }),
);

/** "If I send this one, what opens up?" */
export const reachWithoutQuery = defineQuery(
  'reachWithout',
  'What would be out of reach if one of these units were sent: one item each, every one by itself.',
  { unitIds: z.array(idSchema).min(1).max(16) },
  z.object({
    unitId: idSchema,
    counted: z.boolean().describe('False where it is not free now: nothing opens'),
    opensM: lengthMSchema.describe('Length of road where it alone keeps the promise'),
    opensPlaceIds: placeIdsSchema,
    roads: z.array(z.object({ roadId: idSchema, spans: z.array(spanSchema).max(5000) })).max(20_000),
  }),
);

export const moveUpQuery = defineQuery(
  'moveUp',
  'Which unit to move up to which standby post, the one that wins most first; every one by itself. No item where none is worth it.',
  { limit: countSchema.min(1).max(10) },
  z.object({
    unitId: idSchema,
    postId: idSchema,
    driveS: z.number().min(0),
    gainM: lengthMSchema.describe('Length of road that comes within the promise, less what its leaving opens'),
    opensM: lengthMSchema,
    winsPlaceIds: placeIdsSchema,
    opensPlaceIds: placeIdsSchema,
  }),
);
