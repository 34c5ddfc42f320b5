import { attachCameraInput } from './camera/cameraInput.ts';
import { clampPose, panPose, planFlight, poseOfView, projectionOf, zoomPose } from './camera/cameraRig.ts';
import type { Flight, RigLimits, RigPose, ScreenPoint, Viewport } from './camera/cameraRig.ts';
import { createDrawing } from './createDrawing.ts';
import type { Drawing } from './createDrawing.ts';
import { createFrameStats } from './frameStats.ts';
import { createLabelOverlay, LABEL_PERIOD_MS } from './labels/labelOverlay.ts';
import { createLabelSource } from './labels/labelWishes.ts';
import { createLight } from './light/light.ts';
import { createLocalFrame, toPoints } from './localFrame.ts';
import { createMapContents } from './mapContents.ts';
import { createFrameGate } from './scene/frameGate.ts';
import { candidatesOf, pickNearest } from './picking/pickNearest.ts';
import { boundsOf } from './town/geometry.ts';
import { planGroundMap } from './town/groundMap.ts';
import { planBuildings } from './town/planBuildings.ts';
import type { LightMode, MapLocale, MapOptions, MapSelection, MapStatus, TownMap } from './townMap.ts';
import type { HeadPosition } from './units/trackBook.ts';

/** More device pixels than this are not seen from eight metres away and cost their square. */
const MOST_PIXEL_RATIO = 2;
/** A selected thing is looked at from here unless the camera is nearer already. */
const FLY_RANGE_M = 1150;
const NEAREST_FLY_RANGE_M = 420;
const FLY_PITCH_RAD = (-38 * Math.PI) / 180;
const FPS = 60;
const SOFTWARE_FPS = 30;
const LAYER_STYLE = 'position:absolute;inset:0;width:100%;height:100%;display:block;';
/** First wait before a lost picture is built again (the driver needs a moment), doubled up to the second. */
const FIRST_RETRY_MS = 900;
const LAST_RETRY_MS = 15_000;

/** CSS pixels to a pixel of the wall as it is designed, 1080 lines high: text and marks on the map grow with the wall, as `rem` does. */
const wallPixel = (): number => (parseFloat(getComputedStyle(document.documentElement).fontSize) || 16) / 16;

