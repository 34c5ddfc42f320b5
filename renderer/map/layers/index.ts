import { buildingLayer } from './buildings.ts';
import { groundLayer } from './ground.ts';
import { incidentLayer } from './incidents.ts';
import { landmarkLayer } from './landmarks.ts';
import type { MapLayer } from './mapLayer.ts';
import { reachLayer } from './reach.ts';
import { roadLayer } from './roads.ts';
import { routeLayer } from './routes.ts';
import { trackLayer } from './tracks.ts';
import { treeLayer } from './trees.ts';
import { unitLayer } from './units.ts';
import { waterLayer } from './water.ts';

/** In draw order: what comes later is painted over what came before. A new layer is one file and one line here. */
export const layers = [
  groundLayer,
  waterLayer,
  roadLayer,
  buildingLayer,
  landmarkLayer,
  treeLayer,
  reachLayer,
  trackLayer,
  routeLayer,
  unitLayer,
  incidentLayer,
] as const satisfies readonly MapLayer[];
