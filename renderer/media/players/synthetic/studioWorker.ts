import { createStudio, type FrameSink } from './createStudio.ts';
import type { StudioMessage, StudioReport } from './studioMessage.ts';

/** The worker's side: frames go straight into the writable end of the page's video track, without touching the page's thread. */
const port = globalThis as unknown as {
  postMessage(report: StudioReport): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<StudioMessage>) => void): void;
};

function openTrackSink(id: string, writable: WritableStream<VideoFrame> | null): FrameSink {
  if (!writable) throw new Error('a worker studio needs a writable');
  const writer = writable.getWriter();
  let open = true;
  const end = (thrown: unknown) => {
    if (!open) return;
    open = false;
    port.postMessage({ kind: 'ended', id, message: String(thrown) });
  };
  writer.closed.catch(end);
  return {
    get ready() {
      return open && (writer.desiredSize ?? 0) > 0;
    },
    write(raster, atMs) {
      const frame = new VideoFrame(raster.bytes, {
        format: 'RGBX',
        codedWidth: raster.width,
        codedHeight: raster.height,
        timestamp: Math.round(atMs * 1000),
      });
      writer.write(frame).catch((thrown: unknown) => {
        frame.close();
        end(thrown);
      });
    },
    close() {
      open = false;
      // The page has stopped the track already: closing its far end may be refused, and there is nothing left to release.
      writer.close().catch(() => undefined);
    },
  };
}

const studio = createStudio(
  (id, _width, _height, writable) => openTrackSink(id, writable),
  (report) => port.postMessage(report),
);
port.addEventListener('message', (event) => studio.receive(event.data));
