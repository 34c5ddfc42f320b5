import { inject, onScopeDispose, provide, readonly, ref } from 'vue';
import type { InjectionKey, Ref } from 'vue';

const clockKey: InjectionKey<Readonly<Ref<number>>> = Symbol('serverClock');
const SAMPLE_MS = 500;

/**
 * Samples server time twice a second, a moment after each half second of the server, so that every clock on the wall steps together and
 * close to the true second. `readNowMs` returns UTC epoch milliseconds.
 */
function createServerClock(readNowMs: () => number): Readonly<Ref<number>> {
  const nowMs = ref(readNowMs());
  let timer: ReturnType<typeof setTimeout>;
  const step = (): void => {
    nowMs.value = readNowMs();
    timer = setTimeout(step, SAMPLE_MS - (nowMs.value % SAMPLE_MS) + 4);
  };
  timer = setTimeout(step, SAMPLE_MS - (nowMs.value % SAMPLE_MS) + 4);
  onScopeDispose(() => clearTimeout(timer));
  return readonly(nowMs);
}

/** Called once, in App.vue: every panel below shares this clock. */
export function provideServerClock(readNowMs: () => number): Readonly<Ref<number>> {
  const clock = createServerClock(readNowMs);
  provide(clockKey, clock);
  return clock;
}

/** The shared clock, sampled at 2 Hz. */
export function useServerClock(): Readonly<Ref<number>> {
  const clock = inject(clockKey, null);
  if (!clock) throw new Error('useServerClock: no provideServerClock above this component');
  return clock;
}
