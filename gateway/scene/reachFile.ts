import { z } from 'zod';
import { textSchema } from '../../protocol/primitives.ts';
import { placeKindSchema } from '../../protocol/town/town.ts';

/** `scenes/<town>/reach.json`: which places are named when they are out of reach, and when moving a unit up is worth it. Only the gateway reads it. */
export const reachFileSchema = z.strictObject({
  basis: z.enum(['brief', 'inferred']).describe('`inferred` is shown as 演示口径 / demo assumption'),
  source: textSchema,
  placeKinds: z.array(placeKindSchema).min(1),
  moveUp: z.strictObject({
    leastGainM: z.number().min(1).max(1_000_000).describe('Less road than this is not worth a drive'),
    longestDriveS: z.number().min(1).max(36_000).describe('Who would be on the way for longer is not asked'),
    nearlyAsGood: z.number().min(0).max(1).describe('Of those who win this share less than the best at a post, the nearest goes'),
  }),
});
export type ReachFile = z.infer<typeof reachFileSchema>;
