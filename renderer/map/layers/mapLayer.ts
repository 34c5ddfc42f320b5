import type { Cartesian3, Cartesian4, GlContext, Matrix4 } from '@cesium/engine';
import type { Town } from '../../../protocol/town/town.ts';
import type { RigPose, Viewport } from '../camera/cameraRig.ts';
import type { Command, Texture, UniformMap } from '../cesiumInternals.ts';
import type { Light } from '../light/light.ts';
import type { LocalFrame } from '../localFrame.ts';
import type { MapContents } from '../mapContents.ts';
import type { BuildingPlan } from '../town/planBuildings.ts';

/** What a layer may see of one frame. The object is reused: keep nothing of it. */
export interface MapFrame {
  readonly commands: Command[];
  readonly pose: RigPose;
  readonly viewport: Viewport;
  readonly pixelRatio: number;
  /** Seconds for slow motion; stands still when motion is reduced. */
  readonly timeS: number;
  /** The moment that is drawn: server time less the render delay. */
  readonly renderMs: number;
  /** True when a sphere on the ground may be in the picture. */
  sees(x: number, y: number, radiusM: number): boolean;
}

export interface LayerContext {
  readonly gl: GlContext;
  readonly modelMatrix: Matrix4;
  readonly town: Town;
  readonly frame: LocalFrame;
  readonly light: Light;
  /** Uniforms of shaders/common.ts; every layer spreads them into its own. */
  readonly uniforms: UniformMap;
  readonly eye: Cartesian3;
  readonly groundMap: { texture: Texture; rect: Cartesian4 };
  readonly buildings: BuildingPlan;
  readonly contents: MapContents;
}

export interface LayerInstance {
  update(frame: MapFrame): void;
  dispose(): void;
}
export interface MapLayer {
  readonly id: string;
  /** True when it looks the same until the camera or the light changes. Still layers come before moving ones. */
  readonly still: boolean;
  create(context: LayerContext): LayerInstance;
}
