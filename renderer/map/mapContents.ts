import { Cartesian4 } from '@cesium/engine';
import type { Incident } from '../../protocol/messages/incident.ts';
import type { Unit, UnitKind, UnitStatus } from '../../protocol/messages/unit.ts';
import type { TrackPiece } from '../../protocol/queries/tracks.ts';
import type { LonLat } from '../../protocol/primitives.ts';
import type { Town } from '../../protocol/town/town.ts';
import type { LocalFrame, Point } from './localFrame.ts';
import { toPoints } from './localFrame.ts';
import type { MapFix, MapSelection, ReachLook, ReachStretch, RouteLine, TrackSource } from './townMap.ts';
import { cutLine } from './town/cutLine.ts';
import { createTrackBook, FLAG_HIDDEN, FLAG_OFFLINE, FLAG_SELECTED } from './units/trackBook.ts';
import type { HeadStyle, TrackBook } from './units/trackBook.ts';

/** Fixes come about once a second and take a while: drawn this late, real ms, a head almost always moves between two known points. */
const RENDER_DELAY_MS = 1200;
/** Colours in the palette of the shader. */
const PALETTE_SIZE = 32;
/** More open incidents than this are not pinned; the queue still lists them. */
export const MOST_INCIDENTS = 512;

const KIND: Record<UnitKind, number> = { vehicle: 0, officer: 1, drone: 2, boat: 3 };
const STATUS: Record<UnitStatus, number> = { available: 0, dispatched: 1, onScene: 2, emergency: 3, offline: 0 };

export interface PlottedIncident {
  incident: Incident;
  x: number;
  y: number;
}
export interface PlottedRoute {
  id: string;
  points: Point[];
  colour: [number, number, number];
  quiet: boolean;
  track: boolean;
}

export interface PlottedReach {
  points: Point[];
  look: ReachLook;
}

/** What is on the map, apart from how it is drawn: it outlives a lost WebGL context. */
export interface MapContents {
  readonly book: TrackBook;
  readonly palette: readonly Cartesian4[];
  /** Server ms. */
  readonly renderDelayMs: number;
  readonly units: ReadonlyMap<string, Unit>;
  readonly incidents: readonly PlottedIncident[];
  readonly routes: readonly PlottedRoute[];
  /** Recorded ways of units, and the moment up to which they are drawn. */
  readonly tracks: { readonly pieces: readonly TrackPiece[]; readonly fromMs: number; readonly headMs: number };
  readonly reach: readonly PlottedReach[];
  readonly selection: MapSelection | null;
  /** Counts changes of incidents, routes, tracks, reach or selection, so that layers rebuild only then. */
  readonly revision: { incidents: number; routes: number; tracks: number; reach: number };
  setUnits(units: readonly Unit[]): void;
  setIncidents(incidents: readonly Incident[]): void;
  setSelection(selection: MapSelection | null): void;
  setRoutes(routes: readonly RouteLine[]): void;
  setTrack(line: readonly LonLat[] | null, colour: string): void;
  setTracks(pieces: readonly TrackPiece[], fromMs: number): void;
  setTrackHead(headMs: number): void;
  setReach(stretches: readonly ReachStretch[]): void;
  dispose(): void;
}

function parseColour(hex: string): [number, number, number] {
  const n = /^#[0-9a-f]{6}$/i.test(hex) ? parseInt(hex.slice(1), 16) : 0x93a8a0;
  return [(n >> 16) / 255, ((n >> 8) & 255) / 255, (n & 255) / 255];
}

