import { Cartesian2, PolygonPipeline } from '@cesium/engine';
import { createMesh } from '../gl/mesh.ts';
import type { Mesh } from '../gl/mesh.ts';
import { toPoints } from '../localFrame.ts';
import { ribbonVertex } from '../shaders/common.ts';
import { WATER_FRAGMENT } from '../shaders/water.ts';
import { buildRibbon } from '../town/buildRibbon.ts';
import { waterCourse } from '../town/waterCourse.ts';
import type { MapLayer } from './mapLayer.ts';

export const waterLayer: MapLayer = {
  id: 'water',
  still: true,
  create({ gl, modelMatrix, uniforms, groundMap, town, frame, eye }) {
    const own = { ...uniforms, u_groundMap: () => groundMap.texture, u_mapRect: () => groundMap.rect, u_eye: () => eye };
    const meshes: Mesh[] = [];
    const add = (data: { p: Float32Array; n: Float32Array; e: Float32Array; indices: Uint32Array }) => {
      if (data.indices.length === 0) return;
      meshes.push(
        createMesh({
          context: gl,
          modelMatrix,
          attributes: [
            { name: 'p', size: 2, data: data.p },
            { name: 'n', size: 2, data: data.n },
            { name: 'e', size: 4, data: data.e },
          ],
          indices: data.indices,
          vertexShader: ribbonVertex('0.0', '1.3'),
          fragmentShader: WATER_FRAGMENT,
          uniforms: own,
          depth: 'none',
        }),
      );
    };
    add(buildAreas(town.waterAreas.map((a) => toPoints(frame, a.ring))));
    const wide = town.waterLines.map((w, i) => ({ points: waterCourse(frame, w), halfWidthM: w.widthM / 2, rank: i % 7 }));
    add(buildRibbon(wide.sort((a, b) => a.halfWidthM - b.halfWidthM)));
    return {
      update({ commands }) {
        for (const mesh of meshes) commands.push(mesh.command);
      },
      dispose() {
        for (const mesh of meshes) mesh.dispose();
      },
    };
  },
};

/** Lakes and ponds as triangles, in the vertex form of a ribbon (no bank, no width). */
function buildAreas(rings: readonly (readonly (readonly [number, number])[])[]) {
  const p: number[] = [];
  const indices: number[] = [];
  for (const ring of rings) {
    const first = p.length / 2;
    const open = ring.slice(0, samePoint(ring[0]!, ring.at(-1)!) ? -1 : undefined);
    for (const [x, y] of open) p.push(x, y);
    for (const i of PolygonPipeline.triangulate(open.map(([x, y]) => new Cartesian2(x, y)))) indices.push(first + i);
  }
  const count = p.length / 2;
  const e = new Float32Array(count * 4);
  for (let i = 0; i < count; i++) e.set([0, p[i * 2]! * 0.6 + p[i * 2 + 1]! * 0.8, 60, 3], i * 4);
  return { p: new Float32Array(p), n: new Float32Array(count * 2), e, indices: new Uint32Array(indices) };
}

const samePoint = (a: readonly [number, number], b: readonly [number, number]) => Math.hypot(a[0] - b[0], a[1] - b[1]) < 0.5;
