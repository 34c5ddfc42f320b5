import { MediaFault } from '../../mediaFault.ts';
import type { StudioPort } from './createCameraRoom.ts';
import { createStudio, type FrameSink } from './createStudio.ts';
import type { StudioMessage, StudioReport } from './studioMessage.ts';

/** Chromium's way to make a track from frames (mediacapture-transform, first form): the writable may be given to a worker. */
interface TrackGenerator extends MediaStreamTrack {
  readonly writable: WritableStream<VideoFrame>;
}
type TrackGeneratorClass = new (init: { kind: 'video' }) => TrackGenerator;

/**
 * The browser's studio. Where the page can make a track from frames, painting happens in one worker and costs the page nothing but the
 * poses. Measured with six tiles on two busy cores without a GPU: script on the page's thread 1 % of the time with the worker, over 20 %
 * when painting in the page. Elsewhere it is painted in the
 * page into canvases, and `captureStream` makes the tracks.
 */
export function openStudioPort(): StudioPort {
  const Generator = (globalThis as { MediaStreamTrackGenerator?: TrackGeneratorClass }).MediaStreamTrackGenerator;
  if (Generator && typeof Worker !== 'undefined') return openWorkerPort(Generator);
  if (typeof HTMLCanvasElement.prototype.captureStream === 'function') return openPagePort();
  throw new MediaFault('unsupported', 'this browser has neither MediaStreamTrackGenerator nor canvas.captureStream');
}

function openWorkerPort(Generator: TrackGeneratorClass): StudioPort {
  const worker = new Worker(new URL('./studioWorker.ts', import.meta.url), { type: 'module', name: 'cameras' });
  return {
    createTrack() {
      const track = new Generator({ kind: 'video' });
      return { track, writable: track.writable };
    },
    post: (message, transfer) => worker.postMessage(message, transfer),
    onReport: (listener) => worker.addEventListener('message', (event: MessageEvent<StudioReport>) => listener(event.data)),
    // Its script did not come, or threw where nothing catches: tiles would wait for their first picture for ever.
    onBroken: (listener) =>
      worker.addEventListener('error', (event) => {
        worker.terminate();
        listener(event.message || 'the worker of the simulated cameras could not be loaded');
      }),
  };
}

function openPagePort(): StudioPort {
  const canvases = new Map<string, { canvas: HTMLCanvasElement; track: CanvasCaptureMediaStreamTrack }>();
  let listener: (report: StudioReport) => void = () => undefined;
  const openSink = (id: string): FrameSink => {
    const { canvas, track } = canvases.get(id)!;
    const g = canvas.getContext('2d', { alpha: false, willReadFrequently: true })!;
    return {
      get ready() {
        return track.readyState === 'live';
      },
      write(raster) {
        g.putImageData(new ImageData(raster.bytes, raster.width, raster.height), 0, 0);
        track.requestFrame();
      },
      close: () => canvases.delete(id),
    };
  };
  const studio = createStudio(openSink, (report) => listener(report));
  return {
    createTrack(id, width, height) {
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = height;
      // Captured when a picture is finished, not by a clock of its own.
      const track = canvas.captureStream(0).getVideoTracks()[0] as CanvasCaptureMediaStreamTrack;
      canvases.set(id, { canvas, track });
      return { track, writable: null };
    },
    post: (message: StudioMessage) => studio.receive(message),
    onReport: (next) => (listener = next),
    onBroken: () => undefined, // painted in the page: it lives as long as the page does
  };
}
