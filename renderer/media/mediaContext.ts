import { inject, type InjectionKey } from 'vue';
import type { Town } from '../../protocol/town/town.ts';
import type { MediaFaultCode } from './mediaFault.ts';

/** Where a unit is, as the track table knows it. `observedAtMs` is server time. */
export interface MediaPose {
  lonDeg: number;
  latDeg: number;
  altM: number;
  headingDeg: number;
  speedMps: number;
  observedAtMs: number;
}

/**
 * Every text that media shows. The catalogue lives in renderer/i18n, which media may not import; the application fills this in,
 * in the language of the moment (`labels()` is called inside rendering, so a change of language is followed).
 */
export interface MediaLabels {
  live: string;
  connecting: string;
  frozen: string;
  offline: string;
  noCamera: string;
  notRecorded: string;
  /** E.g. "没有 {protocol} 播放器"; the protocol is put in by the function. */
  noPlayer(protocol: string): string;
  fault: Record<MediaFaultCode, string>;
  /** Drawn into every simulated picture: 演示 SIMULATED in both languages, whatever the interface speaks. */
  simulated: string;
}

/** What media needs to know about the town. Provided once by the application (App.vue or main.ts) under `mediaContextKey`. */
export interface MediaContext {
  poseOf(unitId: string): MediaPose | null;
  /** Server time, UTC epoch milliseconds. */
  nowMs(): number;
  /** False while the wall shows the past, of which there is no picture. */
  isNow(): boolean;
  /** Null until /town.json has arrived. */
  town(): Town | null;
  locale(): 'zh' | 'en';
  /** The name in the current language; the id when the unit is unknown. */
  unitName(unitId: string): string;
  /** Minutes east of UTC of the town's wall clock. */
  utcOffsetMin(): number;
  labels(): MediaLabels;
}

export const mediaContextKey: InjectionKey<MediaContext> = Symbol('mediaContext');

/** @throws when nobody provided the context: a bug, not a failure. */
export function useMediaContext(): MediaContext {
  const context = inject(mediaContextKey, null);
  if (!context) throw new Error('renderer/media: provide(mediaContextKey, ...) in App.vue before a LiveVideo is shown');
  return context;
}
