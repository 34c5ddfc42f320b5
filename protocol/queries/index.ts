import { z } from 'zod';
import { defineQuery } from '../defineMessage.ts';
import { severitySchema } from '../messages/incident.ts';
import { idSchema, lonLatSchema, textSchema, timeMsSchema } from '../primitives.ts';
import { moveUpQuery, reachQuery, reachWithoutQuery } from './reach.ts';
import { alarmStatsQuery } from './alarms.ts';
import { detectionsQuery, incidentsQuery } from './incidents.ts';
import { trackQuery, tracksInAreaQuery, tracksInSpanQuery } from './tracks.ts';
import { vitalsQuery } from './vitals.ts';

/** Why a unit is proposed, and what is to be known before it is sent. */
const candidateReasonSchema = z.enum([
  'soonest',
  'leadAgency',
  'supportAgency',
  'otherAgency',
  'skilled',
  'lacksSkill',
  'busyLessSevere',
  'movingUp',
  'onFoot',
]);

/** What a wall can ask. Each answer is a list of items in `part` frames. */
export const queries = [
  defineQuery(
    'nearest',
    'The units that can be at an incident first, by road, best first; one that is busy with a less severe matter may be among them.',
    { incidentId: idSchema, limit: z.int().min(1).max(50) },
    z.object({
      unitId: idSchema,
      distanceM: z.number().min(0).describe('Along the road, or straight for a drone'),
      etaS: z.number().min(0),
      reason: z.enum(['leadAgency', 'supportAgency', 'nearest']),
      reasons: z.array(candidateReasonSchema).max(8).optional().describe('All that speaks for it and against it, the weightiest first'),
      lacksSkillIds: z.array(idSchema).max(8).optional().describe('Skills of the town that the matter needs and this unit has not'),
      busyWith: z
        .object({ incidentId: idSchema, number: textSchema, severity: severitySchema })
        .optional()
        .describe('The less severe matter that it would leave; `incident.reassign` takes it from there'),
      route: z.array(lonLatSchema).max(2000),
    }),
  ),
  incidentsQuery,
  detectionsQuery,
  alarmStatsQuery,
  trackQuery,
  tracksInSpanQuery,
  tracksInAreaQuery,
  vitalsQuery,
  reachQuery,
  reachWithoutQuery,
  moveUpQuery,
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
