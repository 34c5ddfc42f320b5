import { Cartesian3, ClearCommand, Color, Ion, JulianDate, Matrix4, Pass, PerspectiveFrustum, Scene, Transforms } from '@cesium/engine';
import { basisOf, FOV_Y_RAD } from '../camera/cameraRig.ts';
import type { RigPose, Viewport } from '../camera/cameraRig.ts';
import type { Command, FrameState } from '../cesiumInternals.ts';
import { internalsOf } from '../cesiumInternals.ts';

/**
 * A bare Cesium scene: no globe, no sky, no sun. All of our commands go into the overlay pass, which draws them straight to the canvas
 * in the order given, with our own near and far planes: no off-screen copies, no sorting, no second frustum.
 */
export interface TownScene {
  readonly scene: Scene;
  readonly modelMatrix: Matrix4;
  readonly commands: Command[];
  readonly isSoftware: boolean;
  setCamera(pose: RigPose, viewport: Viewport): void;
  render(haze: Cartesian3): void;
  dispose(): void;
}

/** Any fixed moment: nothing of ours asks Cesium what time it is. */
const MOMENT = new JulianDate(2451545, 0);
const FAR_M = 70_000;

export function createScene(canvas: HTMLCanvasElement, originLonDeg: number, originLatDeg: number): TownScene {
  // The offline map asks nobody for tokens, and the exact place of the sun would fetch tables of the earth's rotation.
  Ion.defaultAccessToken = '';
  Transforms.computeIcrfToCentralBodyFixedMatrix = Transforms.computeTemeToPseudoFixedMatrix;
  const isSoftware = usesSoftware();
  const scene = new Scene({
    canvas,
    creditContainer: document.createElement('div'),
    orderIndependentTranslucency: false,
    msaaSamples: 1,
    contextOptions: {
      webgl: { alpha: false, antialias: !isSoftware, stencil: true, powerPreference: 'high-performance', preserveDrawingBuffer: false },
    },
  });
  scene.fog.enabled = false;
  scene.logarithmicDepthBuffer = false;
  scene.highDynamicRange = false;
  scene.postProcessStages.fxaa.enabled = false;
  scene.screenSpaceCameraController.enableInputs = false;
  scene.rethrowRenderErrors = true;
  const view = internalsOf(scene)._defaultView;
  view.globeDepth?.destroy();
  view.globeDepth = undefined;

  const origin = Cartesian3.fromDegrees(originLonDeg, originLatDeg, 0);
  const modelMatrix = Transforms.eastNorthUpToFixedFrame(origin);
  const background = new Color(0, 0, 0, 1);
  const clear = new ClearCommand({ color: background, depth: 1, stencil: 0, pass: Pass.OVERLAY });
  const commands: Command[] = [];
  scene.primitives.add({
    update(frameState: FrameState) {
      if (!frameState.passes.render) return;
      frameState.commandList.push(clear);
      for (const command of commands) frameState.commandList.push(command);
    },
    isDestroyed: () => false,
    destroy() {
      commands.length = 0;
    },
  });
  const local = new Cartesian3();

  return {
    scene,
    modelMatrix,
    commands,
    isSoftware,
    setCamera(pose, viewport) {
      const { camera } = scene;
      const b = basisOf(pose);
      const toWorld = (v: readonly [number, number, number], out: Cartesian3) =>
        Matrix4.multiplyByPointAsVector(modelMatrix, Cartesian3.fromElements(v[0], v[1], v[2], local), out);
      Matrix4.multiplyByPoint(modelMatrix, Cartesian3.fromElements(...b.position, local), camera.position);
      toWorld(b.direction, camera.direction);
      toWorld(b.up, camera.up);
      toWorld(b.right, camera.right);
      const frustum = camera.frustum as PerspectiveFrustum;
      const aspect = viewport.width / Math.max(1, viewport.height);
      frustum.aspectRatio = aspect;
      // Cesium's `fov` is that of the longer side.
      frustum.fov = aspect > 1 ? 2 * Math.atan(Math.tan(FOV_Y_RAD / 2) * aspect) : FOV_Y_RAD;
      frustum.near = Math.max(1, Math.min(60, b.position[2] * 0.08));
      frustum.far = FAR_M;
    },
    render(haze) {
      background.red = haze.x;
      background.green = haze.y;
      background.blue = haze.z;
      internalsOf(scene).initializeFrame();
      scene.render(MOMENT);
    },
    dispose() {
      if (!scene.isDestroyed()) scene.destroy();
    },
  };
}

/** True on SwiftShader and llvmpipe, where multisampling and 60 frames a second cost more than they give. */
function usesSoftware(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) throw new Error('WebGL 2 is not available');
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name = info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : '';
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|software/i.test(name);
}
