import type { Camera, Unit } from '../../../../protocol/messages/index.ts';
import type { Town } from '../../../../protocol/town/town.ts';
import type { MediaContext } from '../../mediaContext.ts';
import { MediaFault } from '../../mediaFault.ts';
import type { VideoSize } from '../player.ts';
import { daylightAt } from './daylight.ts';
import { hashText } from '../../hash.ts';
import { createOverlayPainter, overlayTextOf } from './overlayText.ts';
import { createScenery } from './scenery.ts';
import type { Mount, StudioMessage, StudioReport } from './studioMessage.ts';

/** Whose eyes: a camera of the feed, or the officer's own when a call needs a picture. One of the two is given. */
export interface SyntheticSubject {
  camera: Camera | null;
  unit: Unit | null;
  size: VideoSize;
}
export interface SyntheticStream {
  stream: MediaStream;
  /** Settles when the studio stopped by itself (fault) or the signal was aborted (null). */
  ended: Promise<MediaFault | null>;
  setVisible(visible: boolean): void;
}

/** How a studio is reached and what makes its tracks. The browser's own is in openStudioPort.ts; tests bring another. */
export interface StudioPort {
  /** A new track and, when frames are written elsewhere, the end to write them to. */
  createTrack(id: string, width: number, height: number): { track: MediaStreamTrack; writable: WritableStream<VideoFrame> | null };
  post(message: StudioMessage, transfer: Transferable[]): void;
  onReport(listener: (report: StudioReport) => void): void;
  /** The studio as a whole is gone: nothing that is posted from now on is heard. */
  onBroken(listener: (message: string) => void): void;
}

/** 10 pictures a second on a tile, 12 when it is large: a body camera over a mobile network gives little more. */
const formats = {
  tile: { width: 320, height: 180, periodMs: 1000 / 10 },
  large: { width: 640, height: 360, periodMs: 1000 / 12 },
} as const;
/** Poses come once a second; the overlay shows seconds: each camera is looked at this often. */
const LOOK_MS = 250;
/** At most one camera a tick, so that six overlays never fall into one frame. */
const TICK_MS = 25;
const LOOK_TICKS = LOOK_MS / TICK_MS;

interface Open {
  id: string;
  subject: SyntheticSubject;
  context: MediaContext;
  paintOverlay: ReturnType<typeof createOverlayPainter>;
  shownText: string;
  /** What the last look saw; the same again needs no second look. */
  seen: string;
  lookedTick: number;
  sentAt: string;
  sentAtMs: number;
  visible: boolean;
  end(fault: MediaFault | null): void;
}

export interface CameraRoom {
  open(subject: SyntheticSubject, context: MediaContext, signal: AbortSignal): SyntheticStream;
  /** Cameras that are open now. */
  readonly size: number;
}

