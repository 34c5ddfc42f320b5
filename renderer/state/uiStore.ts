import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';

export type WallLocale = 'zh' | 'en';
export type WallLight = 'auto' | 'day' | 'night';
export type WallDialog = 'help' | 'diagnostics' | 'numbers' | 'alarms' | null;
export interface MapStatus {
  kind: 'loading' | 'ready' | 'failed' | 'restoring';
  /** Why, as a code or a technical message; null when ready. */
  reason: string | null;
}
interface Kept {
  locale: WallLocale;
  light: WallLight;
  reducedMotion: boolean;
}

const KEY = 'wanglou.ui.1';

function readKept(): Kept {
  const asked = typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches;
  const kept: Kept = { locale: 'zh', light: 'auto', reducedMotion: asked };
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    if (typeof found !== 'object' || found === null) return kept;
    const { locale, light, reducedMotion } = found as Record<string, unknown>;
    if (locale === 'zh' || locale === 'en') kept.locale = locale;
    if (light === 'auto' || light === 'day' || light === 'night') kept.light = light;
    if (typeof reducedMotion === 'boolean') kept.reducedMotion = reducedMotion;
    return kept;
  } catch {
    // A wall without storage (private window, blocked by policy) or with damaged storage starts with the defaults.
    return kept;
  }
}

/** How this wall is looked at. Kept on this machine only. */
export const useUiStore = defineStore('ui', () => {
  const kept = readKept();
  const locale = ref<WallLocale>(kept.locale);
  const light = ref<WallLight>(kept.light);
  const reducedMotion = ref(kept.reducedMotion);
  const openDialog = ref<WallDialog>(null);
  const mapStatus = shallowRef<MapStatus>({ kind: 'loading', reason: null });
  /** False when the choices above cannot be kept on this machine. */
  const persistent = ref(true);

  watch([locale, light, reducedMotion], () => {
    try {
      const next: Kept = { locale: locale.value, light: light.value, reducedMotion: reducedMotion.value };
      localStorage.setItem(KEY, JSON.stringify(next));
      persistent.value = true;
    } catch {
      persistent.value = false;
    }
  });
  return { locale, light, reducedMotion, openDialog, mapStatus, persistent };
});
