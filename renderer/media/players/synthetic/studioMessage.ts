import type { Daylight } from './daylight.ts';
import type { Surroundings } from './scenery.ts';

/** How a camera is carried. `aerial` looks down from a drone or a mast. */
export type Mount = 'body' | 'vehicle' | 'pole' | 'aerial';

export interface Overlay {
  /** RGBA. */
  pixels: ArrayBuffer;
  width: number;
  left: number;
  top: number;
}

/** What the page tells the studio. The studio paints and writes frames; it knows nothing of units, stores or the document. */
export type StudioMessage =
  | {
      kind: 'open';
      id: string;
      width: number;
      height: number;
      periodMs: number;
      seed: number;
      mount: Mount;
      writable: WritableStream<VideoFrame> | null;
    }
  | { kind: 'sight'; id: string; sight: Sight }
  | { kind: 'overlay'; id: string; overlay: Overlay[] }
  | { kind: 'visible'; id: string; visible: boolean }
  | { kind: 'paused'; paused: boolean }
  | { kind: 'close'; id: string };

/** Where a camera is, sent when a fix arrives or the hour changes. */
export interface Sight {
  surroundings: Surroundings;
  altM: number;
  headingDeg: number;
  speedMps: number;
  /** Server time of the fix; a new one tells that it moved. */
  observedAtMs: number;
  nowMs: number;
  daylight: Daylight;
  /** 0 to 1: how many people are about at this hour. */
  busy: number;
}

/** What the studio tells the page. */
export type StudioReport = { kind: 'ended'; id: string; message: string };
