import { createFollowPath, type FollowPath } from './followPath.ts';
import { createFrameScheduler, type FrameScheduler } from './frameScheduler.ts';
import { hashText, mixBits } from '../../hash.ts';
import { lightOfHour, type LightOfHour } from './lightOfHour.ts';
import { paintAerial } from './paintAerial.ts';
import { paintStreet } from './paintStreet.ts';
import { createRaster, overlayPicture, type Raster } from './raster.ts';
import type { StreetView } from './streetView.ts';
import type { Mount, Overlay, Sight, StudioMessage, StudioReport } from './studioMessage.ts';

/** Takes finished pictures. `ready` false: the last one has not been taken yet, this turn is skipped. */
export interface FrameSink {
  readonly ready: boolean;
  write(raster: Raster, atMs: number): void;
  close(): void;
}

interface Room {
  mount: Mount;
  seed: number;
  raster: Raster;
  follow: FollowPath;
  sight: Sight | null;
  light: LightOfHour;
  lightKey: string;
  overlay: Overlay[];
  sink: FrameSink;
  frame: number;
  shownWaiting: boolean;
}

export interface Studio {
  receive(message: StudioMessage): void;
  dispose(): void;
}

/** Where all simulated cameras are painted, in a worker or, where the browser cannot do that, in the page. */
export function createStudio(
  openSink: (id: string, width: number, height: number, writable: WritableStream<VideoFrame> | null) => FrameSink,
  report: (report: StudioReport) => void,
  scheduler: FrameScheduler = createFrameScheduler(),
): Studio {
  const rooms = new Map<string, Room>();
  /** Server time at steady time 0, so that what moves by itself does not jump with each correction of the clock. */
  let serverMinusSteadyMs: number | null = null;

  const close = (id: string) => {
    scheduler.remove(id);
    rooms.get(id)?.sink.close();
    rooms.delete(id);
  };
  const paint = (id: string, nowMs: number) => {
    const room = rooms.get(id);
    if (!room || !room.sink.ready || !room.sight) return;
    try {
      room.follow.step(nowMs / 1000);
      const timeS = (nowMs + (serverMinusSteadyMs ?? 0)) / 1000;
      room.frame++;
      if (room.mount === 'aerial') paintAerial(room.raster, room.sight, room.follow, room.light, room.seed, timeS, room.frame);
      else paintStreet(room.raster, viewOf(room, room.sight, timeS), room.frame);
      for (const o of room.overlay) overlayPicture(room.raster, new Uint32Array(o.pixels), o.width, o.left, o.top);
      room.sink.write(room.raster, nowMs);
    } catch (thrown) {
      close(id);
      report({ kind: 'ended', id, message: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  };
  return {
    receive(message) {
      switch (message.kind) {
        case 'open': {
          const light = lightOfHour({ day: 1, dusk: 0 });
          rooms.set(message.id, {
            mount: message.mount,
            seed: message.seed,
            raster: createRaster(message.width, message.height, light.table),
            follow: createFollowPath(),
            sight: null,
            light,
            lightKey: '',
            overlay: [],
            sink: openSink(message.id, message.width, message.height, message.writable),
            frame: message.seed % 997,
            shownWaiting: false,
          });
          return scheduler.add(message.id, message.periodMs, (nowMs) => paint(message.id, nowMs));
        }
        case 'sight': {
          const room = rooms.get(message.id);
          if (!room) return;
          const steadyMs = performance.now();
          serverMinusSteadyMs ??= (message.sight.nowMs - steadyMs) % 86_400_000;
          room.sight = message.sight;
          room.follow.take(message.sight, steadyMs / 1000);
          const { day, dusk } = message.sight.daylight;
          const key = `${day.toFixed(2)}/${dusk.toFixed(2)}`;
          if (key !== room.lightKey) {
            room.lightKey = key;
            room.light = lightOfHour(message.sight.daylight);
          }
          return;
        }
        case 'overlay': {
          const room = rooms.get(message.id);
          if (room) room.overlay = message.overlay;
          return;
        }
        case 'visible':
          return scheduler.setVisible(message.id, message.visible);
        case 'paused':
          return scheduler.setPaused(message.paused);
        case 'close':
          return close(message.id);
      }
    },
    dispose() {
      for (const id of [...rooms.keys()]) close(id);
      scheduler.dispose();
    },
  };
}

/** Steps a second of a person who walks at 1.3 m/s, by the length of a step. */
const STEP_M = 0.7;

function viewOf(room: Room, sight: Sight, timeS: number): StreetView {
  const { surroundings, daylight, busy } = sight;
  const { profile } = surroundings;
  const own = (n: number) => mixBits(room.seed + n) / 2 ** 32;
  const inVehicle = room.mount === 'vehicle';
  const walking = room.mount === 'body' && room.follow.speedMps > 0.3;
  const steps = (room.follow.walkedM / STEP_M) * Math.PI;
  const strength = walking ? Math.min(1, room.follow.speedMps / 1.2) : 0;
  const breath = Math.sin(timeS * 1.5 + own(1) * 6);
  let yaw = room.follow.yawRad;
  let tilt = 0.006 * breath;
  let xM = 0;
  let heightM = 1.34 + 0.1 * own(2);
  if (room.mount === 'body') {
    const wander = walking ? 0.05 : 0.3;
    yaw +=
      wander * Math.sin(timeS * 0.23 + own(3) * 6) +
      0.5 * wander * Math.sin(timeS * 0.61 + own(4) * 6) +
      0.022 * strength * Math.sin(steps);
    tilt += strength * (0.011 * Math.abs(Math.sin(steps)) + 0.006 * Math.sin(steps * 0.5)) + 0.03 * (own(5) - 0.4);
    heightM += strength * 0.03 * Math.abs(Math.sin(steps));
    const room_ = Math.max(0, profile.halfWidthM - 0.8);
    xM = profile.surface === 'asphalt' ? room_ : (own(6) * 1.2 - 0.6) * Math.min(1, room_) + 0.1 * Math.sin(steps * 0.5) * strength;
  } else if (inVehicle) {
    heightM = 1.4;
    const shake = Math.min(1, room.follow.speedMps / 12);
    tilt = 0.02 + shake * (0.0035 * Math.sin(timeS * 9.7 + own(1)) + 0.0025 * Math.sin(timeS * 15.1));
    xM = profile.lanes >= 4 ? profile.halfWidthM * 0.34 : profile.lanes > 0 ? profile.halfWidthM * 0.46 : 0.3;
    if (room.follow.speedMps < 0.5 && profile.lanes > 0) xM = profile.halfWidthM - 1.3;
  } else {
    heightM = 4.6;
    tilt = -0.16;
    xM = -profile.halfWidthM + 0.6;
    yaw = 0.22 + 0.04 * Math.sin(timeS * 0.07 + own(1) * 6);
  }
  return {
    pathSeed: hashText(surroundings.pathId),
    alongM: room.follow.alongM,
    way: surroundings.forward ? 1 : -1,
    xM,
    heightM,
    yawRad: yaw,
    tilt,
    // 78° to 90° across: body cameras are wide; a dash camera is a little narrower.
    focal: inVehicle ? 0.64 : 0.5 + 0.1 * own(7),
    profile,
    sections: surroundings.sections,
    busy,
    timeS,
    speedMps: room.follow.speedMps,
    inVehicle,
    light: { ...room.light, daylight },
  };
}
