import { z } from 'zod';
import { defineMessage } from '../defineMessage.ts';
import { headingDegSchema, localTextSchema, timeMsSchema } from '../primitives.ts';
import { originSchema } from './origin.ts';

export const weatherMessage = defineMessage('weather.updated', 'The weather over the town. Its id is `town`.', {
  condition: z.enum(['clear', 'cloudy', 'overcast', 'rain', 'fog', 'snow', 'typhoon']),
  text: localTextSchema,
  temperatureC: z.number().min(-60).max(60),
  windMps: z.number().min(0).max(120),
  windFromDeg: headingDegSchema,
  observedAtMs: timeMsSchema,
  simulated: z.boolean(),
  origin: originSchema,
});
export type Weather = z.infer<typeof weatherMessage.schema>;
