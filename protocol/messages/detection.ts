import { z } from 'zod';
import { defineMessage } from '../defineMessage.ts';
import { idSchema, latDegSchema, localTextSchema, lonDegSchema, timeMsSchema } from '../primitives.ts';
import { originSchema } from './origin.ts';

export const detectionMessage = defineMessage(
  'detection.updated',
  'An alert of an AI camera, hawk-eye or drone, before or without becoming an incident.',
  {
    cameraId: idSchema.nullable(),
    channelId: idSchema,
    typeId: idSchema,
    place: localTextSchema,
    lonDeg: lonDegSchema,
    latDeg: latDegSchema,
    confidence: z.number().min(0).max(1),
    detectedAtMs: timeMsSchema,
    outcome: z.enum(['open', 'selfRectified', 'incident', 'dismissed']),
    incidentId: idSchema.nullable(),
    simulated: z.boolean(),
    origin: originSchema,
  },
);
export type Detection = z.infer<typeof detectionMessage.schema>;
