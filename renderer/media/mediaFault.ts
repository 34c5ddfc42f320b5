/**
 * Why a picture or a call did not come. A fault is data: it is shown on the tile or in the call panel and counted, it never stops the wall.
 * `message` is one English line for the Diagnostics panel and the log; what the operator reads is made from `code` by the labels.
 */
export type MediaFaultCode =
  /** This build has no player (or call agent) for the protocol. */
  | 'noPlayer'
  | 'noAgent'
  /** The far end is offline, unknown, or did not answer in time. */
  | 'unreachable'
  /** A call is already running at this desk. */
  | 'busy'
  /** Signalling worked but no media path was found. */
  | 'iceFailed'
  /** The stream stopped and did not come back. */
  | 'streamEnded'
  /** The browser lacks something, e.g. MediaStreamTrackGenerator and canvas.captureStream. */
  | 'unsupported'
  /** The caller gave up. Not shown. */
  | 'aborted'
  /** Anything else that a library threw; `cause` holds it. */
  | 'failed';

export class MediaFault extends Error {
  readonly code: MediaFaultCode;
  constructor(code: MediaFaultCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'MediaFault';
    this.code = code;
  }
}

/** Whatever was thrown, as a fault. An AbortError becomes `aborted`. */
export function toMediaFault(thrown: unknown): MediaFault {
  if (thrown instanceof MediaFault) return thrown;
  if (thrown instanceof DOMException && thrown.name === 'AbortError') return new MediaFault('aborted', thrown.message, thrown);
  return new MediaFault('failed', thrown instanceof Error ? thrown.message : String(thrown), thrown);
}
