import type { RoadClass } from '../../../protocol/town/town.ts';
import { createMesh } from '../gl/mesh.ts';
import { toPoints } from '../localFrame.ts';
import { ribbonVertex } from '../shaders/common.ts';
import { ROAD_FRAGMENT } from '../shaders/roads.ts';
import { buildRibbon } from '../town/buildRibbon.ts';
import type { MapLayer } from './mapLayer.ts';

const RANK: Record<RoadClass, number> = { expressway: 0, trunk: 1, county: 2, townMain: 3, street: 4, lane: 5 };

export const roadLayer: MapLayer = {
  id: 'roads',
  still: true,
  create({ gl, modelMatrix, uniforms, town, frame }) {
    const lines = town.roads.map((r) => ({ points: toPoints(frame, r.line), halfWidthM: r.widthM / 2, rank: RANK[r.class] }));
    // Painted from the least to the greatest, so that a lane ends at the kerb of a street.
    const data = buildRibbon(lines.sort((a, b) => b.rank - a.rank));
    const mesh = createMesh({
      context: gl,
      modelMatrix,
      attributes: [
        { name: 'p', size: 2, data: data.p },
        { name: 'n', size: 2, data: data.n },
        { name: 'e', size: 4, data: data.e },
      ],
      indices: data.indices,
      vertexShader: ribbonVertex('0.0', '1.5'),
      fragmentShader: ROAD_FRAGMENT,
      uniforms,
      blend: 'over',
      depth: 'none',
    });
    return {
      update({ commands }) {
        commands.push(mesh.command);
      },
      dispose: mesh.dispose,
    };
  },
};
