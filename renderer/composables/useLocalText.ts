import { useI18n } from 'vue-i18n';
import type { LocalText } from '../../protocol/primitives.ts';

/** Picks the reader's language of a name that came as data. Nothing in, nothing out. */
export function useLocalText(): (text: LocalText | null | undefined) => string {
  const { locale } = useI18n();
  return (text) => (text ? (locale.value === 'en' ? text.en : text.zh) : '');
}
