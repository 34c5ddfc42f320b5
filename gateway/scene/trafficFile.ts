import { z } from 'zod';
import { roadClassSchema } from '../../protocol/town/town.ts';
import { textSchema } from '../../protocol/primitives.ts';

/** Below this a road is closed rather than slow, and a search would go round it for the wrong reason. */
const LEAST_FLOW = 0.1;
const flowSchema = z.number().min(LEAST_FLOW).max(1).describe('Share of the free-flow speed that is made good');
const daySchema = z.iso.date();

/** `scenes/<town>/traffic.json`: how quick each class of road is by the hour. Only the gateway reads it. */
export const trafficFileSchema = z.strictObject({
  confidence: z.number().min(0).max(1).describe('One sigma of a flow'),
  source: textSchema,
  flowByClass: z.record(roadClassSchema, z.array(flowSchema).length(24)).describe('By local hour'),
  crowding: z.strictObject({
    source: textSchema,
    days: z.array(z.strictObject({ from: daySchema, to: daySchema })).describe('Local days, both included'),
    fromHour: z.int().min(0).max(23),
    toHour: z.int().min(1).max(24).describe('Not included'),
    flowByClass: z.record(roadClassSchema, flowSchema).describe('Times the flow of the hour'),
  }),
});
export type TrafficFile = z.infer<typeof trafficFileSchema>;