/** All simulated cameras of the page: one timer looks at the poses, one studio paints. */
export function createCameraRoom(openPort: () => StudioPort, createPainter = createOverlayPainter): CameraRoom {
  const cameras = new Map<string, Open>();
  let port: StudioPort | null = null;
  let timer: ReturnType<typeof setInterval> | undefined;
  let serial = 0;
  let scenery: { town: Town; at: ReturnType<typeof createScenery>['at'] } | null = null;

  const sceneryOf = (town: Town) => {
    if (scenery?.town !== town) scenery = { town, at: createScenery(town).at };
    return scenery;
  };
  const look = (camera: Open, force: boolean) => {
    const { context, subject } = camera;
    const town = context.town();
    const carrier = subject.camera?.unitId ?? subject.unit?.id ?? null;
    // An officer in a vehicle reports no position of his own while the vehicle does.
    const pose =
      (carrier === null ? null : context.poseOf(carrier)) ?? (subject.unit?.vehicleId ? context.poseOf(subject.unit.vehicleId) : null);
    const lonDeg = pose?.lonDeg ?? subject.camera?.lonDeg;
    const latDeg = pose?.latDeg ?? subject.camera?.latDeg;
    if (!town || lonDeg === undefined || lonDeg === null || latDeg === undefined || latDeg === null || !port) return;
    const headingDeg = pose?.headingDeg ?? subject.camera?.headingDeg ?? 0;
    const nowMs = context.nowMs();
    const at = `${lonDeg}/${latDeg}/${headingDeg}/${pose?.observedAtMs ?? 0}`;
    const seen = `${at}/${Math.floor(nowMs / 1000)}/${context.locale()}`;
    if (seen === camera.seen && !force) return;
    camera.seen = seen;
    const name = carrier ? context.unitName(carrier) : (subject.camera?.name[context.locale()] ?? '');
    const surroundings = sceneryOf(town).at({ lonDeg, latDeg, headingDeg });
    const roadName = town.roads.find((r) => r.id === surroundings.pathId)?.name[context.locale()] ?? null;
    const text = overlayTextOf(context, carrier ?? subject.camera?.id ?? '', name, lonDeg, latDeg, roadName);
    const key = `${text.when}|${text.where}|${text.who}|${text.mark}`;
    if (key !== camera.shownText || force) {
      camera.shownText = key;
      const overlay = camera.paintOverlay(text);
      port.post(
        { kind: 'overlay', id: camera.id, overlay },
        overlay.map((o) => o.pixels),
      );
    }
    if (at === camera.sentAt && Math.abs(nowMs - camera.sentAtMs) < 20_000 && !force) return;
    camera.sentAt = at;
    camera.sentAtMs = nowMs;
    const hour = new Date(nowMs + context.utcOffsetMin() * 60_000).getUTCHours();
    port.post(
      {
        kind: 'sight',
        id: camera.id,
        sight: {
          surroundings,
          altM: pose?.altM ?? 0,
          headingDeg,
          speedMps: pose?.speedMps ?? 0,
          observedAtMs: pose?.observedAtMs ?? 0,
          nowMs,
          daylight: daylightAt(nowMs, lonDeg, latDeg),
          busy: hour >= 7 && hour < 21 ? 1 : hour >= 21 || hour === 6 ? 0.5 : 0.15,
        },
      },
      [],
    );
  };
  let tick = 0;
  const lookAtNext = () => {
    tick += 1;
    let next: Open | null = null;
    for (const camera of cameras.values()) if (camera.visible && (next === null || camera.lookedTick < next.lookedTick)) next = camera;
    if (next === null || tick - next.lookedTick < LOOK_TICKS) return;
    next.lookedTick = tick;
    look(next, false);
  };
  const onVisibility = () => port?.post({ kind: 'paused', paused: document.hidden }, []);
  const openOnce = () => {
    if (!port) {
      const opened = (port = openPort());
      opened.onReport(({ id, message }) => cameras.get(id)?.end(new MediaFault('streamEnded', message)));
      opened.onBroken((message) => {
        if (port !== opened) return;
        // The next camera opens another one; whoever watched tries again by itself.
        port = null;
        for (const camera of [...cameras.values()]) camera.end(new MediaFault('streamEnded', message));
      });
    }
    if (cameras.size === 0) {
      timer = setInterval(lookAtNext, TICK_MS);
      document.addEventListener('visibilitychange', onVisibility);
      onVisibility();
    }
    return port;
  };

  return {
    get size() {
      return cameras.size;
    },
    open(subject, context, signal) {
      const who = subject.camera?.id ?? subject.unit?.id ?? 'nobody';
      const id = `${who}#${++serial}`;
      const { width, height, periodMs } = formats[subject.size];
      const studio = openOnce();
      const { track, writable } = studio.createTrack(id, width, height);
      const { promise: ended, resolve } = Promise.withResolvers<MediaFault | null>();
      const camera: Open = {
        id,
        subject,
        context,
        paintOverlay: createPainter(width),
        shownText: '',
        seen: '',
        lookedTick: tick,
        sentAt: '',
        sentAtMs: 0,
        visible: true,
        end(fault) {
          if (!cameras.delete(id)) return;
          track.stop();
          studio.post({ kind: 'close', id }, []);
          signal.removeEventListener('abort', onAbort);
          if (cameras.size === 0) {
            clearInterval(timer);
            document.removeEventListener('visibilitychange', onVisibility);
          }
          resolve(fault);
        },
      };
      const onAbort = () => camera.end(null);
      cameras.set(id, camera);
      studio.post(
        { kind: 'open', id, width, height, periodMs, seed: hashText(who), mount: mountOf(subject), writable },
        writable ? [writable] : [],
      );
      if (signal.aborted) camera.end(null);
      else {
        signal.addEventListener('abort', onAbort, { once: true });
        look(camera, true);
      }
      return {
        stream: new MediaStream([track]),
        ended,
        setVisible(visible) {
          if (camera.visible === visible || !cameras.has(id)) return;
          camera.visible = visible;
          studio.post({ kind: 'visible', id, visible }, []);
          if (visible) look(camera, true);
        },
      };
    },
  };
}

function mountOf({ camera, unit }: SyntheticSubject): Mount {
  if (camera?.kind === 'hawkeye' || camera?.kind === 'drone' || unit?.kind === 'drone') return 'aerial';
  if (camera?.kind === 'street') return 'pole';
  if (camera?.kind === 'vehicle' || unit?.kind === 'vehicle' || unit?.vehicleId) return 'vehicle';
  return 'body';
}
