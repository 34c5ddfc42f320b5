import { z } from 'zod';
import {
  countSchema,
  headingDegSchema,
  idSchema,
  latDegSchema,
  localTextSchema,
  lonDegSchema,
  lonLatSchema,
  textSchema,
} from '../primitives.ts';

/**
 * The town as data: what the files of `scenes/<town>/` hold and what the gateway serves to every wall at `/town.json`.
 * WGS-84 throughout. `confidenceM` is a one-sigma radius; null marks a synthetic thing. `source` says where a fact is from.
 */

const provenance = { confidenceM: z.number().min(0).nullable(), source: textSchema };
const lineSchema = z.array(lonLatSchema).min(2).max(5000);
const ringSchema = z.array(lonLatSchema).min(4).max(5000);

export const viewSchema = z.object({
  lonDeg: lonDegSchema,
  latDeg: latDegSchema,
  headingDeg: headingDegSchema,
  pitchDeg: z.number().min(-90).max(0),
  rangeM: z.number().min(50).max(100_000),
});

export const sceneFileSchema = z.object({
  id: idSchema,
  title: localTextSchema,
  originLonDeg: lonDegSchema,
  originLatDeg: latDegSchema,
  timeZone: textSchema,
  utcOffsetMin: z.int().min(-840).max(840),
  homeView: viewSchema.describe('What double-click home shows'),
  core: z.object({ ring: ringSchema }).describe('The centre, where arrival within two minutes is promised'),
  notice: localTextSchema.describe('Shown on the wall, e.g. 示意图'),
});
export const outlineFileSchema = z.object({ ring: ringSchema, ...provenance });

export const roadClassSchema = z.enum(['expressway', 'trunk', 'county', 'townMain', 'street', 'lane']);
export const roadSchema = z.object({
  id: idSchema,
  name: localTextSchema,
  class: roadClassSchema,
  widthM: z.number().min(1).max(100),
  speedLimitKmh: z.number().min(5).max(130),
  oneWay: z.boolean(),
  line: lineSchema,
  ...provenance,
});
export const waterLineSchema = z.object({
  id: idSchema,
  name: localTextSchema,
  class: z.enum(['canal', 'river', 'ditch']),
  widthM: z.number().min(1).max(500),
  navigable: z.boolean(),
  line: lineSchema,
  ...provenance,
});
export const waterAreaSchema = z.object({ id: idSchema, name: localTextSchema, ring: ringSchema, ...provenance });

export const placeKindSchema = z.enum([
  'village',
  'community',
  'standbyPost',
  'landmark',
  'parking',
  'venue',
  'scenic',
  'government',
  'transport',
  'gate',
  'heritage',
  'industry',
  'water',
  'health',
  'junction',
]);
export const placeSchema = z.object({
  id: idSchema,
  name: localTextSchema,
  kind: placeKindSchema,
  lonDeg: lonDegSchema,
  latDeg: latDegSchema,
  rank: z.int().min(1).max(5).describe('1 is labelled first'),
  ...provenance,
});

/** Where houses stand: the map fills these with buildings of the style, deterministically. */
export const quarterSchema = z.object({
  id: idSchema,
  name: localTextSchema,
  style: z.enum(['old', 'modern', 'village', 'industry', 'venue']),
  ring: ringSchema,
});

