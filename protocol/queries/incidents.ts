import { defineQuery } from '../defineMessage.ts';
import { detectionMessage } from '../messages/detection.ts';
import { incidentMessage } from '../messages/incident.ts';
import { timeMsSchema } from '../primitives.ts';

/** From the journal: what a snapshot no longer holds is in it too. */
export const incidentsQuery = defineQuery(
  'incidents',
  'Incidents reported in a span, each as it stood last, in order of report; also those that were closed long ago, as far back as the journal goes. Routes are left out.',
  { fromMs: timeMsSchema, toMs: timeMsSchema },
  incidentMessage.schema,
);
export const detectionsQuery = defineQuery(
  'detections',
  'Alerts raised in a span, each as it stood last, in order, as far back as the journal goes.',
  { fromMs: timeMsSchema, toMs: timeMsSchema },
  detectionMessage.schema,
);
