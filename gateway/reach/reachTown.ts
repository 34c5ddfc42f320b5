import type { LonLat } from '../../protocol/primitives.ts';
import type { Place, Road } from '../../protocol/town/town.ts';
import type { TravelKind } from '../roads/roadSpeed.ts';
import type { TrafficTable } from '../roads/traffic.ts';
import type { ReachFile } from '../scene/reachFile.ts';

/** What of a town is needed; all of it can be handed to another thread. */
export interface ReachTown {
  roads: readonly Road[];
  places: readonly Place[];
  outline: readonly LonLat[];
  core: readonly LonLat[];
  /** Promises of arrival: in the centre, and elsewhere. */
  coreLimitS: number;
  townLimitS: number;
  traffic: TrafficTable | null;
  utcOffsetMin: number;
  rules: Pick<ReachFile, 'placeKinds' | 'moveUp'>;
}

/** Somebody who is free, and where he is. */
export interface FreeUnit {
  unitId: string;
  kind: TravelKind;
  at: LonLat;
  /** The post that it was moved up to and where it stands by or will; null while it keeps its own. */
  postId: string | null;
}
