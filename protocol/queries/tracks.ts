import { z } from 'zod';
import { defineQuery } from '../defineMessage.ts';
import { MAX_FIXES } from '../frames/position.ts';
import { countSchema, headingDegSchema, idSchema, latDegSchema, lonDegSchema, speedMpsSchema, timeMsSchema } from '../primitives.ts';

/** Most fixes in one answer in columns: 20 MB of JSON. */
export const MAX_ANSWER_FIXES = 400_000;

const toleranceMSchema = z
  .number()
  .min(0)
  .max(100_000)
  .describe(
    'How far, in metres, a unit may have been at any moment from the straight line between the fixes of the answer; 0 gives every fix',
  );
const limitSchema = z.int().min(1).max(MAX_ANSWER_FIXES).describe('Most fixes in the answer; one that ends early says `cut`');
const column = <S extends z.ZodType>(value: S) => z.array(value).min(1).max(MAX_FIXES);

/** Where one unit was over a stretch of time: element i of every column belongs together, oldest first. */
const pieceSchema = z
  .object({
    unitId: idSchema,
    joined: z.boolean().describe('Goes on from the piece before of the same unit; otherwise nothing is known of the time between'),
    cut: z.boolean().describe('The answer ends here because of `limit`: ask again from the first `observedAtMs` of this piece on'),
    lonDeg: column(lonDegSchema),
    latDeg: column(latDegSchema),
    headingDeg: column(headingDegSchema),
    speedMps: column(speedMpsSchema),
    observedAtMs: column(timeMsSchema),
  })
  .refine((piece) => [piece.lonDeg, piece.latDeg, piece.headingDeg, piece.speedMps].every((c) => c.length === piece.observedAtMs.length), {
    message: 'columns differ in length',
    path: ['observedAtMs'],
  });

const areaSchema = z
  .object({ westDeg: lonDegSchema, southDeg: latDegSchema, eastDeg: lonDegSchema, northDeg: latDegSchema })
  .refine((area) => area.westDeg <= area.eastDeg && area.southDeg <= area.northDeg, { message: 'expected west ≤ east and south ≤ north' });

/** One unit, fix by fix. */
export const trackQuery = defineQuery(
  'track',
  'Where one unit has been, oldest first, fix by fix. For a whole day, or several units, ask `tracksInSpan`: its columns are a third of the size.',
  {
    unitId: idSchema,
    fromMs: timeMsSchema,
    toMs: timeMsSchema,
    limit: countSchema.max(20_000).describe('Most fixes; what is more is thinned evenly'),
    toleranceM: toleranceMSchema.optional(),
  },
  z.object({
    lonDeg: lonDegSchema,
    latDeg: latDegSchema,
    headingDeg: headingDegSchema,
    speedMps: speedMpsSchema,
    observedAtMs: timeMsSchema,
  }),
);

/** One unit's day, all units' hour. */
export const tracksInSpanQuery = defineQuery(
  'tracksInSpan',
  'Where units have been: one of them, some, or all. Pieces come hour by hour (UTC), within an hour unit by unit, and can be drawn as they come. Each answer is put down in the access log.',
  {
    unitIds: z.array(idSchema).min(1).max(100).optional().describe('All units where it is left out'),
    fromMs: timeMsSchema,
    toMs: timeMsSchema.describe('Included'),
    toleranceM: toleranceMSchema,
    limit: limitSchema,
  },
  pieceSchema,
);

/** One place's hour. */
export const tracksInAreaQuery = defineQuery(
  'tracksInArea',
  'Who was in an area when: the fixes inside it, in pieces as in `tracksInSpan`; a new piece begins where a unit had left the area. Each answer is put down in the access log.',
  {
    area: areaSchema,
    fromMs: timeMsSchema,
    toMs: timeMsSchema.describe('Included'),
    toleranceM: toleranceMSchema,
    limit: limitSchema,
  },
  pieceSchema,
);

export type TrackPiece = z.infer<typeof pieceSchema>;
export type TrackArea = z.infer<typeof areaSchema>;
