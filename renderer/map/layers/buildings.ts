import { createMesh } from '../gl/mesh.ts';
import { BUILDING_FRAGMENT, BUILDING_VERTEX, FAR_FRAGMENT, FAR_VERTEX, SHADOW_FRAGMENT, SHADOW_VERTEX } from '../shaders/buildings.ts';
import { buildHouses } from '../town/buildHouses.ts';
import { buildFarHouses, buildShadows, FAR_INDICES, SHADOW_INDICES } from '../town/buildShadows.ts';
import type { MapLayer } from './mapLayer.ts';

/** Below this share of daylight the shadows are too faint to be worth their triangles. */
const SHADOW_DAY = 0.15;
const SHADOW_RANGE_M = 9000;
/** From here on a house is a few pixels: eaves, fire walls and plant rooms are not drawn. */
const FAR_M = 2300;

export const buildingLayer: MapLayer = {
  id: 'buildings',
  still: true,
  create({ gl, modelMatrix, uniforms, buildings, light, eye }) {
    const data = buildHouses(buildings.buildings);
    const houses = createMesh({
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
    const simple = buildFarHouses(data.sorted);
    const farHouses = createMesh({
      context: gl,
      modelMatrix,
      attributes: [
        { name: 'p', size: 3, data: simple.p },
        { name: 'house', size: 4, data: simple.house },
      ],
      indices: simple.indices,
      vertexShader: FAR_VERTEX,
      fragmentShader: FAR_FRAGMENT,
      uniforms,
      depth: 'write',
      cull: true,
    });
    const cast = buildShadows(data.sorted);
    const shadows = createMesh({
      context: gl,
      modelMatrix,
      attributes: [{ name: 'p', size: 3, data: cast.p }],
      indices: cast.indices,
      vertexShader: SHADOW_VERTEX,
      fragmentShader: SHADOW_FRAGMENT,
      uniforms,
      blend: 'over',
      depth: 'none',
      once: true,
    });
    const tiles = data.tiles.map((tile) => ({
      tile,
      walls: houses.range(tile.offset, tile.count),
      far: farHouses.range(tile.from * FAR_INDICES, (tile.to - tile.from) * FAR_INDICES),
      shadow: shadows.range(tile.from * SHADOW_INDICES, (tile.to - tile.from) * SHADOW_INDICES),
    }));
    return {
      update(frame) {
        const { commands } = frame;
        // All shadows first: a wall must not be darkened by its neighbour's tile.
        if (light.weights.x > SHADOW_DAY && frame.pose.rangeM < SHADOW_RANGE_M)
          for (const { tile, shadow } of tiles) if (frame.sees(tile.x, tile.y, tile.radiusM)) commands.push(shadow);
        for (const { tile, walls, far } of tiles)
          if (frame.sees(tile.x, tile.y, tile.radiusM))
            commands.push(Math.hypot(tile.x - eye.x, tile.y - eye.y, eye.z) - tile.radiusM > FAR_M ? far : walls);
      },
      dispose() {
        houses.dispose();
        farHouses.dispose();
        shadows.dispose();
      },
    };
  },
};