export function createMapContents(frame: LocalFrame, town: Pick<Town, 'agencies' | 'roads'>, tracks: TrackSource): MapContents {
  const { agencies } = town;
  const book = createTrackBook();
  const palette = Array.from({ length: PALETTE_SIZE }, (_, i) => {
    const [r, g, b] = parseColour(agencies[i]?.colour ?? '#93a8a0');
    return new Cartesian4(r, g, b, 1);
  });
  const colourOf = new Map(agencies.slice(0, PALETTE_SIZE).map((a, i) => [a.id, i]));
  const units = new Map<string, Unit>();
  let incidents: PlottedIncident[] = [];
  let given: PlottedRoute[] = [];
  let track: PlottedRoute | null = null;
  let routes: readonly PlottedRoute[] = [];
  let selection: MapSelection | null = null;
  const shownTracks: { pieces: readonly TrackPiece[]; fromMs: number; headMs: number } = { pieces: [], fromMs: 0, headMs: 0 };
  let reach: PlottedReach[] = [];
  let roadPoints: ReadonlyMap<string, Point[]> | null = null;
  const revision = { incidents: 0, routes: 0, tracks: 0, reach: 0 };

  /** Who rides has no head of his own: his vehicle is marked. */
  const selectedHead = (): string | null => (selection?.kind === 'unit' ? (units.get(selection.id)?.vehicleId ?? selection.id) : null);
  const styleOf = (unit: Unit): HeadStyle => ({
    kind: KIND[unit.kind],
    status: STATUS[unit.status],
    colour: colourOf.get(unit.agencyId) ?? PALETTE_SIZE - 1,
    flags:
      (unit.id === selectedHead() ? FLAG_SELECTED : 0) |
      (unit.vehicleId === null ? 0 : FLAG_HIDDEN) |
      (unit.status === 'offline' ? FLAG_OFFLINE : 0),
  });
  const addFix = (unitId: string, fix: Readonly<MapFix>) =>
    book.addFix(unitId, frame.x(fix.lonDeg), frame.y(fix.latDeg), fix.altM, (fix.headingDeg * Math.PI) / 180, fix.observedAtMs);
  const stopFixes = tracks.onFix((unitId, fix) => {
    // Fixes of units not yet announced are fetched by `latest` when they are.
    if (units.has(unitId)) addFix(unitId, fix);
  });
  const stopForgetting = tracks.onForget?.(() => book.forget());
  const restyle = (id: string | null) => {
    const unit = id === null ? undefined : units.get(id);
    if (unit) book.setHead(unit.id, styleOf(unit));
  };

  return {
    book,
    palette,
    get renderDelayMs() {
      return RENDER_DELAY_MS * book.pace;
    },
    units,
    get incidents() {
      return incidents;
    },
    get routes() {
      return routes;
    },
    get selection() {
      return selection;
    },
    tracks: shownTracks,
    get reach() {
      return reach;
    },
    revision,
    setUnits(next) {
      const keep = new Set<string>();
      for (const unit of next) {
        keep.add(unit.id);
        const before = units.get(unit.id);
        if (before === unit) continue;
        units.set(unit.id, unit);
        book.setHead(unit.id, styleOf(unit));
        if (book.newestMs(unit.id) === null) {
          const latest = tracks.latest(unit.id);
          if (latest) addFix(unit.id, latest);
        }
      }
      for (const id of [...units.keys()])
        if (!keep.has(id)) {
          units.delete(id);
          book.removeHead(id);
        }
    },
    setIncidents(next) {
      const open = next.filter((i) => i.state !== 'closed');
      // The gravest last: they are drawn over the others.
      open.sort((a, b) => b.severity - a.severity || b.reportedAtMs - a.reportedAtMs);
      incidents = open.slice(-MOST_INCIDENTS).map((incident) => ({ incident, x: frame.x(incident.lonDeg), y: frame.y(incident.latDeg) }));
      revision.incidents++;
    },
    setSelection(next) {
      const before = selectedHead();
      selection = next;
      restyle(before);
      restyle(selectedHead());
      revision.incidents++;
    },
    setRoutes(next) {
      given = next
        .filter((r) => r.line.length > 1)
        .map((r) => ({ id: r.id, points: toPoints(frame, r.line), colour: parseColour(r.colour), quiet: r.quiet === true, track: false }));
      routes = track ? [track, ...given] : given;
      revision.routes++;
    },
    setTrack(line, colour) {
      track =
        line && line.length > 1
          ? { id: 'track', points: toPoints(frame, line), colour: parseColour(colour), quiet: false, track: true }
          : null;
      routes = track ? [track, ...given] : given;
      revision.routes++;
    },
    setTracks(pieces, fromMs) {
      shownTracks.pieces = pieces;
      shownTracks.fromMs = fromMs;
      revision.tracks++;
    },
    setTrackHead(headMs) {
      shownTracks.headMs = headMs;
    },
    setReach(stretches) {
      const roads = (roadPoints ??= new Map(town.roads.map((road) => [road.id, toPoints(frame, road.line)])));
      reach = stretches.flatMap(({ roadId, fromM, toM, look }): PlottedReach[] => {
        const points = cutLine(roads.get(roadId) ?? [], fromM, toM);
        return points.length > 1 ? [{ points, look }] : [];
      });
      revision.reach++;
    },
    dispose() {
      stopFixes();
      stopForgetting?.();
    },
  };
}
