import type { Camera } from '../../../protocol/messages/index.ts';
import type { LocalText, LonLat } from '../../../protocol/primitives.ts';
import type { EventType, Town } from '../../../protocol/town/town.ts';
import type { LocalMetres } from '../../roads/localMetres.ts';
import type { RoadGraph } from '../../roads/roadGraph.ts';
import type { CameraRow, Scenario } from '../../scene/scenario.ts';
import { distanceM } from './polyline.ts';
import type { SeededRandom } from './seededRandom.ts';

/** What an arrival is about. */
export interface Matter {
  channelId: string;
  typeId: string;
  place: LocalText;
  lonDeg: number;
  latDeg: number;
  note: LocalText | null;
  cameraIds: string[];
  /** Set when a camera raised it: then it is an alert first. */
  alert: { cameraId: string | null; confidence: number } | null;
  /** How long the alert waits for the one who caused it; 0 when nobody waits. */
  settlesAfterS: number;
  /** Whether he puts it right in that time. */
  selfRectifies: boolean;
  forLeader: boolean;
}

export interface MatterOptions {
  town: Town;
  scenario: Scenario;
  graph: RoadGraph;
  metres: LocalMetres;
}

/** What a street camera watches lies this far in front of it. */
const IN_VIEW_M = [12, 32] as const;
/** Cameras this near to a matter are of use. */
const CAMERA_REACH_M = 260;
const MOST_CAMERAS = 2;
const UNHEEDED: LocalText = { zh: '系统提醒后仍未整改', en: 'Still there after the reminder' };
/** Severity 1 and 2 are what a duty leader looks at. */
const LEADER_SEVERITY = 2;

/** Draws what arrives: type, place, cameras, whether it settles itself, whether it is left to the duty leader. */
export function createMatters({ town, scenario, graph, metres }: MatterOptions) {
  const { arrivals, spots, typeMix } = scenario;
  const types = new Map(town.eventTypes.map((type) => [type.id, type]));
  const sensors = new Set(town.channels.filter((channel) => channel.mode === 'sensor').map((channel) => channel.id));
  const fixed = scenario.cameras.filter(isFixed);

  const typeOf = (typeId: string): EventType => {
    const type = types.get(typeId);
    if (!type) throw new Error(`no event type ${typeId}`);
    return type;
  };
  /** The cameras of a sensor channel; the channel of the street cameras is the one whose alerts settle themselves. */
  const eyesOf = (channelId: string): CameraRow[] => {
    const kind: string = channelId === arrivals.selfRectified.channelId ? 'street' : channelId;
    return scenario.cameras.filter((camera) => camera.kind === kind && camera.online);
  };
  const awayM = (a: LonLat, b: LonLat): number => distanceM(metres.toXy(a), metres.toXy(b));
  const nearest = (from: LonLat, cameras: readonly FixedCamera[]): FixedCamera[] =>
    [...cameras].sort((a, b) => awayM(from, [a.lonDeg, a.latDeg]) - awayM(from, [b.lonDeg, b.latDeg]));

  const inViewOf = (camera: FixedCamera, random: SeededRandom): { at: LonLat; place: LocalText } => {
    const { x, y } = metres.toXy([camera.lonDeg, camera.latDeg]);
    const headingRad = ((camera.headingDeg ?? 0) * Math.PI) / 180;
    const reachM = random.between(...IN_VIEW_M);
    return {
      at: metres.toLonLat({ x: x + Math.sin(headingRad) * reachM, y: y + Math.cos(headingRad) * reachM }),
      place: placeOf(camera.name),
    };
  };
  const atASpot = (typeId: string, random: SeededRandom): { at: LonLat; place: LocalText } => {
    const own = spots.filter((spot) => spot.typeIds?.includes(typeId));
    const open = spots.filter((spot) => spot.typeIds === null);
    const spot = random.weighted(own.length > 0 ? own : open.length > 0 ? open : spots, (one) => one.weight);
    const { x, y } = metres.toXy([spot.lonDeg, spot.latDeg]);
    // The root spreads the points evenly over the disc.
    const [reachM, angle] = [spot.radiusM * Math.sqrt(random.next()), random.between(0, 2 * Math.PI)];
    const at = metres.toLonLat({ x: x + reachM * Math.cos(angle), y: y + reachM * Math.sin(angle) });
    if (spot.typeIds !== null) return { at, place: spot.place };
    // Whatever has no ground of its own happens on a street.
    const street = graph.snap(at);
    return { at: street.offsetM <= spot.radiusM ? [street.lonDeg, street.latDeg] : at, place: spot.place };
  };

  return {
    typeOf,
    isSensor: (channelId: string): boolean => sensors.has(channelId),
    draw(channelId: string, random: SeededRandom): Matter {
      const mix = typeMix[channelId];
      if (!mix) throw new Error(`no types for channel ${channelId}`);
      const { typeId } = random.weighted(mix, (one) => one.weight);
      const eyes = sensors.has(channelId) ? eyesOf(channelId) : [];
      const watched = channelId === arrivals.selfRectified.channelId ? eyes.filter(isFixed) : [];
      const watcher = watched.length > 0 ? random.pick(watched) : null;
      const { at, place } = watcher ? inViewOf(watcher, random) : atASpot(typeId, random);
      // A camera that flies comes to the place; one that stands is the one next to it.
      const flying = eyes.filter((camera) => !isFixed(camera));
      const eye = watcher ?? (flying.length > 0 ? random.pick(flying) : nearest(at, eyes.filter(isFixed))[0]) ?? null;
      const near = nearest(at, fixed)
        .slice(0, MOST_CAMERAS)
        .filter((camera) => awayM(at, [camera.lonDeg, camera.latDeg]) <= CAMERA_REACH_M);
      const waits = channelId === arrivals.selfRectified.channelId;
      const selfRectifies = waits && random.chance(arrivals.selfRectified.share);
      const isGrave = typeOf(typeId).severity <= LEADER_SEVERITY;
      return {
        channelId,
        typeId,
        place,
        lonDeg: at[0],
        latDeg: at[1],
        note: waits && !selfRectifies ? UNHEEDED : null,
        cameraIds: [...new Set([...(eye ? [eye.id] : []), ...near.map((camera) => camera.id)])],
        alert: sensors.has(channelId) ? { cameraId: eye?.id ?? null, confidence: Math.round(random.between(72, 99)) / 100 } : null,
        settlesAfterS: waits ? (selfRectifies ? random.spreadS(arrivals.selfRectified.after) : arrivals.selfRectified.after.p90S) : 0,
        selfRectifies,
        forLeader: isGrave && random.chance(arrivals.leaderShare),
      };
    },
  };
}
export type Matters = ReturnType<typeof createMatters>;

type FixedCamera = CameraRow & { lonDeg: number; latDeg: number };
function isFixed(camera: CameraRow): camera is FixedCamera {
  return camera.lonDeg !== null && camera.latDeg !== null;
}

/** Cameras are named by number and place: `Street 034 · Convention Centre Road`. */
function placeOf(name: Camera['name']): LocalText {
  const after = (text: string): string => text.split('·').at(-1)!.trim() || text;
  return { zh: after(name.zh), en: after(name.en) };
}
