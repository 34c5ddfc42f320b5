import { z } from 'zod';
import { idSchema } from './primitives.ts';

/**
 * A fact about one thing, sent whole each time it changes (`ev`) and in every snapshot.
 * `id` names the thing for ever; `rev` grows by at least one with each change, so the larger one wins.
 */
export function defineMessage<const T extends string, F extends z.ZodRawShape>(type: T, describe: string, fields: F) {
  const schema = z.object({ id: idSchema, rev: z.int().min(0), ...fields }).describe(describe);
  return { type, describe, schema };
}

/** A wish of an operator; answered by `res`, visible to everyone only through `ev` (rule P-05). */
export function defineCommand<const T extends string, F extends z.ZodRawShape>(type: T, describe: string, fields: F) {
  return { type, describe, schema: z.object(fields).describe(describe) };
}

/** A question about the present or the past; answered by `part` frames. */
export function defineQuery<const K extends string, F extends z.ZodRawShape, I extends z.ZodType>(
  kind: K,
  describe: string,
  fields: F,
  item: I,
) {
  return { kind, describe, schema: z.object(fields).describe(describe), item };
}
