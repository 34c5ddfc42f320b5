import type { Detection } from '../../../protocol/messages/index.ts';
import type { Matter } from './matters.ts';

/** The alert that a camera raised about a matter. */
export const detectionOf = (
  id: string,
  matter: Matter,
  detectedAtMs: number,
  outcome: Detection['outcome'],
  incidentId: string | null = null,
): Omit<Detection, 'rev'> => ({
  id: `det-${id}`,
  cameraId: matter.alert?.cameraId ?? null,
  channelId: matter.channelId,
  typeId: matter.typeId,
  place: matter.place,
  lonDeg: matter.lonDeg,
  latDeg: matter.latDeg,
  confidence: matter.alert?.confidence ?? 0.5,
  detectedAtMs: Math.round(detectedAtMs),
  outcome,
  incidentId,
  simulated: true,
});
