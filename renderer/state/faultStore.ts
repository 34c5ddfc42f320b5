import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** Something of the page itself that went wrong, e.g. a component that threw. */
export interface PageFault {
  id: number;
  /** This machine's time, UTC epoch ms. */
  atMs: number;
  message: string;
  /** How often it came in a row. */
  times: number;
}

const MOST_FAULTS = 20;
const MESSAGE_LENGTH = 500;

/** The last twenty faults of this page, newest last, shown in Diagnostics. The same one again is counted, not listed again. */
export const useFaultStore = defineStore('faults', () => {
  const faults = shallowRef<readonly PageFault[]>([]);
  let id = 0;
  function add(thrown: unknown, atMs = Date.now()): void {
    const message = (thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)).slice(0, MESSAGE_LENGTH);
    const last = faults.value.at(-1);
    if (last?.message === message) {
      faults.value = [...faults.value.slice(0, -1), { ...last, atMs, times: last.times + 1 }];
      return;
    }
    id += 1;
    faults.value = [...faults.value, { id, atMs, message, times: 1 }].slice(-MOST_FAULTS);
  }
  return { faults, add };
});
