import { Cartesian4 } from '@cesium/engine';
import type { DrawCommand } from '@cesium/engine';
import { createMesh } from '../gl/mesh.ts';
import type { Mesh } from '../gl/mesh.ts';
import { HEAD_FRAGMENT, HEAD_VERTEX, TRAIL_FRAGMENT, TRAIL_VERTEX } from '../shaders/units.ts';
import { WRAP_S } from '../units/trackBook.ts';
import type { LayerContext, MapLayer } from './mapLayer.ts';

/** Half widths at 1080 lines: a head of 27 px is 20 arc-minutes at eight metres on a wall of 1.9 m height. */
const TRAIL_PX = 4;
const HEAD_PX = 13.5;
const OFFICER_PX = 7.5;

/** Quads for the ids 0..n-1: indexed, because instances of four vertices are five to ten times slower on software GL. */
function quadIndices(quads: number): Uint32Array {
  const out = new Uint32Array(quads * 6);
  for (let i = 0, k = 0, v = 0; i < quads; i++, k += 6, v += 4) {
    out[k] = v;
    out[k + 1] = v + 1;
    out[k + 2] = v + 2;
    out[k + 3] = v + 2;
    out[k + 4] = v + 1;
    out[k + 5] = v + 3;
  }
  return out;
}

interface Drawing {
  generation: number;
  trails: Mesh;
  heads: Mesh;
  /** The ring's live part may wrap: two ranges of the same mesh. */
  older: DrawCommand;
  newer: DrawCommand;
}

export const unitLayer: MapLayer = {
  id: 'units',
  still: false,
  create(context) {
    const { contents } = context;
    const book = contents.book;
    const px = new Cartesian4(TRAIL_PX, HEAD_PX, OFFICER_PX, contents.renderDelayMs / contents.book.pace / 1000);
    let nowS = 0;
    let drawing = draw(context, px, () => nowS);
    return {
      update(frame) {
        if (drawing.generation !== book.generation) {
          drawing.trails.dispose();
          drawing.heads.dispose();
          drawing = draw(context, px, () => nowS);
        }
        const s = frame.renderMs / 1000;
        nowS = s - WRAP_S * Math.floor(s / WRAP_S);
        book.expire(frame.renderMs);
        book.slots.upload();
        book.segments.upload();
        const { first, count } = book.trail;
        if (count > 0) {
          const untilEnd = Math.min(count, book.segments.capacity - first);
          drawing.older.offset = first * 6;
          drawing.older.count = untilEnd * 6;
          frame.commands.push(drawing.older);
          if (untilEnd < count) {
            drawing.newer.offset = 0;
            drawing.newer.count = (count - untilEnd) * 6;
            frame.commands.push(drawing.newer);
          }
        }
        if (book.slotCount > 0) {
          drawing.heads.command.count = book.slotCount * 18;
          frame.commands.push(drawing.heads.command);
        }
      },
      dispose() {
        drawing.trails.dispose();
        drawing.heads.dispose();
        book.slots.detach();
        book.segments.detach();
      },
    };
  },
};

function draw({ gl, modelMatrix, uniforms, contents }: LayerContext, px: Cartesian4, nowS: () => number): Drawing {
  const { book, palette } = contents;
  book.slots.attach(gl);
  book.segments.attach(gl);
  const own = { ...uniforms, u_palette: () => palette, u_now: nowS, u_pace: () => book.pace, u_px: () => px };
  const mesh = (quads: number, vertexShader: string, fragmentShader: string, table: 'slots' | 'segments') =>
    createMesh({
      context: gl,
      modelMatrix,
      // The shader counts vertices; WebGL wants one attribute all the same.
      attributes: [{ name: 'corner', size: 1, data: new Uint8Array(quads * 4) }],
      indices: quadIndices(quads),
      vertexShader,
      fragmentShader,
      uniforms: { ...own, u_table: () => book[table].texture() },
      blend: 'over',
      depth: 'none',
    });
  const trails = mesh(book.segments.capacity, TRAIL_VERTEX, TRAIL_FRAGMENT, 'segments');
  const heads = mesh(book.slots.capacity * 3, HEAD_VERTEX, HEAD_FRAGMENT, 'slots');
  return { generation: book.generation, trails, heads, older: trails.command, newer: trails.range(0, 0) };
}
