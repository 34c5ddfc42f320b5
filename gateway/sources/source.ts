import type { MirrorMessage, MirrorType } from '../adapters/adapter.ts';
import type { Actor, Camera, Detection, Incident, Unit, Weather } from '../../protocol/messages/index.ts';
import type { CommandData, CommandType } from '../../protocol/commands/index.ts';
import type { Fix } from '../../protocol/frames/position.ts';
import type { LocalText, LonLat } from '../../protocol/primitives.ts';
import type { Clock } from '../clock.ts';
import type { RefusedFix } from '../journal/livePositions.ts';

/** What the desk tells the people in the field; the source carries it to them. */
export type Order =
  | { kind: 'go'; unitId: string; incidentId: string; lonDeg: number; latDeg: number; route: readonly LonLat[] }
  | { kind: 'recall'; unitId: string; incidentId: string }
  | { kind: 'standby'; unitId: string; postId: string; lonDeg: number; latDeg: number; route: readonly LonLat[] }
  | { kind: 'home'; unitId: string; postId: string };

/** What people in the field tell the desk about an order. `declined` is an answer to it before they are there; `note` says why. */
export type Progress = {
  unitId: string;
  incidentId: string;
  etaAtMs?: number;
  step?: 'acknowledged' | 'declined' | 'setOut' | 'arrived' | 'handled';
  note?: string;
};

/** A matter as an intake channel hands it in; the desk makes an incident of it. */
export interface Report {
  channelId: string;
  typeId: string;
  place: LocalText;
  lonDeg: number;
  latDeg: number;
  note: LocalText | null;
  cameraIds: string[];
  simulated: boolean;
}

/** The gateway as a source sees it. Only the desk changes incidents and assigns `rev`, `status` of a dispatched unit, counts and steps. */
export interface Intake {
  readonly clock: Clock;
  /** Latest facts about a unit. The desk owns `rev` and `incidentId`, and `status` while it is assigned. */
  unit(unit: Omit<Unit, 'rev' | 'incidentId'>): void;
  camera(camera: Omit<Camera, 'rev'>): void;
  detection(detection: Omit<Detection, 'rev'>): void;
  weather(weather: Omit<Weather, 'rev'>): void;
  /** A fact of another server, with its `origin` and without a `rev` that counts here. @returns what the protocol has against it, or null. */
  mirror(message: MirrorMessage): { path: string; message: string } | null;
  /** It is no longer told by where it came from: it ends, and is left out of later snapshots. Changes nothing that is this town's own. */
  retire(type: MirrorType, id: string): void;
  /** Positions, any number of units at once. The newest per unit wins. @returns those that were not taken, and why. */
  fixes(fixes: readonly Fix[]): readonly RefusedFix[];
  /** @returns the id of the incident that the desk opened. */
  report(report: Report): string;
  /** @returns whether it fitted an order; nothing changed where it did not. */
  progress(progress: Progress): boolean;
  /** Incidents and detections that ended before this gateway started, e.g. the morning of a scene; counted like any other. */
  restore(past: { incidents: readonly Omit<Incident, 'rev'>[]; detections: readonly Omit<Detection, 'rev'>[] }): void;
  /** A command on behalf of a person who sits at no desk of ours (simulated operators of a scene). @returns null, or why not. */
  command<T extends CommandType>(type: T, data: CommandData[T], by: Actor, reason: string | null): string | null;
  incident(id: string): Incident | undefined;
  /** Every change of an incident, after it is in the journal. Returns a function that stops it. */
  onIncident(listener: (incident: Incident) => void): () => void;
}

/** An open source. `order` hands out what the desk decided. */
export interface OpenSource {
  order(order: Order): void;
  dispose(): void;
}
