import { createMesh } from '../gl/mesh.ts';
import { BUILDING_FRAGMENT, BUILDING_VERTEX } from '../shaders/buildings.ts';
import { buildHouses } from '../town/buildHouses.ts';
import type { MapLayer } from './mapLayer.ts';

export const buildingLayer: MapLayer = {
  id: 'buildings',
  create({ gl, modelMatrix, uniforms, buildings }) {
    const data = buildHouses(buildings.buildings);
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
      cull: true,
    });
    const tiles = data.tiles.map((tile) => ({ tile, command: mesh.range(tile.offset, tile.count) }));
    return {
      update(frame) {
        for (const { tile, command } of tiles) if (frame.sees(tile.x, tile.y, tile.radiusM)) frame.commands.push(command);
      },
      dispose: mesh.dispose,
    };
  },
};