export const agencySchema = z.object({
  id: idSchema,
  name: localTextSchema,
  shortName: localTextSchema,
  colour: z.string().regex(/^#[0-9a-f]{6}$/),
  shape: z.enum(['arrow', 'diamond', 'square', 'circle', 'hexagon', 'triangle']),
});
export const channelRowSchema = z.object({
  id: idSchema,
  name: localTextSchema,
  basis: z.enum(['brief', 'inferred']).describe('`inferred` is shown as 演示口径 / demo assumption'),
  mode: z.enum(['online', 'offline', 'offline+online', 'sensor']),
  expectedPerDay: countSchema,
  hours: z
    .object({ from: z.int().min(0).max(23), to: z.int().min(1).max(24) })
    .optional()
    .describe('Local hours in which something is expected, `to` not included; all day where left out'),
  source: textSchema,
});
export const eventTypeSchema = z.object({
  id: idSchema,
  name: localTextSchema,
  gbCode: textSchema,
  leadAgencyId: idSchema,
  supportAgencyIds: z.array(idSchema),
  severity: z.int().min(1).max(4),
  tier: z.enum(['simple', 'general', 'major']),
  urgent: z.boolean(),
});
export const promiseSchema = z.object({
  id: z.enum(['accept', 'setOut', 'arriveCore', 'arriveTown', 'closeUrgent', 'closeOther']),
  name: localTextSchema,
  owner: localTextSchema.describe('Whose promise it is'),
  limitS: z.number().min(1),
  workingDays: z.int().min(1).nullable().describe('When set, counts working days and limitS is only an upper bound'),
  warnAt: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('Share of its time from which on a running clock is shown as nearly over; 0.8 when left out. A demo assumption (演示口径)'),
  source: textSchema,
});
const daySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
export const calendarYearSchema = z
  .object({
    year: z.int().min(2000).max(2100),
    daysOff: z.array(daySchema).max(200).describe('Public holidays and the days moved to them'),
    workDays: z.array(daySchema).max(60).describe('Saturdays and Sundays on which people work instead'),
    source: textSchema,
  })
  .describe('One year of the calendar of holidays; every other Monday to Friday is a working day');
export const countingFileSchema = z
  .object({
    repeatPlaces: z.object({
      withinM: z.number().min(1).max(5000).describe('From the first one of the place'),
      days: z.int().min(1).max(60),
      atLeast: z.int().min(2).max(100),
      source: textSchema,
    }),
  })
  .describe('How the figures of the town are counted');
export const droneRouteSchema = z.object({
  id: idSchema,
  name: localTextSchema,
  purpose: localTextSchema,
  dockId: idSchema,
  altM: z.number().min(10).max(120),
  line: lineSchema,
});

export const skillSchema = z
  .object({
    id: idSchema,
    name: localTextSchema,
    agencyIds: z.array(idSchema).max(64).describe('Every unit of these agencies has it'),
    unitIds: z.array(idSchema).max(1000).describe('And these units'),
    typeIds: z.array(idSchema).max(200).describe('Event types that need it'),
    source: textSchema,
  })
  .describe('What some matters need and not every unit can do');

export const chairSeatSchema = z
  .object({ id: idSchema, name: localTextSchema, source: textSchema })
  .describe('A leader of the town who can take the chair of a major incident');

export const townSchema = z.object({
  scene: sceneFileSchema,
  outline: outlineFileSchema,
  roads: z.array(roadSchema),
  waterLines: z.array(waterLineSchema),
  waterAreas: z.array(waterAreaSchema),
  places: z.array(placeSchema),
  quarters: z.array(quarterSchema),
  agencies: z.array(agencySchema),
  channels: z.array(channelRowSchema),
  eventTypes: z.array(eventTypeSchema),
  promises: z.array(promiseSchema),
  droneRoutes: z.array(droneRouteSchema),
  skills: z.array(skillSchema).optional(),
  chairs: z.array(chairSeatSchema).optional(),
  calendar: z.array(calendarYearSchema).optional(),
  counting: countingFileSchema.optional(),
});

export type Town = z.infer<typeof townSchema>;
export type Road = z.infer<typeof roadSchema>;
export type RoadClass = z.infer<typeof roadClassSchema>;
export type WaterLine = z.infer<typeof waterLineSchema>;
export type Place = z.infer<typeof placeSchema>;
export type Quarter = z.infer<typeof quarterSchema>;
export type Agency = z.infer<typeof agencySchema>;
export type ChannelRow = z.infer<typeof channelRowSchema>;
export type EventType = z.infer<typeof eventTypeSchema>;
export type ServicePromise = z.infer<typeof promiseSchema>;
export type CalendarYear = z.infer<typeof calendarYearSchema>;
export type Counting = z.infer<typeof countingFileSchema>;
export type DroneRoute = z.infer<typeof droneRouteSchema>;
export type Skill = z.infer<typeof skillSchema>;
export type ChairSeat = z.infer<typeof chairSeatSchema>;
export type View = z.infer<typeof viewSchema>;
