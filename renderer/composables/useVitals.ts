import { onScopeDispose, shallowRef } from 'vue';
import type { QueryItem } from '../../protocol/queries/index.ts';
import { useDeskStore } from '../state/deskStore.ts';
import { useFeedStore } from '../state/feedStore.ts';

export type Vitals = QueryItem['vitals'];
/** How the gateway is, or why it is not known: `unable` for a backend that does not tell. */
export type VitalsState = { kind: 'waiting' } | { kind: 'known'; vitals: Vitals } | { kind: 'unable' } | { kind: 'failed'; code: string };

/** Asks the gateway how it is, at once and then every `periodMs` while its scope lives. */
export function useVitals(periodMs: number) {
  const desk = useDeskStore();
  const feed = useFeedStore();
  const state = shallowRef<VitalsState>({ kind: 'waiting' });
  let asking = false;
  async function ask(): Promise<void> {
    if (asking || feed.welcome === null) return;
    if (!feed.can('vitals')) {
      state.value = { kind: 'unable' };
      return;
    }
    asking = true;
    const answer = await desk.vitals();
    asking = false;
    const [vitals] = answer.ok ? answer.items : [];
    state.value = vitals ? { kind: 'known', vitals } : { kind: 'failed', code: answer.ok ? 'badItem' : answer.code };
  }
  void ask();
  const timer = setInterval(() => void ask(), periodMs);
  onScopeDispose(() => clearInterval(timer));
  return state;
}
