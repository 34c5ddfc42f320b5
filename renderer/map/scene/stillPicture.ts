import { Pass, PixelFormat, Sampler, Texture } from '@cesium/engine';
import type { GlContext, Matrix4 } from '@cesium/engine';
import type { Command } from '../cesiumInternals.ts';
import { createMesh } from '../gl/mesh.ts';

/**
 * The town without what moves, kept as a picture. On software rendering ground and houses cost five times as much as everything else;
 * while nobody moves the camera and the light stands, each frame copies this picture instead and draws units and pins over it.
 */
export interface StillPicture {
  /** Put after the commands of the still layers: keeps what was drawn so far. */
  readonly keep: Command;
  /** Put in place of them. */
  readonly show: Command;
  resize(width: number, height: number): void;
  dispose(): void;
}

const VERTEX = `in vec2 p; void main() { gl_Position = vec4(p, 0.0, 1.0); }`;
const FRAGMENT = `uniform sampler2D u_still; void main() { out_FragColor = vec4(texelFetch(u_still, ivec2(gl_FragCoord.xy), 0).rgb, 1.0); }`;

export function createStillPicture(context: GlContext, modelMatrix: Matrix4): StillPicture {
  let texture = blank(1, 1);
  let width = 1;
  let height = 1;
  // The picture has no alpha, as the canvas has none: copying between the two needs the same channels.
  function blank(w: number, h: number): Texture {
    return new Texture({ context, width: w, height: h, pixelFormat: PixelFormat.RGB, sampler: Sampler.NEAREST });
  }
  const mesh = createMesh({
    context,
    modelMatrix,
    attributes: [{ name: 'p', size: 2, data: new Float32Array([-1, -1, 3, -1, -1, 3]) }],
    indices: new Uint16Array([0, 1, 2]),
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    uniforms: { u_still: () => texture },
    depth: 'none',
  });
  return {
    keep: { pass: Pass.OVERLAY, execute: () => texture.copyFromFramebuffer(0, 0, 0, 0, width, height) },
    show: mesh.command,
    resize(nextWidth, nextHeight) {
      width = Math.max(1, nextWidth);
      height = Math.max(1, nextHeight);
      texture.destroy();
      texture = blank(width, height);
    },
    dispose() {
      mesh.dispose();
      texture.destroy();
    },
  };
}
