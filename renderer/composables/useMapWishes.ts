import { watch } from 'vue';
import type { LonLat } from '../../protocol/primitives.ts';
import { useMapStore } from '../state/mapStore.ts';
import type { WishedRoute } from '../state/mapStore.ts';
import { activeAssignments } from './deskControl.ts';
import type { DeskControl } from './deskControl.ts';

/** Carries what desk control shows on the map to the map's store: the home view, a track, the roads of candidates and of sent units. */
export function useMapWishes(control: DeskControl): void {
  const map = useMapStore();
  watch(control.homeRequests, (requests) => {
    map.homeRequests = requests;
  });
  watch(control.track, (track) => {
    map.track =
      track.kind === 'shown' && track.points.length > 1
        ? { unitId: track.unitId, line: track.points.map((point): LonLat => [point.lonDeg, point.latDeg]) }
        : null;
  });
  watch(
    [control.incident, control.nearest],
    ([incident, nearest]) => {
      const routes: WishedRoute[] = [];
      for (const a of incident ? activeAssignments(incident) : []) {
        if (a.arrivedAtMs === null && a.route.length > 1)
          routes.push({ id: `sent:${a.unitId}`, unitId: a.unitId, line: a.route, quiet: false });
      }
      if (incident && nearest.kind === 'ready' && nearest.incidentId === incident.id) {
        const best = nearest.items[0];
        if (best && best.route.length > 1)
          routes.push({ id: `candidate:${best.unitId}`, unitId: best.unitId, line: best.route, quiet: true });
      }
      map.routes = routes;
    },
    { immediate: true },
  );
}
