import { createMesh } from '../gl/mesh.ts';
import { BUILDING_FRAGMENT, BUILDING_VERTEX } from '../shaders/buildings.ts';
import { buildLandmarks } from '../town/buildLandmarks.ts';
import type { MapLayer } from './mapLayer.ts';

export const landmarkLayer: MapLayer = {
  id: 'landmarks',
  still: true,
  create({ gl, modelMatrix, uniforms, town, frame }) {
    const data = buildLandmarks(town.places, frame);
    if (data.indices.length === 0) return { update() {}, dispose() {} };
    const mesh = createMesh({
      context: gl,
      modelMatrix,
      attributes: [
        { name: 'p', size: 3, data: data.p },
        { name: 'normalPart', size: 4, data: data.normalPart },
        { name: 'uv', size: 2, data: data.uv },
        { name: 'house', size: 4, data: data.house },
      ],
      indices: data.indices,
      vertexShader: BUILDING_VERTEX,
      fragmentShader: BUILDING_FRAGMENT,
      uniforms,
      depth: 'write',
    });
    return {
      update({ commands }) {
        commands.push(mesh.command);
      },
      dispose: mesh.dispose,
    };
  },
};
