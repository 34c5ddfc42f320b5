import { z } from 'zod';
import { altMSchema, headingDegSchema, idSchema, latDegSchema, lonDegSchema, speedMpsSchema, timeMsSchema } from '../primitives.ts';

/** Most fixes in one JSON position frame (rule P-08). */
export const MAX_FIXES = 5000;

export const fixSchema = z.object({
  id: idSchema,
  lonDeg: lonDegSchema,
  latDeg: latDegSchema,
  altM: altMSchema.default(0),
  headingDeg: headingDegSchema,
  speedMps: speedMpsSchema,
  observedAtMs: timeMsSchema,
});
/** One position of one unit. */
export type Fix = z.infer<typeof fixSchema>;

const column = <S extends z.ZodType>(value: S) => z.array(value).max(MAX_FIXES);

/** Positions as columns: element i of every column belongs to unit `ids[i]`. `altM` may be left out for things on the ground. */
export const positionColumnsSchema = z
  .object({
    frame: z.literal('pos'),
    atMs: timeMsSchema.describe('Server time of the frame'),
    ids: column(idSchema),
    lonDeg: column(lonDegSchema),
    latDeg: column(latDegSchema),
    altM: column(altMSchema).optional(),
    headingDeg: column(headingDegSchema),
    speedMps: column(speedMpsSchema),
    observedAtMs: column(timeMsSchema),
  })
  .refine((f) => [f.lonDeg, f.latDeg, f.headingDeg, f.speedMps, f.observedAtMs, f.altM ?? f.ids].every((c) => c.length === f.ids.length), {
    message: 'columns differ in length',
    path: ['ids'],
  });
export const positionFixesSchema = z.object({
  frame: z.literal('pos'),
  atMs: timeMsSchema.optional(),
  fixes: z.array(fixSchema).max(MAX_FIXES),
});

export type PositionColumns = z.infer<typeof positionColumnsSchema>;
export type PositionFixes = z.infer<typeof positionFixesSchema>;
