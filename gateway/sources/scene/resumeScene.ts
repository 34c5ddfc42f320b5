import type { Place } from '../../../protocol/town/town.ts';
import type { FieldCrew } from './fieldCrew.ts';
import type { IntakeDesk } from './intakeDesk.ts';
import type { Operators } from './operators.ts';
import type { SceneMemory } from './sceneMemory.ts';

export interface ResumeOptions {
  memory: SceneMemory;
  fieldCrew: FieldCrew;
  operators: Operators;
  intakeDesk: IntakeDesk;
  places: readonly Place[];
}

/** Goes on with what was under way when the gateway ended: crews drive on, operators take up their matters, alerts that wait still settle. */
export function resumeScene({ memory, fieldCrew, operators, intakeDesk, places }: ResumeOptions): void {
  const left = memory.left();
  const open = [...memory.incidents()].filter((incident) => incident.state !== 'closed');
  const known = new Set(open.map((incident) => incident.id));
  for (const incidentId of left.keys()) if (!known.has(incidentId)) memory.keepLeft(incidentId, null);

  for (const incident of open) {
    for (const assignment of incident.assignments) {
      if (assignment.releasedAtMs === null) fieldCrew.resume(incident, assignment);
    }
    // What other sources brought is not theirs.
    if (!incident.simulated) continue;
    const sinceMs = left.get(incident.id);
    if (sinceMs === undefined) operators.take(incident.id, incident.id);
    else operators.leave(incident.id, incident.id, sinceMs);
  }
  for (const { id, origin, standby } of memory.units()) {
    const post = origin ? undefined : places.find((place) => place.id === standby?.postId);
    if (post) fieldCrew.resumeStandby(id, [post.lonDeg, post.latDeg]);
  }
  for (const detection of memory.detections()) if (detection.outcome === 'open') intakeDesk.resume(detection);
}
