import { z } from 'zod';
import { idSchema, localTextSchema } from '../primitives.ts';

/** Only the server it came from may change it, and nobody takes it on from here: two servers that hear each other do not echo. */
export const originSchema = z
  .object({
    sourceId: idSchema.describe('The source of this server that told it'),
    name: localTextSchema.describe('Whose it is, e.g. the neighbouring town'),
  })
  .optional()
  .describe('Mirrored from another server, where it is decided; left out for what is this server’s own');
export type Origin = NonNullable<z.infer<typeof originSchema>>;
