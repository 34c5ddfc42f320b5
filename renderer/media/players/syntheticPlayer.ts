import type { MediaContext } from '../mediaContext.ts';
import { MediaFault } from '../mediaFault.ts';
import type { Attached, Player } from './player.ts';
import { createCameraRoom, type CameraRoom, type SyntheticStream, type SyntheticSubject } from './synthetic/createCameraRoom.ts';
import { openStudioPort } from './synthetic/openStudioPort.ts';
import { watchFrames } from './watchFrames.ts';

/** One page has one room of simulated cameras, shared by tiles and calls: one timer, one worker. */
let room: CameraRoom | null = null;
const theRoom = () => (room ??= createCameraRoom(openStudioPort));

/** A simulated camera as a stream, for a call. It ends with `signal`. */
export function openSyntheticStream(subject: SyntheticSubject, context: MediaContext, signal: AbortSignal): SyntheticStream {
  return theRoom().open(subject, context, signal);
}

/** How many simulated cameras are open; a page at rest has none. */
export const openSyntheticCount = () => room?.size ?? 0;

/** Cameras of the embedded default: a drawn street that moves with the unit. The url is not used. */
export const syntheticPlayer: Player = {
  protocol: 'synthetic',
  async attach(video, stream, context, signal): Promise<Attached> {
    if (signal.aborted) throw new MediaFault('aborted', 'aborted before it began');
    const opened = openSyntheticStream({ camera: stream.camera, unit: stream.unit, size: stream.size }, context, signal);
    const { stats } = watchFrames(video, signal);
    const watcher = new IntersectionObserver((entries) => opened.setVisible(entries.at(-1)!.isIntersecting));
    watcher.observe(video);
    signal.addEventListener(
      'abort',
      () => {
        watcher.disconnect();
        // Another stream may have taken the element over meanwhile.
        if (video.srcObject === opened.stream) video.srcObject = null;
      },
      { once: true },
    );
    video.srcObject = opened.stream;
    try {
      await video.play();
    } catch (thrown) {
      // An element that is removed or re-used while it starts answers with AbortError; the signal tells whether that was wanted.
      if (signal.aborted) throw new MediaFault('aborted', 'detached while starting', thrown);
      if (!(thrown instanceof DOMException && thrown.name === 'AbortError')) throw new MediaFault('failed', String(thrown), thrown);
    }
    return { stats, ended: opened.ended };
  },
};
