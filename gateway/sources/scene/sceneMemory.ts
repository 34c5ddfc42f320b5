import type { Detection, Incident, Unit } from '../../../protocol/messages/index.ts';
import type { Journal } from '../../journal/journal.ts';
import type { Pose } from './legs.ts';

/** What a scene finds again after a restart, and what it puts down for the next one. What it puts down goes with the facts of the same moment. */
export interface SceneMemory {
  /** When the scene began; null when it begins now. */
  readonly startMs: number | null;
  /** Server time of the last thing that is kept. */
  readonly lastAtMs: number | null;
  begin(startMs: number): void;
  /** Where everything was some seconds before the end, in metres of the town's frame. */
  poses(): ReadonlyMap<string, Pose>;
  keepPoses(poses: Iterable<readonly [unitId: string, pose: Pose]>): void;
  /** Matters that wait for the duty leader, and since when. */
  left(): ReadonlyMap<string, number>;
  keepLeft(incidentId: string, sinceMs: number | null): void;
  incidents(): Iterable<Incident>;
  detections(): Iterable<Detection>;
  units(): Iterable<Unit>;
}

const START = 'scene/startMs';
const POSES = 'scene/poses';
const LEFT = 'scene/left/';

const rounded = (value: number): number => Math.round(value * 10) / 10;

export function createSceneMemory(journal: Journal): SceneMemory {
  const start = journal.noted(START);
  return {
    startMs: start === undefined ? null : Number(start),
    lastAtMs: journal.lastAtMs,
    begin: (startMs) => journal.note(START, String(startMs)),
    poses() {
      const rows = JSON.parse(journal.noted(POSES) ?? '[]') as [string, number, number, number, number][];
      return new Map(rows.map(([id, x, y, altM, headingDeg]) => [id, { x, y, altM, headingDeg, speedMps: 0 }]));
    },
    keepPoses(poses) {
      const rows = Array.from(poses, ([id, { x, y, altM, headingDeg }]) => [
        id,
        rounded(x),
        rounded(y),
        rounded(altM),
        rounded(headingDeg),
      ]);
      journal.note(POSES, JSON.stringify(rows));
    },
    left: () => new Map(Array.from(journal.notes(LEFT), ([key, sinceMs]) => [key.slice(LEFT.length), Number(sinceMs)])),
    keepLeft: (incidentId, sinceMs) => journal.note(LEFT + incidentId, sinceMs === null ? null : String(Math.round(sinceMs))),
    incidents: () => journal.all('incident.updated'),
    detections: () => journal.all('detection.updated'),
    units: () => journal.all('unit.updated'),
  };
}
