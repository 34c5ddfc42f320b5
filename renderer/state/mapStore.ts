import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { LonLat } from '../../protocol/primitives.ts';

/** A line that the desk wants drawn; `quiet` for a candidate's road, which nobody drives yet. */
export interface WishedRoute {
  id: string;
  unitId: string;
  line: readonly LonLat[];
  quiet: boolean;
}

/** What the desk wants to see on the map beyond facts and selection. The map's bridge watches it; panels and keys write it. */
export const useMapStore = defineStore('map', () => {
  /** Counts wishes for the home view: a change is a wish. */
  const homeRequests = ref(0);
  /** Today's track of one unit, oldest first. */
  const track = shallowRef<{ unitId: string; line: readonly LonLat[] } | null>(null);
  const routes = shallowRef<readonly WishedRoute[]>([]);
  /** What the map looks at and from how far, metres; null until it says so, about once a second. */
  const view = shallowRef<{ lookingAt: LonLat; rangeM: number } | null>(null);
  /** The side columns step aside and the map takes the wall's width. */
  const full = ref(false);
  return { homeRequests, track, routes, view, full };
});
