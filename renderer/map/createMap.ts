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
import { attachCameraInput } from './camera/cameraInput.ts';
import { clampPose, planFlight, poseOfView, projectionOf, zoomPose } from './camera/cameraRig.ts';
import type { Flight, RigLimits, RigPose, ScreenPoint, Viewport } from './camera/cameraRig.ts';
import { createViewCone } from './camera/viewCone.ts';
import type { UniformMap } from './cesiumInternals.ts';
import { internalsOf } from './cesiumInternals.ts';
import { createFrameStats } from './frameStats.ts';
import { createLabelOverlay, LABEL_PERIOD_MS } from './labels/labelOverlay.ts';
import { createLabelSource } from './labels/labelWishes.ts';
import { PIN_PX } from './layers/incidents.ts';
import { layers } from './layers/index.ts';
import type { LayerInstance, MapFrame } from './layers/mapLayer.ts';
import { createLight } from './light/light.ts';
import { createLocalFrame, toPoints } from './localFrame.ts';
import { createMapContents } from './mapContents.ts';
import type { PickCandidate } from './picking/pickNearest.ts';
import { pickNearest } from './picking/pickNearest.ts';
import { createScene } from './scene/createScene.ts';
import type { TownScene } from './scene/createScene.ts';
import { boundsOf } from './town/geometry.ts';
import { planGroundMap } from './town/groundMap.ts';
import { planBuildings } from './town/planBuildings.ts';
import type { LightMode, MapLocale, MapOptions, MapSelection, MapStatus, TownMap } from './townMap.ts';
import type { HeadPosition } from './units/trackBook.ts';

/** More device pixels than this are not seen from eight metres away and cost their square. */
const MOST_PIXEL_RATIO = 2;
/** A selected thing is looked at from here unless the camera is nearer already. */
const FLY_RANGE_M = 1150;
const FLY_PITCH_RAD = (-38 * Math.PI) / 180;

interface Drawing {
  scene: TownScene;
  instances: LayerInstance[];
  dispose(): void;
}

