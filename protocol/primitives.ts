import { z } from 'zod';

/**
 * Building blocks that every schema shares. Units are part of each name: `Deg`, `M`, `Mps`, `Ms`.
 * All times are UTC epoch milliseconds; all positions are WGS-84, longitude first.
 */

/** Longest string anywhere on the wire, in UTF-16 code units (rule P-08). */
export const MAX_STRING = 4096;

export const idSchema = z.string().min(1).max(128);
export const textSchema = z.string().max(MAX_STRING);
/** A name in both languages of the interface. Chinese is the first. */
export const localTextSchema = z.object({ zh: textSchema.min(1), en: textSchema.min(1) });
export const lonDegSchema = z.number().min(-180).max(180);
export const latDegSchema = z.number().min(-90).max(90);
/** Clockwise from true north, in [0, 360). */
export const headingDegSchema = z.number().min(0).lt(360);
export const speedMpsSchema = z.number().min(0).max(500);
/** Metres above ground. */
export const altMSchema = z.number().min(-500).max(20_000);
/** UTC epoch milliseconds, 1970 to 2100. */
export const timeMsSchema = z.number().min(0).max(4_102_444_800_000);
export const countSchema = z.int().min(0);
export const lonLatSchema = z.tuple([lonDegSchema, latDegSchema]);

export type LocalText = z.infer<typeof localTextSchema>;
/** What a pair of degrees is measured against. The wire and memory are `wgs84`; Chinese maps and devices often give the others. */
export const datumSchema = z.enum(['wgs84', 'gcj02', 'bd09']);
export type Datum = z.infer<typeof datumSchema>;
declare const datumOf: unique symbol;
/** `[lonDeg, latDeg]`. Only the compiler knows the datum: a pair in another one does not compile where WGS-84 is expected. */
export type LonLat<D extends Datum = 'wgs84'> = z.infer<typeof lonLatSchema> & { readonly [datumOf]?: D };
