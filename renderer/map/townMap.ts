import type { LonLat } from '../../protocol/primitives.ts';
import type { Incident } from '../../protocol/messages/incident.ts';
import type { Unit } from '../../protocol/messages/unit.ts';
import type { TrackPiece } from '../../protocol/queries/tracks.ts';
import type { Town, View } from '../../protocol/town/town.ts';

/** The face of the map: what the wall may ask of it and what it tells the wall. */

export interface MapFix {
  lonDeg: number;
  latDeg: number;
  altM: number;
  headingDeg: number;
  speedMps: number;
  observedAtMs: number;
}
/** Where positions come from: the track table of the feed, or anything of this shape. */
export interface TrackSource {
  latest(unitId: string): MapFix | null;
  /** The fix object may be reused by the source after the listener returns. */
  onFix(listener: (unitId: string, fix: Readonly<MapFix>) => void): () => void;
  /** Told when all positions are void because another journal began. A source that never starts anew leaves it out. */
  onForget?(listener: () => void): () => void;
}

export type MapSelection = { kind: 'incident' | 'unit'; id: string };
export type LightMode = 'auto' | 'day' | 'night';
export type MapLocale = 'zh' | 'en';
export type MapStatus = { kind: 'loading' | 'ready' | 'restoring' } | { kind: 'failed'; reason: string };
export interface RouteLine {
  id: string;
  line: readonly LonLat[];
  /** `#rrggbb` */
  colour: string;
  /** A candidate is drawn thin and quiet; an assignment with dashes that move toward the incident. */
  quiet?: boolean;
}

/** How a stretch of road is drawn: a band of the reach, or what would open. */
export type ReachLook = 'core' | 'town' | 'lateInCore' | 'out' | 'opens';
/** Metres from the start of a road of the town. */
export interface ReachStretch {
  roadId: string;
  fromM: number;
  toM: number;
  look: ReachLook;
}

export interface MapOptions {
  town: Town;
  tracks: TrackSource;
  /** Server time, UTC epoch milliseconds. */
  nowMs(): number;
  /** Server seconds in a real one; 1 when left out. */
  clockRate?(): number;
  reducedMotion: boolean;
  /** Frames a second at most; 60 on a real GPU, 30 on software rendering when left out. */
  maxFps?: number;
  onPick(selection: MapSelection | null): void;
  onStatus(status: MapStatus): void;
}

export interface MapStats {
  status: MapStatus['kind'];
  heads: number;
  trails: number;
  labels: number;
  buildings: number;
  incidents: number;
  /** Fixes not drawn because an equally new or newer one was there. */
  outOfOrder: number;
  frames: number;
  jsMsP50: number;
  jsMsP95: number;
  /** 1 full day, 0 full night. */
  day: number;
  /** Pieces of recorded ways. */
  tracks: number;
  /** Stretches of the reach that are drawn. */
  reach: number;
  /** What the middle of the picture looks at, WGS-84 degrees. */
  lookingAt: LonLat;
  /** How far the camera is from that, metres. */
  rangeM: number;
}

export interface FlyTarget {
  lonDeg: number;
  latDeg: number;
  rangeM?: number;
  /** CSS pixels at the right edge that a card covers: the target comes to the middle of what is left. 0 when left out. */
  coveredPx?: number;
}

export interface TownMap {
  setUnits(units: readonly Unit[]): void;
  setIncidents(incidents: readonly Incident[]): void;
  setSelection(selection: MapSelection | null): void;
  setRoutes(routes: readonly RouteLine[]): void;
  /** Today's track of one unit, oldest first; null hides it. */
  setTrack(line: readonly LonLat[] | null, colour?: string): void;
  /** Recorded ways of units, oldest first; an empty list hides them. @param fromMs Beginning of their span. */
  setTracks(pieces: readonly TrackPiece[], fromMs: number): void;
  /** Up to which moment they are drawn. */
  setTrackHead(headMs: number): void;
  /** Stretches of the town's roads by who can be there; an empty list hides them. */
  setReach(stretches: readonly ReachStretch[]): void;
  setLight(mode: LightMode): void;
  setLocale(locale: MapLocale): void;
  setReducedMotion(reduced: boolean): void;
  flyTo(target: FlyTarget): void;
  /** Shows a view at once. */
  lookAt(view: View): void;
  home(): void;
  /** Where a unit is drawn, CSS pixels from the top left of the map; null when it has no position or is behind the camera. */
  screenOf(unitId: string): { x: number; y: number } | null;
  pickAt(x: number, y: number): MapSelection | null;
  stats(): MapStats;
  dispose(): void;
}
