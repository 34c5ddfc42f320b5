import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useTownStore } from '../state/townStore.ts';
import { formatClock, formatDate, sinceMidnightMs } from './formatTime.ts';

/** Times on the town's own clock. Until the town has arrived its zone is unknown and nothing is claimed: dashes. */
export function useTownTime() {
  const town = useTownStore();
  const { locale } = useI18n();
  const utcOffsetMin = computed(() => town.town?.scene.utcOffsetMin ?? null);
  return {
    utcOffsetMin,
    clock: (atMs: number): string => (utcOffsetMin.value === null ? '--:--:--' : formatClock(atMs, utcOffsetMin.value)),
    date: (atMs: number): string =>
      utcOffsetMin.value === null ? '' : formatDate(atMs, utcOffsetMin.value, locale.value === 'en' ? 'en' : 'zh'),
    /** Local hour with its fraction, 0 to below 24. */
    hour: (atMs: number): number => sinceMidnightMs(atMs, utcOffsetMin.value ?? 0) / 3_600_000,
  };
}
