import { inject } from 'vue';
import type { InjectionKey } from 'vue';
import type { CallDesk } from '../media/calls/createCallDesk.ts';

/** This desk's one call. Provided by App.vue. */
export const callDeskKey: InjectionKey<CallDesk> = Symbol('callDesk');
export function useCallDesk(): CallDesk {
  const desk = inject(callDeskKey, null);
  if (!desk) throw new Error('useCallDesk: provide(callDeskKey, ...) in App.vue');
  return desk;
}
