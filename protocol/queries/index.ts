import { z } from 'zod';
import { defineQuery } from '../defineMessage.ts';
import { idSchema, lonLatSchema, timeMsSchema } from '../primitives.ts';
import { trackQuery, tracksInAreaQuery, tracksInSpanQuery } from './tracks.ts';
import { vitalsQuery } from './vitals.ts';

/** What a wall can ask. Each answer is a list of items in `part` frames. */
export const queries = [
  defineQuery(
    'nearest',
    'The units that can be at an incident first, by road, best first.',
    { incidentId: idSchema, limit: z.int().min(1).max(50) },
    z.object({
      unitId: idSchema,
      distanceM: z.number().min(0).describe('Along the road, or straight for a drone'),
      etaS: z.number().min(0),
      reason: z.enum(['leadAgency', 'supportAgency', 'nearest']),
      route: z.array(lonLatSchema).max(2000),
    }),
  ),
  trackQuery,
  tracksInSpanQuery,
  tracksInAreaQuery,
  vitalsQuery,
  defineQuery(
    'record',
    'The span of time that can be replayed; no item while there is none.',
    {},
    z.object({ fromMs: timeMsSchema, toMs: timeMsSchema }),
  ),
] as const;

type Definition = (typeof queries)[number];
export type QueryKind = Definition['kind'];
export type QueryData = { [D in Definition as D['kind']]: z.infer<D['schema']> };
export type QueryItem = { [D in Definition as D['kind']]: z.infer<D['item']> };
