import type { Camera, StreamProtocol, Unit } from '../../../protocol/messages/index.ts';
import type { MediaContext } from '../mediaContext.ts';
import type { MediaFault } from '../mediaFault.ts';

/** `tile` is about 190 css px wide, `large` fills a dialog or the map. A player picks its resolution or simulcast layer from it. */
export type VideoSize = 'tile' | 'large';

export interface LiveStream {
  protocol: StreamProtocol;
  url: string;
  camera: Camera;
  /** The unit that carries the camera, if any. */
  unit: Unit | null;
  size: VideoSize;
}

/** Plain numbers, updated in place with each frame; read them when needed. */
export interface PlayerStats {
  /** From the call of attach to the first presented frame, in milliseconds; null before it. */
  firstFrameMs: number | null;
  frames: number;
  /** On the page's monotonic clock (performance.now()), not server time. */
  lastFrameAtMs: number | null;
  width: number;
  height: number;
}

export interface Attached {
  readonly stats: Readonly<PlayerStats>;
  /** Settles once: with the fault when the stream ends by itself, with null after the signal was aborted. Never rejects. */
  readonly ended: Promise<MediaFault | null>;
}

/**
 * A way to bring a live stream into a video element.
 * `attach` resolves as soon as frames may come (not at the first frame) and rejects with a MediaFault.
 * Aborting `signal` ends everything that attach made: tracks, sockets, timers, `srcObject`. It must be safe at any moment.
 */
export interface Player {
  readonly protocol: StreamProtocol;
  attach(video: HTMLVideoElement, stream: LiveStream, context: MediaContext, signal: AbortSignal): Promise<Attached>;
}
