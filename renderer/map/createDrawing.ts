import {
  Cartesian3,
  Cartesian4,
  PixelFormat,
  Sampler,
  Texture,
  TextureMagnificationFilter,
  TextureMinificationFilter,
  TextureWrap,
} from '@cesium/engine';
import type { Town } from '../../protocol/town/town.ts';
import type { RigPose, Viewport } from './camera/cameraRig.ts';
import { createViewCone } from './camera/viewCone.ts';
import { internalsOf } from './cesiumInternals.ts';
import { layers } from './layers/index.ts';
import type { LayerContext, LayerInstance, MapFrame } from './layers/mapLayer.ts';
import type { Light } from './light/light.ts';
import type { LocalFrame } from './localFrame.ts';
import type { MapContents } from './mapContents.ts';
import { createScene } from './scene/createScene.ts';
import { createStillPicture } from './scene/stillPicture.ts';
import type { GroundMap } from './town/groundMap.ts';
import type { BuildingPlan } from './town/planBuildings.ts';

/** Everything about the town that is computed once and outlives a lost context. */
export interface DrawingInput {
  town: Town;
  frame: LocalFrame;
  light: Light;
  buildings: BuildingPlan;
  ground: GroundMap;
  contents: MapContents;
}

/** One WebGL context with the town in it. When the context is lost, it is thrown away whole and another is made. */
export interface Drawing {
  readonly isSoftware: boolean;
  /** The context is gone, and its event is on the way. */
  readonly isLost: boolean;
  /** False while the graphics card still works on the last frame. */
  isDone(): boolean;
  resize(viewport: Viewport, pixelRatio: number): void;
  render(pose: RigPose, timeS: number, renderMs: number): void;
  dispose(): void;
}

/** A change of light smaller than this in any weight is not seen. */
const SEEN_LIGHT_STEP = 0.004;

/** @throws Error when WebGL 2 is missing or a shader does not compile. */
export function createDrawing(stage: HTMLElement, input: DrawingInput, onLost: () => void): Drawing {
  const canvas = document.createElement('canvas');
  canvas.style.cssText = 'display:block;width:100%;height:100%';
  stage.append(canvas);
  const undo: (() => void)[] = [() => canvas.remove()];
  const dispose = () => {
    for (const step of undo.splice(0).reverse()) step();
  };
  try {
    return build();
  } catch (error) {
    dispose();
    throw error;
  }

  function build(): Drawing {
    const { frame, light, ground } = input;
    const scene = createScene(canvas, frame.originLonDeg, frame.originLatDeg);
    undo.push(scene.dispose);
    const lost = (event: Event) => {
      event.preventDefault();
      onLost();
    };
    canvas.addEventListener('webglcontextlost', lost);
    undo.push(() => canvas.removeEventListener('webglcontextlost', lost));
    const gl = internalsOf(scene.scene).context;
    const texture = new Texture({
      context: gl,
      width: ground.size,
      height: ground.size,
      pixelFormat: PixelFormat.RGBA,
      flipY: false,
      sampler: new Sampler({
        wrapS: TextureWrap.CLAMP_TO_EDGE,
        wrapT: TextureWrap.CLAMP_TO_EDGE,
        minificationFilter: TextureMinificationFilter.LINEAR,
        magnificationFilter: TextureMagnificationFilter.LINEAR,
      }),
      source: { width: ground.size, height: ground.size, arrayBufferView: ground.pixels },
    });
    undo.push(() => texture.destroy());

    const cone = createViewCone();
    const eye = new Cartesian3();
    const viewport: Viewport = { width: 1, height: 1 };
    let pixelRatio = 1;
    let hazeM = 9000;
    let time = 0;
    const context: LayerContext = {
      gl,
      modelMatrix: scene.modelMatrix,
      town: input.town,
      frame,
      light,
      eye,
      groundMap: { texture, rect: new Cartesian4(ground.minX, ground.minY, 1 / ground.edgeM, 1 / ground.edgeM) },
      buildings: input.buildings,
      contents: input.contents,
      uniforms: {
        u_weights: () => light.weights,
        u_sun: () => light.sun,
        u_haze: () => light.haze,
        u_zenith: () => light.zenith,
        u_hazeM: () => hazeM,
        u_time: () => time,
      },
    };
    const instances: { still: boolean; instance: LayerInstance }[] = [];
    const still = createStillPicture(gl, scene.modelMatrix);
    undo.push(still.dispose);
    for (const layer of layers) {
      const instance = layer.create(context);
      instances.push({ still: layer.still, instance });
      undo.push(() => instance.dispose());
    }
    // What the kept picture shows; null when there is none.
    let kept: { pose: RigPose; weights: Cartesian3 } | null = null;
    let lastPose: RigPose | null = null;
    const canReuse = (pose: RigPose) =>
      kept !== null && kept.pose === pose && Cartesian3.equalsEpsilon(kept.weights, light.weights, 0, SEEN_LIGHT_STEP);
    const webgl = gl._gl;
    let fence: WebGLSync | null = null;
    const shown = { pose: null as unknown as RigPose, timeS: 0, renderMs: 0, pixelRatio: 1 };
    const mapFrame: MapFrame = Object.assign(shown, { commands: scene.commands, viewport, sees: cone.sees });

    return {
      isSoftware: scene.isSoftware,
      get isLost() {
        return gl._gl.isContextLost();
      },
      isDone: () => fence === null || webgl.getSyncParameter(fence, webgl.SYNC_STATUS) !== webgl.UNSIGNALED,
      resize(next, ratio) {
        viewport.width = next.width;
        viewport.height = next.height;
        pixelRatio = ratio;
        canvas.width = Math.round(next.width * ratio);
        canvas.height = Math.round(next.height * ratio);
        internalsOf(scene.scene).pixelRatio = ratio;
        still.resize(canvas.width, canvas.height);
        kept = null;
      },
      render(pose, timeS, renderMs) {
        time = timeS;
        // Haze begins beyond what is looked at, however far away the camera is.
        hazeM = 5200 + pose.rangeM * 1.75;
        scene.setCamera(pose, viewport);
        cone.aim(pose, viewport, hazeM * 2.6);
        Cartesian3.fromElements(cone.eye[0], cone.eye[1], cone.eye[2], eye);
        shown.pose = pose;
        shown.timeS = timeS;
        shown.renderMs = renderMs;
        shown.pixelRatio = pixelRatio;
        scene.commands.length = 0;
        const reuse = scene.isSoftware && canReuse(pose);
        if (reuse) scene.commands.push(still.show);
        else for (const layer of instances) if (layer.still) layer.instance.update(mapFrame);
        // Kept only once the camera rests: while it moves, no picture is used twice.
        if (scene.isSoftware && !reuse && pose === lastPose) {
          scene.commands.push(still.keep);
          kept = { pose, weights: Cartesian3.clone(light.weights) };
        }
        lastPose = pose;
        for (const layer of instances) if (!layer.still) layer.instance.update(mapFrame);
        scene.render(light.haze);
        if (fence) webgl.deleteSync(fence);
        fence = webgl.fenceSync(webgl.SYNC_GPU_COMMANDS_COMPLETE, 0);
        webgl.flush();
      },
      dispose,
    };
  }
}
