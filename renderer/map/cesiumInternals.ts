/**
 * Types for the parts of @cesium/engine that are exported at run time but missing from its index.d.ts. Written against 26.3.0, which
 * package.json pins exactly: read this file again whenever that pin moves. Nothing else in the map may reach below the public API.
 */
import type { Cartesian2, Cartesian3, Cartesian4, Color, Matrix4, Scene } from '@cesium/engine';

/** What a uniform function may return; it is read at draw time, so one object may be reused for ever. */
export type UniformValue = number | boolean | Cartesian2 | Cartesian3 | Cartesian4 | Color | Matrix4 | Texture;
export type UniformMap = Record<string, () => UniformValue | readonly UniformValue[]>;

declare module '@cesium/engine' {
  /** The WebGL context behind a scene; opaque to us. */
  export interface GlContext {
    readonly _gl: WebGL2RenderingContext;
    readonly drawingBufferWidth: number;
    readonly drawingBufferHeight: number;
  }
  export interface GlBuffer {
    destroy(): void;
  }
  export class Sampler {
    static readonly NEAREST: Sampler;
    constructor(options: { wrapS?: number; wrapT?: number; minificationFilter?: number; magnificationFilter?: number });
  }
  export const TextureWrap: { readonly CLAMP_TO_EDGE: number; readonly REPEAT: number };
  export const PolygonPipeline: { triangulate(positions: readonly Cartesian2[], holes?: readonly number[]): number[] };
  export const BufferUsage: { readonly STREAM_DRAW: number; readonly STATIC_DRAW: number; readonly DYNAMIC_DRAW: number };
  export const Buffer: {
    createVertexBuffer(options: { context: GlContext; typedArray: ArrayBufferView; usage: number }): GlBuffer;
    createIndexBuffer(options: {
      context: GlContext;
      typedArray: Uint16Array | Uint32Array;
      usage: number;
      indexDatatype: number;
    }): GlBuffer;
  };
  export interface VertexAttribute {
    index: number;
    vertexBuffer: GlBuffer;
    componentsPerAttribute: number;
    componentDatatype: number;
    normalize?: boolean;
  }
  export class VertexArray {
    constructor(options: { context: GlContext; attributes: VertexAttribute[]; indexBuffer?: GlBuffer | undefined });
    destroy(): void;
  }
  export class ShaderSource {
    constructor(options: { sources: string[]; defines?: string[] });
  }
  export class ShaderProgram {
    static fromCache(options: {
      context: GlContext;
      vertexShaderSource: ShaderSource;
      fragmentShaderSource: ShaderSource;
      attributeLocations: Record<string, number>;
    }): ShaderProgram;
    destroy(): void;
  }
  export class RenderState {
    static fromCache(options: object): RenderState;
  }
  export const Pass: { readonly OPAQUE: number; readonly TRANSLUCENT: number; readonly OVERLAY: number };
  export class DrawCommand {
    constructor(options: {
      vertexArray: VertexArray;
      shaderProgram: ShaderProgram;
      renderState: RenderState;
      primitiveType: number;
      count: number;
      offset?: number;
      pass: number;
      modelMatrix: Matrix4;
      uniformMap: object;
      owner?: object;
    });
    count: number;
    offset: number;
  }
  export class ClearCommand {
    constructor(options: { color?: Color; depth?: number; stencil?: number; pass?: number });
    color: Color;
  }
  export class Texture {
    constructor(options: {
      context: GlContext;
      width: number;
      height: number;
      pixelFormat?: number;
      pixelDatatype?: number;
      sampler?: Sampler;
      flipY?: boolean;
      source?: { width: number; height: number; arrayBufferView: ArrayBufferView };
    });
    copyFrom(options: {
      xOffset?: number;
      yOffset?: number;
      source: { width: number; height: number; arrayBufferView: ArrayBufferView };
    }): void;
    /** Copies from the framebuffer that is bound: while overlay commands run, the canvas. */
    copyFromFramebuffer(x: number, y: number, fromX: number, fromY: number, width: number, height: number): void;
    destroy(): void;
  }
}

/** Anything of the overlay pass that can execute itself. */
export interface OverlayCommand {
  readonly pass: number;
  execute(): void;
}
export type Command = import('@cesium/engine').DrawCommand | import('@cesium/engine').ClearCommand | OverlayCommand;

/** The part of Cesium's frame state that a primitive needs. */
export interface FrameState {
  readonly context: import('@cesium/engine').GlContext;
  readonly commandList: Command[];
  readonly passes: { readonly render: boolean };
}

/** Private members of Scene that the map relies on. */
export interface SceneInternals {
  readonly context: import('@cesium/engine').GlContext;
  /** One view; `globeDepth` is an off-screen buffer that only a globe needs and that costs a full-screen copy each frame. */
  readonly _defaultView: { globeDepth: { destroy(): void } | undefined };
  /** Device pixels a CSS pixel. */
  pixelRatio: number;
  initializeFrame(): void;
}

export const internalsOf = (scene: Scene): SceneInternals => scene as unknown as SceneInternals;
export type Texture = import('@cesium/engine').Texture;