export function createMap(container: HTMLElement, options: MapOptions): TownMap {
  const { town } = options;
  const frame = createLocalFrame(town.scene.originLonDeg, town.scene.originLatDeg);
  const contents = createMapContents(frame, town.agencies, options.tracks);
  const light = createLight(town.scene.originLatDeg, town.scene.originLonDeg);
  const buildings = planBuildings(town, frame);
  const ground = planGroundMap(town, frame);
  const outline = boundsOf(toPoints(frame, town.outline.ring));
  const limits: RigLimits = {
    ...outline,
    minRangeM: 160,
    maxRangeM: 24_000,
    minPitchRad: (-89 * Math.PI) / 180,
    maxPitchRad: (-13 * Math.PI) / 180,
  };
  const homePose = () => clampPose(poseOfView(town.scene.homeView, frame), limits);
  const stats = createFrameStats();

  const canvas = document.createElement('canvas');
  const overlay = document.createElement('canvas');
  for (const c of [canvas, overlay]) c.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;display:block';
  overlay.style.pointerEvents = 'none';
  canvas.tabIndex = 0;
  canvas.style.outline = 'none';
  canvas.style.touchAction = 'none';
  canvas.dataset.testid = 'map-canvas';
  container.append(canvas, overlay);
  const labels = createLabelOverlay(overlay, createLabelSource(town, frame, contents));

  const viewport: Viewport = { width: 1, height: 1 };
  let pixelRatio = 1;
  let pose = homePose();
  let flight: { plan: Flight; fromMs: number } | null = null;
  let lightMode: LightMode = 'auto';
  let locale: MapLocale = 'zh';
  let reducedMotion = options.reducedMotion;
  let status: MapStatus = { kind: 'loading' };
  let drawing: Drawing | null = null;
  let request = 0;
  let lastFrameMs = -Infinity;
  let lastLightMs = 0;
  let timeS = 0;
  let labelsDueMs = 0;
  let labelPose: RigPose | null = null;
  let labelCount = 0;
  let disposed = false;
  const eye = new Cartesian3();
  const cone = createViewCone();
  const hazeM = { value: 9000 };
  const uniforms: UniformMap = {
    u_weights: () => light.weights,
    u_sun: () => light.sun,
    u_haze: () => light.haze,
    u_zenith: () => light.zenith,
    u_hazeM: () => hazeM.value,
    u_time: () => timeS,
  };

  function say(next: MapStatus): void {
    status = next;
    options.onStatus(next);
  }
  const renderMs = () => options.nowMs() - contents.renderDelayMs;

  function build(): Drawing {
    const scene = createScene(canvas, frame.originLonDeg, frame.originLatDeg);
    const gl = internalsOf(scene.scene).context;
    const texture = new Texture({
      context: gl,
      width: Math.sqrt(ground.pixels.length / 4),
      height: Math.sqrt(ground.pixels.length / 4),
      pixelFormat: PixelFormat.RGBA,
      flipY: false,
      sampler: new Sampler({
        wrapS: TextureWrap.CLAMP_TO_EDGE,
        wrapT: TextureWrap.CLAMP_TO_EDGE,
        minificationFilter: TextureMinificationFilter.LINEAR,
        magnificationFilter: TextureMagnificationFilter.LINEAR,
      }),
      source: { width: Math.sqrt(ground.pixels.length / 4), height: Math.sqrt(ground.pixels.length / 4), arrayBufferView: ground.pixels },
    });
    const groundMap = { texture, rect: new Cartesian4(ground.minX, ground.minY, 1 / ground.edgeM, 1 / ground.edgeM) };
    const context = { gl, modelMatrix: scene.modelMatrix, town, frame, light, uniforms, eye, groundMap, buildings, contents };
    const instances = layers.map((layer) => layer.create(context));
    return {
      scene,
      instances,
      dispose() {
        for (const instance of instances) instance.dispose();
        texture.destroy();
        scene.dispose();
      },
    };
  }

  function start(): void {
    try {
      drawing = build();
    } catch (error) {
      drawing = null;
      say({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
      return;
    }
    say({ kind: 'ready' });
    resize();
    request = requestAnimationFrame(tick);
  }

  function resize(): void {
    const width = container.clientWidth;
    const height = container.clientHeight;
    if (width === 0 || height === 0) return;
    viewport.width = width;
    viewport.height = height;
    pixelRatio = Math.min(MOST_PIXEL_RATIO, window.devicePixelRatio || 1);
    canvas.width = Math.round(width * pixelRatio);
    canvas.height = Math.round(height * pixelRatio);
    if (drawing) internalsOf(drawing.scene.scene).pixelRatio = pixelRatio;
    labels.resize(width, height, pixelRatio);
    labelPose = null;
  }

  function tick(atMs: number): void {
    request = requestAnimationFrame(tick);
    const fps = options.maxFps ?? (drawing?.scene.isSoftware === true ? 30 : 60);
    // A millisecond of grace, or a display of exactly that rate would miss every second frame.
    if (atMs - lastFrameMs < 1000 / fps - 1 || document.hidden || viewport.width < 2) return;
    const dtMs = Math.min(250, atMs - lastFrameMs);
    lastFrameMs = atMs;
    const started = performance.now();
    draw(atMs, dtMs);
    stats.add(performance.now() - started);
  }

  function draw(atMs: number, dtMs: number): void {
    if (!drawing) return;
    if (!reducedMotion) timeS = (timeS + dtMs / 1000) % 3600;
    if (flight) {
      flight.fromMs = flight.fromMs === 0 ? atMs : flight.fromMs;
      pose = flight.plan.poseAt(atMs - flight.fromMs);
      if (atMs - flight.fromMs >= flight.plan.durationMs) flight = null;
    }
    if (lastLightMs === 0 || reducedMotion) light.advance(lightMode, options.nowMs(), 0);
    else light.advance(lightMode, options.nowMs(), dtMs);
    lastLightMs = atMs;
    const { scene, instances } = drawing;
    scene.setCamera(pose, viewport);
    hazeM.value = 5200 + pose.rangeM * 1.75;
    cone.aim(pose, viewport, hazeM.value * 2.6);
    Cartesian3.fromElements(cone.eye[0], cone.eye[1], cone.eye[2], eye);
    const now = renderMs();
    scene.commands.length = 0;
    const mapFrame: MapFrame = { commands: scene.commands, pose, viewport, pixelRatio, timeS, renderMs: now, sees: cone.sees };
    for (const instance of instances) instance.update(mapFrame);
    scene.render(light.haze);
    if (pose !== labelPose || atMs >= labelsDueMs) {
      labelPose = pose;
      labelsDueMs = atMs + LABEL_PERIOD_MS;
      labelCount = labels.draw({
        project: projectionOf(pose, viewport),
        rangeM: pose.rangeM,
        renderMs: now,
        locale,
        day: light.weights.x + light.weights.y * 0.5,
      });
    }
  }

  function flyPose(to: RigPose): void {
    const plan = planFlight(pose, clampPose(to, limits), reducedMotion);
    if (plan.durationMs === 0) pose = plan.poseAt(0);
    else flight = { plan, fromMs: 0 };
  }

  function* candidates(): Generator<PickCandidate> {
    const project = projectionOf(pose, viewport);
    const at: ScreenPoint = { x: 0, y: 0, depthM: 0 };
    const head: HeadPosition = { x: 0, y: 0, z: 0, headingRad: 0, ageS: 0 };
    for (const { incident, x, y } of contents.incidents) {
      if (!project(x, y, 0, at)) continue;
      yield { kind: 'incident', id: incident.id, x: at.x, y: at.y - PIN_PX, weight: 6 };
      yield { kind: 'incident', id: incident.id, x: at.x, y: at.y, weight: 0 };
    }
    const now = renderMs();
    for (const [id, unit] of contents.units)
      if (unit.vehicleId === null && contents.book.positionAt(id, now, head) && project(head.x, head.y, head.z, at))
        yield { kind: 'unit', id, x: at.x, y: at.y, weight: 3 };
  }
  const pickAt = (x: number, y: number): MapSelection | null => {
    const hit = pickNearest(candidates(), x, y);
    return hit ? { kind: hit.kind, id: hit.id } : null;
  };

  const onLost = (event: Event) => {
    // Without this the browser never gives the context back.
    event.preventDefault();
    cancelAnimationFrame(request);
    labels.clear();
    say({ kind: 'restoring' });
  };
  const onRestored = () => {
    if (disposed) return;
    drawing?.dispose();
    start();
  };
  canvas.addEventListener('webglcontextlost', onLost);
  canvas.addEventListener('webglcontextrestored', onRestored);
  const detachInput = attachCameraInput(canvas, {
    pose: () => pose,
    viewport: () => viewport,
    move(next) {
      flight = null;
      pose = clampPose(next, limits);
    },
    zoom(factor, px, py) {
      flight = null;
      pose = clampPose(zoomPose(pose, viewport, factor, px, py, limits), limits);
    },
    click: (x, y) => options.onPick(pickAt(x, y)),
    home: () => flyPose(homePose()),
  });
  const observer = new ResizeObserver(resize);
  observer.observe(container);
  say(status);
  start();

  return {
    setUnits: contents.setUnits,
    setIncidents: contents.setIncidents,
    setSelection: contents.setSelection,
    setRoutes: contents.setRoutes,
    setTrack: (line, colour = '#cfd8d6') => contents.setTrack(line, colour),
    setLight(mode) {
      lightMode = mode;
    },
    setLocale(next) {
      locale = next;
      labelPose = null;
    },
    setReducedMotion(reduced) {
      reducedMotion = reduced;
    },
    flyTo({ lonDeg, latDeg, rangeM }) {
      const nearer = Math.min(pose.rangeM, FLY_RANGE_M);
      flyPose({
        ...pose,
        x: frame.x(lonDeg),
        y: frame.y(latDeg),
        rangeM: rangeM ?? Math.max(420, nearer),
        pitchRad: Math.max(pose.pitchRad, FLY_PITCH_RAD),
      });
    },
    lookAt(view) {
      flight = null;
      pose = clampPose(poseOfView(view, frame), limits);
    },
    home: () => flyPose(homePose()),
    screenOf(unitId) {
      const head: HeadPosition = { x: 0, y: 0, z: 0, headingRad: 0, ageS: 0 };
      const at: ScreenPoint = { x: 0, y: 0, depthM: 0 };
      if (!contents.book.positionAt(unitId, renderMs(), head)) return null;
      return projectionOf(pose, viewport)(head.x, head.y, head.z, at) ? { x: at.x, y: at.y } : null;
    },
    pickAt,
    stats: () => ({
      status: status.kind,
      heads: contents.book.heads,
      trails: contents.book.trail.count,
      labels: labelCount,
      buildings: buildings.buildings.length,
      incidents: contents.incidents.length,
      outOfOrder: contents.book.outOfOrder,
      frames: stats.frames,
      jsMsP50: stats.quantile(0.5),
      jsMsP95: stats.quantile(0.95),
      day: light.weights.x,
    }),
    dispose() {
      disposed = true;
      cancelAnimationFrame(request);
      observer.disconnect();
      detachInput();
      canvas.removeEventListener('webglcontextlost', onLost);
      canvas.removeEventListener('webglcontextrestored', onRestored);
      drawing?.dispose();
      drawing = null;
      contents.dispose();
      canvas.remove();
      overlay.remove();
    },
  };
}
