import type { RoadGraph } from '../../roads/roadGraph.ts';
import { createBeatMotion, type BeatMotionOptions } from './beatMotion.ts';
import type { Mover } from './mover.ts';
import type { Manner } from './speedProfile.ts';

/** Nobody slows down for a corner on foot. */
const ON_FOOT: Manner = { accelMps2: 0.7, brakeMps2: 0.9, cornerMps2: 100, crawlMps: 1 };
const WALK_MPS = [0.8, 1.5] as const;
/** When sent; the pace with which `roadSpeedMps` reckons. */
const BRISK_MPS = 1.6;

/** Walks its beat with pauses; when sent, along the streets to the place and back. */
export function createOfficerMotion({
  graph,
  ...given
}: Pick<BeatMotionOptions, 'metres' | 'random' | 'startMs' | 'beat' | 'before'> & { graph: RoadGraph }): Mover {
  const { metres, random } = given;
  return createBeatMotion({
    ...given,
    manner: ON_FOOT,
    beatMps: random.between(...WALK_MPS),
    dutyMps: BRISK_MPS,
    pauseS: [8, 60],
    pieceM: [60, 240],
    turnsFirst: false,
    wayTo(from, target) {
      const route = graph.route(metres.toLonLat(from), target, { kind: 'officer' });
      return route && [from, ...route.line.map((point) => metres.toXy(point))];
    },
  });
}
