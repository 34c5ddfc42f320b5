import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useTownStore } from '../state/townStore.ts';
import { useLocalText } from './useLocalText.ts';

/** More than so many names are counted. */
const FEW = 2;

/** Names of the town's places in the reader's language; an id that the town does not know is shown as it came. */
export function usePlaceNames() {
  const town = useTownStore();
  const text = useLocalText();
  const { t } = useI18n();
  const byId = computed(() => new Map(town.town?.places.map((place) => [place.id, place.name])));
  const name = (placeId: string): string => text(byId.value.get(placeId)) || placeId;
  return {
    name,
    few(placeIds: readonly string[]): string {
      const shown = placeIds.slice(0, FEW).map(name).join(t('action.comma'));
      return placeIds.length > FEW ? `${shown} ${t('reach.more', { n: placeIds.length - FEW })}` : shown;
    },
  };
}