export function createMap(container: HTMLElement, options: MapOptions): TownMap {
  const { town } = options;
  const frame = createLocalFrame(town.scene.originLonDeg, town.scene.originLatDeg);
  const contents = createMapContents(frame, town, options.tracks);
  const light = createLight(town.scene.originLatDeg, town.scene.originLonDeg);
  const buildings = planBuildings(town, frame);
  const input = { town, frame, light, buildings, ground: planGroundMap(town, frame), contents };
  const limits: RigLimits = {
    ...boundsOf(toPoints(frame, town.outline.ring)),
    minRangeM: 160,
    maxRangeM: 24_000,
    minPitchRad: (-89 * Math.PI) / 180,
    maxPitchRad: (-13 * Math.PI) / 180,
  };
  const homePose = () => clampPose(poseOfView(town.scene.homeView, frame), limits);
  const stats = createFrameStats();

  // Input stays on one element while canvases come and go with their WebGL contexts.
  const stage = document.createElement('div');
  stage.style.cssText = `${LAYER_STYLE}outline:none;touch-action:none`;
  stage.tabIndex = 0;
  const overlay = document.createElement('canvas');
  overlay.style.cssText = `${LAYER_STYLE}pointer-events:none`;
  container.append(stage, overlay);
  const labels = createLabelOverlay(overlay, createLabelSource(town, frame, contents));

  let unitPx = wallPixel();
  /** In pixels of the design, as everything that is measured on the screen below. */
  const viewport: Viewport = { width: 1, height: 1 };
  let pose = homePose();
  let flight: { plan: Flight; startMs: number | null } | null = null;
  let lightMode: LightMode = 'auto';
  let lightIsSet = false;
  let locale: MapLocale = 'zh';
  let reducedMotion = options.reducedMotion;
  let status: MapStatus = { kind: 'loading' };
  let drawing: Drawing | null = null;
  let gate = createFrameGate({ isSoftware: true, maxFps: SOFTWARE_FPS });
  let request = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let retryMs = FIRST_RETRY_MS;
  let lastFrameMs = -Infinity;
  let timeS = 0;
  let labelsDueMs = 0;
  let labelPose: RigPose | null = null;
  let labelCount = 0;
  let disposed = false;

  function say(next: MapStatus): void {
    status = next;
    options.onStatus(next);
  }
  const renderMs = () => options.nowMs() - contents.renderDelayMs;

  function start(): void {
    try {
      drawing = createDrawing(stage, input, onLost);
    } catch (error) {
      say({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
      tryAgain();
      return;
    }
    const { isSoftware } = drawing;
    gate = createFrameGate({ isSoftware, maxFps: options.maxFps ?? (isSoftware ? SOFTWARE_FPS : FPS) });
    resize();
    say({ kind: 'ready' });
    request = requestAnimationFrame(tick);
  }
  function tryAgain(): void {
    clearTimeout(retry);
    retry = setTimeout(() => {
      if (!disposed) start();
    }, retryMs);
    retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
  }
  function putAway(): void {
    cancelAnimationFrame(request);
    drawing?.dispose();
    drawing = null;
    labels.clear();
  }
  function onLost(): void {
    putAway();
    if (disposed) return;
    say({ kind: 'restoring' });
    tryAgain();
  }
  /** A frame that throws would throw sixty times a second: the drawing is put away, the reason shown, and another one tried with patience. */
  function onBroken(error: unknown): void {
    // A context that was lost in the middle of a frame makes everything throw; its event follows.
    if (drawing?.isLost === true) return;
    reportError(error);
    putAway();
    say({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
    tryAgain();
  }

  function resize(): void {
    const width = container.clientWidth;
    const height = container.clientHeight;
    if (width === 0 || height === 0) return;
    unitPx = wallPixel();
    viewport.width = width / unitPx;
    viewport.height = height / unitPx;
    const pixelRatio = Math.min(MOST_PIXEL_RATIO, window.devicePixelRatio || 1) * unitPx;
    drawing?.resize(viewport, pixelRatio);
    labels.resize(viewport.width, viewport.height, pixelRatio);
    labelPose = null;
  }

  function tick(atMs: number): void {
    request = requestAnimationFrame(tick);
    // Between a loss and the browser's word of it nothing can be drawn, and every shader would seem broken.
    if (!drawing || drawing.isLost || document.hidden || viewport.width < 2 || !gate.mayDraw(atMs, drawing.isDone())) return;
    const dtMs = Math.min(250, atMs - lastFrameMs);
    lastFrameMs = atMs;
    const started = performance.now();
    try {
      draw(drawing, atMs, dtMs);
    } catch (error) {
      onBroken(error);
      return;
    }
    retryMs = FIRST_RETRY_MS;
    stats.add(performance.now() - started);
    gate.drawn(atMs);
  }

  function draw(on: Drawing, atMs: number, dtMs: number): void {
    if (!reducedMotion) timeS = (timeS + dtMs / 1000) % 3600;
    if (flight) {
      flight.startMs ??= atMs;
      pose = flight.plan.poseAt(atMs - flight.startMs);
      if (atMs - flight.startMs >= flight.plan.durationMs) flight = null;
    }
    light.advance(lightMode, options.nowMs(), lightIsSet && !reducedMotion ? dtMs : 0);
    lightIsSet = true;
    contents.book.pace = options.clockRate?.() ?? 1;
    const now = renderMs();
    on.render(pose, timeS, now);
    if (pose === labelPose && atMs < labelsDueMs) return;
    labelPose = pose;
    labelsDueMs = atMs + LABEL_PERIOD_MS;
    const day = light.weights.x + light.weights.y * 0.5;
    labelCount = labels.draw({ project: projectionOf(pose, viewport), rangeM: pose.rangeM, renderMs: now, locale, day });
  }

  function flyPose(to: RigPose): void {
    const plan = planFlight(pose, clampPose(to, limits), reducedMotion);
    flight = plan.durationMs === 0 ? null : { plan, startMs: null };
    if (!flight) pose = plan.poseAt(0);
  }
  const takeOver = (next: RigPose) => {
    flight = null;
    pose = clampPose(next, limits);
  };
  const pickAt = (x: number, y: number): MapSelection | null => {
    const hit = pickNearest(candidatesOf(contents, projectionOf(pose, viewport), renderMs()), x, y);
    return hit && { kind: hit.kind, id: hit.id };
  };

  const detachInput = attachCameraInput(stage, {
    pose: () => pose,
    viewport: () => viewport,
    unitPx: () => unitPx,
    move: takeOver,
    zoom: (factor, px, py) => takeOver(zoomPose(pose, viewport, factor, px, py, limits)),
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
    setTracks: contents.setTracks,
    setTrackHead: contents.setTrackHead,
    setReach: contents.setReach,
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
    flyTo({ lonDeg, latDeg, rangeM, coveredPx = 0 }) {
      const range = rangeM ?? Math.max(NEAREST_FLY_RANGE_M, Math.min(pose.rangeM, FLY_RANGE_M));
      const to = { ...pose, x: frame.x(lonDeg), y: frame.y(latDeg), rangeM: range, pitchRad: Math.max(pose.pitchRad, FLY_PITCH_RAD) };
      const [x, y] = [viewport.width / 2, viewport.height / 2];
      flyPose(panPose(to, viewport, x, y, x - coveredPx / unitPx / 2, y));
    },
    lookAt: (view) => takeOver(poseOfView(view, frame)),
    home: () => flyPose(homePose()),
    screenOf(unitId) {
      const head: HeadPosition = { x: 0, y: 0, z: 0, headingRad: 0, ageS: 0 };
      const at: ScreenPoint = { x: 0, y: 0, depthM: 0 };
      if (!contents.book.positionAt(unitId, renderMs(), head)) return null;
      return projectionOf(pose, viewport)(head.x, head.y, head.z, at) ? { x: at.x * unitPx, y: at.y * unitPx } : null;
    },
    pickAt: (x, y) => pickAt(x / unitPx, y / unitPx),
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
      tracks: contents.tracks.pieces.length,
      reach: contents.reach.length,
      lookingAt: [frame.lonDeg(pose.x), frame.latDeg(pose.y)],
      rangeM: pose.rangeM,
    }),
    dispose() {
      disposed = true;
      cancelAnimationFrame(request);
      clearTimeout(retry);
      observer.disconnect();
      detachInput();
      drawing?.dispose();
      drawing = null;
      contents.dispose();
      stage.remove();
      overlay.remove();
    },
  };
}
