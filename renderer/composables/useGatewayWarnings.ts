import { watch } from 'vue';
import { useDeskStore } from '../state/deskStore.ts';
import { useVitals } from './useVitals.ts';

/** Often enough for a disk that fills, seldom enough to cost nothing. */
const LOOK_MS = 30_000;

/** Shows on the wall what somebody should see to in the gateway: each warning once while it lasts. */
export function useGatewayWarnings(): void {
  const desk = useDeskStore();
  const state = useVitals(LOOK_MS);
  let told: ReadonlySet<string> = new Set();
  watch(state, (next) => {
    if (next.kind !== 'known') return;
    const warnings = [...next.vitals.reasons, ...next.vitals.warnings];
    for (const warning of warnings) if (!told.has(warning)) desk.notify('gateway', 'gatewayWarning', null, warning);
    told = new Set(warnings);
  });
}
