import type { Composer } from 'vue-i18n';
import type { MediaContext, MediaPose } from '../media/mediaContext.ts';
import type { MediaFaultCode } from '../media/mediaFault.ts';
import { useFeedStore } from '../state/feedStore.ts';
import { useReplayStore } from '../state/replayStore.ts';
import { useTownStore } from '../state/townStore.ts';
import { useUiStore } from '../state/uiStore.ts';
import { useUnitStore } from '../state/unitStore.ts';

const FAULTS: readonly MediaFaultCode[] = [
  'noPlayer',
  'noAgent',
  'unreachable',
  'busy',
  'iceFailed',
  'streamEnded',
  'unsupported',
  'aborted',
  'failed',
];

/** What video and calls need of the wall, on the real stores and in the language of the moment. */
export function createMediaContext(t: Composer['t'], poseOf: (unitId: string) => MediaPose | null): MediaContext {
  const feed = useFeedStore();
  const replay = useReplayStore();
  const town = useTownStore();
  const ui = useUiStore();
  const units = useUnitStore();
  return {
    poseOf,
    nowMs: () => feed.nowMs(),
    isNow: () => !replay.active,
    town: () => town.town,
    locale: () => ui.locale,
    unitName(unitId) {
      const name = units.byId.get(unitId)?.name;
      return name ? name[ui.locale] : unitId;
    },
    utcOffsetMin: () => town.utcOffsetMin,
    labels: () => ({
      live: t('media.live'),
      connecting: t('media.connecting'),
      frozen: t('media.frozen'),
      offline: t('media.offline'),
      noCamera: t('media.noCamera'),
      notRecorded: t('replay.noPicture'),
      noPlayer: (protocol) => t('media.noPlayer', { protocol }),
      fault: Object.fromEntries(FAULTS.map((code) => [code, t(`media.fault.${code}`)])) as Record<MediaFaultCode, string>,
      simulated: t('media.simulated'),
    }),
  };
}
