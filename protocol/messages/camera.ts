import { z } from 'zod';
import { defineMessage } from '../defineMessage.ts';
import { headingDegSchema, idSchema, latDegSchema, localTextSchema, lonDegSchema, textSchema } from '../primitives.ts';
import { originSchema } from './origin.ts';

const cameraKindSchema = z.enum(['body', 'vehicle', 'street', 'hawkeye', 'drone']);
export const streamProtocolSchema = z.enum(['synthetic', 'whep', 'hls', 'flv', 'mjpeg']);

export const cameraMessage = defineMessage('camera.updated', 'A camera and where its live stream is.', {
  kind: cameraKindSchema,
  name: localTextSchema,
  unitId: idSchema.nullable().describe('The unit that carries it; its position is then the unit’s'),
  lonDeg: lonDegSchema.nullable().describe('Null when a unit carries it'),
  latDeg: latDegSchema.nullable(),
  headingDeg: headingDegSchema.nullable(),
  online: z.boolean(),
  stream: z.object({ protocol: streamProtocolSchema, url: textSchema }),
  simulated: z.boolean(),
  origin: originSchema,
});
export type Camera = z.infer<typeof cameraMessage.schema>;
export type CameraKind = z.infer<typeof cameraKindSchema>;
export type StreamProtocol = z.infer<typeof streamProtocolSchema>;
