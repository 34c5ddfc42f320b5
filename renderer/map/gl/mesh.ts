import {
  BlendingState,
  Buffer,
  BufferUsage,
  ComponentDatatype,
  CullFace,
  DrawCommand,
  IndexDatatype,
  Pass,
  PrimitiveType,
  RenderState,
} from '@cesium/engine';
import { ShaderProgram, ShaderSource, StencilFunction, StencilOperation, VertexArray } from '@cesium/engine';
import type { GlContext, Matrix4 } from '@cesium/engine';
import type { UniformMap } from '../cesiumInternals.ts';

export interface MeshAttribute {
  name: string;
  /** Components a vertex. */
  size: 1 | 2 | 3 | 4;
  data: Float32Array | Uint8Array;
}
export interface MeshSpec {
  context: GlContext;
  modelMatrix: Matrix4;
  attributes: readonly MeshAttribute[];
  indices: Uint16Array | Uint32Array;
  vertexShader: string;
  fragmentShader: string;
  uniforms: UniformMap;
  /** `over` expects premultiplied colour. */
  blend?: 'none' | 'over';
  /** Flat things on the ground are painted in order without depth; solid things write it. */
  depth: 'none' | 'test' | 'write';
  cull?: boolean;
  /** Paints each pixel once however often it is covered: for flat shadows that overlap. */
  once?: boolean;
}
export interface Mesh {
  readonly command: DrawCommand;
  /** The same geometry and shader drawn over another index range. */
  range(offset: number, count: number): DrawCommand;
  dispose(): void;
}

const PASS_ONCE = { fail: StencilOperation.KEEP, zFail: StencilOperation.KEEP, zPass: StencilOperation.INCREMENT };
const PAINT_ONCE = {
  enabled: true,
  frontFunction: StencilFunction.EQUAL,
  backFunction: StencilFunction.EQUAL,
  frontOperation: PASS_ONCE,
  backOperation: PASS_ONCE,
  reference: 0,
  mask: 255,
};

export function createMesh(spec: MeshSpec): Mesh {
  const { context } = spec;
  const attributeLocations: Record<string, number> = {};
  const attributes = spec.attributes.map((a, index) => {
    attributeLocations[a.name] = index;
    const bytes = a.data instanceof Uint8Array;
    return {
      index,
      componentsPerAttribute: a.size,
      componentDatatype: bytes ? ComponentDatatype.UNSIGNED_BYTE : ComponentDatatype.FLOAT,
      normalize: bytes,
      vertexBuffer: Buffer.createVertexBuffer({ context, typedArray: a.data, usage: BufferUsage.STATIC_DRAW }),
    };
  });
  const indexBuffer = Buffer.createIndexBuffer({
    context,
    typedArray: spec.indices,
    usage: BufferUsage.STATIC_DRAW,
    indexDatatype: spec.indices instanceof Uint32Array ? IndexDatatype.UNSIGNED_INT : IndexDatatype.UNSIGNED_SHORT,
  });
  const vertexArray = new VertexArray({ context, attributes, indexBuffer });
  const shaderProgram = ShaderProgram.fromCache({
    context,
    vertexShaderSource: new ShaderSource({ sources: [spec.vertexShader] }),
    fragmentShaderSource: new ShaderSource({ sources: [spec.fragmentShader] }),
    attributeLocations,
  });
  const renderState = RenderState.fromCache({
    blending: spec.blend === 'over' ? (BlendingState.PRE_MULTIPLIED_ALPHA_BLEND as object) : (BlendingState.DISABLED as object),
    depthTest: { enabled: spec.depth !== 'none' },
    depthMask: spec.depth === 'write',
    cull: { enabled: spec.cull === true, face: CullFace.BACK },
    ...(spec.once === true ? { stencilTest: PAINT_ONCE } : {}),
  });
  const make = (offset: number, count: number) =>
    new DrawCommand({
      vertexArray,
      shaderProgram,
      renderState,
      primitiveType: PrimitiveType.TRIANGLES,
      offset,
      count,
      pass: Pass.OVERLAY,
      modelMatrix: spec.modelMatrix,
      uniformMap: spec.uniforms,
    });
  return {
    command: make(0, spec.indices.length),
    range: make,
    dispose() {
      vertexArray.destroy();
      shaderProgram.destroy();
    },
  };
}
