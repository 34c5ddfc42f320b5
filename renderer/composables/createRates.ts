import { shallowRef } from 'vue';
import type { Ref } from 'vue';

/** Span over which a rate is taken, real milliseconds. */
const SPAN_MS = 5000;

/** Rates a second of growing counters, over the last five seconds of real time. */
export function createRates(): {
  perSecond: Readonly<Ref<Readonly<Record<string, number>>>>;
  sample(realMs: number, counters: Readonly<Record<string, number>>): void;
} {
  const samples: { realMs: number; counters: Readonly<Record<string, number>> }[] = [];
  const perSecond = shallowRef<Readonly<Record<string, number>>>({});
  return {
    perSecond,
    sample(realMs, counters) {
      samples.push({ realMs, counters });
      while (samples.length > 2 && realMs - samples[1]!.realMs >= SPAN_MS) samples.shift();
      const first = samples[0]!;
      const spanS = (realMs - first.realMs) / 1000;
      if (spanS <= 0) return;
      perSecond.value = Object.fromEntries(Object.entries(counters).map(([name, n]) => [name, (n - (first.counters[name] ?? n)) / spanS]));
    },
  };
}
