import type { LocalText } from '../../../protocol/primitives.ts';
import type { Place, Town } from '../../../protocol/town/town.ts';
import type { Projection, ScreenPoint } from '../camera/cameraRig.ts';
import type { LocalFrame } from '../localFrame.ts';
import type { MapContents } from '../mapContents.ts';
import type { MapLocale } from '../townMap.ts';
import { LANDMARK_HEIGHT_M } from '../town/buildLandmarks.ts';
import type { HeadPosition } from '../units/trackBook.ts';
import { PIN_PX } from '../layers/incidents.ts';
import type { Box, LabelWish } from './placeLabels.ts';

export type LabelTone = 'town' | 'place' | 'small' | 'water' | 'road' | 'unit' | 'selected' | 'incident';
export interface TextWish extends LabelWish {
  text: string;
  tone: LabelTone;
}

/** Farther away than this many metres of range a place of that rank has no label. */
const RANGE_OF_RANK: Record<number, number> = { 1: 30_000, 2: 7500, 3: 9000, 4: 2200, 5: 1100 };
const UNIT_NEAR_M = 1300;
const UNIT_AT_WORK_M = 3200;
const ROAD_NEAR_M = 2600;
/** A number at the end is a working name of the road data and no name that anybody says. */
const NUMBERED = /\d$/;

interface Anchor {
  id: string;
  name: LocalText;
  x: number;
  y: number;
  z: number;
  rank: number;
  maxRangeM: number;
  tone: LabelTone;
}

export interface LabelSource {
  /** Boxes of the pins, after `collect`. */
  readonly obstacles: readonly Box[];
  collect(
    input: { project: Projection; rangeM: number; renderMs: number; locale: MapLocale; width: number; height: number },
    measure: (text: string, tone: LabelTone) => number,
  ): TextWish[];
}

export const LINE_PX: Record<LabelTone, number> = {
  town: 22,
  place: 18,
  small: 17,
  water: 17,
  road: 16,
  unit: 17,
  selected: 19,
  incident: 18,
};

export function createLabelSource(town: Town, frame: LocalFrame, contents: MapContents): LabelSource {
  const anchors = [...town.places.map((p) => placeAnchor(p, frame)), ...lineAnchors(town, frame)];
  const typeName = new Map(town.eventTypes.map((t) => [t.id, t.name]));
  const point: ScreenPoint = { x: 0, y: 0, depthM: 0 };
  const head: HeadPosition = { x: 0, y: 0, z: 0, headingRad: 0, ageS: 0 };

  const obstacles: Box[] = [];
  return {
    obstacles,
    collect({ project, rangeM, renderMs, locale, width, height }, measure) {
      const wishes: TextWish[] = [];
      obstacles.length = 0;
      const add = (id: string, rank: number, x: number, y: number, offset: number, text: string, tone: LabelTone) => {
        if (x < 0 || y < 0 || x > width || y > height) return;
        wishes.push({ id, rank, x, y, width: measure(text, tone), height: LINE_PX[tone], offset, text, tone });
      };
      for (const a of anchors) {
        if (rangeM > a.maxRangeM || !project(a.x, a.y, a.z, point)) continue;
        // What lies far behind the point of interest is haze; a name there would float.
        if (point.depthM > rangeM * 3.2) continue;
        const far = point.depthM > rangeM * 1.6 ? 1 : 0;
        add(`p:${a.id}`, 10 + a.rank * 2 + far, point.x, point.y, a.tone === 'town' && a.z === 0 ? -8 : 5, a.name[locale], a.tone);
      }
      const { selection } = contents;
      for (const { x, y } of contents.incidents)
        if (project(x, y, 0, point))
          obstacles.push({ left: point.x - 11, right: point.x + 11, top: point.y - PIN_PX - 12, bottom: point.y + 4 });
      for (const { incident, x, y } of contents.incidents) {
        const selected = selection?.kind === 'incident' && selection.id === incident.id;
        const waiting = incident.state === 'reported' || incident.state === 'accepted' || incident.state === 'triaged';
        if (!selected && !(waiting && incident.severity <= 2) && rangeM > UNIT_AT_WORK_M) continue;
        if (!project(x, y, 0, point)) continue;
        const text = typeName.get(incident.typeId)?.[locale] ?? incident.place[locale];
        add(`i:${incident.id}`, selected ? 0 : 2 + incident.severity, point.x, point.y - PIN_PX, 17, shorten(text, locale), 'incident');
      }
      for (const [id, unit] of contents.units) {
        if (unit.vehicleId !== null) continue;
        const selected = selection?.kind === 'unit' && selection.id === id;
        const atWork = unit.status === 'dispatched' || unit.status === 'onScene';
        const urgent = unit.status === 'emergency';
        if (!selected && !urgent && rangeM > (atWork ? UNIT_AT_WORK_M : UNIT_NEAR_M)) continue;
        if (!contents.book.positionAt(id, renderMs, head) || !project(head.x, head.y, head.z, point)) continue;
        add(
          `u:${id}`,
          selected || urgent ? 1 : atWork ? 9 : unit.kind === 'vehicle' ? 15 : 24,
          point.x,
          point.y,
          14,
          unit.name[locale],
          selected ? 'selected' : 'unit',
        );
      }
      return wishes;
    },
  };
}

/** English type names run long: a label is a glance, the card has the whole. */
const shorten = (text: string, locale: MapLocale) => (locale === 'en' && text.length > 34 ? `${text.slice(0, 33).trimEnd()}…` : text);

function placeAnchor(p: Place, frame: LocalFrame): Anchor {
  const minor = p.kind === 'standbyPost' || p.kind === 'parking' || p.kind === 'junction';
  return {
    id: p.id,
    name: p.name,
    x: frame.x(p.lonDeg),
    y: frame.y(p.latDeg),
    z: LANDMARK_HEIGHT_M[p.id] ?? 0,
    rank: p.rank + (minor ? 2 : 0),
    maxRangeM: (RANGE_OF_RANK[p.rank] ?? 1100) * (minor ? 0.6 : 1),
    tone: p.kind === 'water' ? 'water' : p.rank === 1 ? 'town' : p.rank === 2 ? 'place' : 'small',
  };
}

/** Rivers carry their name at the middle; main roads every so often. */
function lineAnchors(town: Town, frame: LocalFrame): Anchor[] {
  const middle = (line: readonly (readonly [number, number])[], part: number) => {
    const p = line[Math.min(line.length - 1, Math.floor(line.length * part))]!;
    return { x: frame.x(p[0]), y: frame.y(p[1]), z: 0 };
  };
  const rivers = town.waterLines
    .filter((w) => w.class !== 'ditch')
    .map((w) => ({
      id: `w-${w.id}`,
      name: w.name,
      ...middle(w.line, 0.45),
      rank: 3,
      maxRangeM: w.widthM > 40 ? 9000 : 4200,
      tone: 'water' as const,
    }));
  const named = new Set<string>();
  const roads = town.roads.flatMap((r) => {
    if (r.class === 'lane' || NUMBERED.test(r.name.zh) || named.has(r.name.zh)) return [];
    named.add(r.name.zh);
    const big = r.class === 'expressway' || r.class === 'trunk' || r.class === 'county';
    return [
      {
        id: `r-${r.id}`,
        name: r.name,
        ...middle(r.line, 0.5),
        rank: big ? 4 : 5,
        maxRangeM: big ? 9000 : ROAD_NEAR_M,
        tone: 'road' as const,
      },
    ];
  });
  return [...rivers, ...roads];
}
