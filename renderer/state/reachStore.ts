import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { QueryItem } from '../../protocol/queries/index.ts';
import type { FeedClient } from '../feed/feedTypes.ts';

export type ReachItem = QueryItem['reach'];
export type OpensItem = QueryItem['reachWithout'];
export type MoveUpItem = QueryItem['moveUp'];
export type ReachPort = Pick<FeedClient, 'query'>;
export type ReachState = { kind: 'none' } | { kind: 'loading' } | { kind: 'shown' } | { kind: 'failed'; code: string; message: string };

const SUGGESTIONS = 3;

/** Who can be where in time, as the gateway last told it: the map of it, what sending somebody would open, whom to move up. */
export const useReachStore = defineStore('reach', () => {
  /** Whether it is shown on the map. */
  const open = ref(false);
  const state = shallowRef<ReachState>({ kind: 'none' });
  const reach = shallowRef<ReachItem | null>(null);
  const moveUps = shallowRef<readonly MoveUpItem[]>([]);
  /** By unit: candidates of the open incident. */
  const opens = shallowRef<ReadonlyMap<string, OpensItem>>(new Map());
  /** The candidate whose gap is looked at. */
  const lookedAt = ref<string | null>(null);
  let port: ReachPort | null = null;
  let asked = 0;
  let askedOpens = 0;

  async function refresh(): Promise<void> {
    if (port === null || !open.value) return;
    asked += 1;
    const mine = asked;
    if (reach.value === null) state.value = { kind: 'loading' };
    const [told, suggested] = await Promise.all([port.query('reach', {}), port.query('moveUp', { limit: SUGGESTIONS })]);
    if (mine !== asked) return;
    const item = told.ok ? told.items[0] : undefined;
    if (!item) {
      reach.value = null;
      moveUps.value = [];
      state.value = told.ok
        ? { kind: 'failed', code: 'notFound', message: '' }
        : { kind: 'failed', code: told.code, message: told.message };
      return;
    }
    reach.value = item;
    moveUps.value = suggested.ok ? suggested.items : [];
    state.value = { kind: 'shown' };
  }

  /** What opens when one of these is sent; an answer that comes too late is of no use any more. */
  async function askOpens(unitIds: readonly string[]): Promise<void> {
    askedOpens += 1;
    const mine = askedOpens;
    if (port === null || unitIds.length === 0) {
      opens.value = new Map();
      lookedAt.value = null;
      return;
    }
    const told = await port.query('reachWithout', { unitIds: [...unitIds] });
    if (mine === askedOpens) opens.value = new Map(told.ok ? told.items.map((item) => [item.unitId, item]) : []);
  }

  return {
    open,
    state,
    reach,
    moveUps,
    opens,
    lookedAt,
    /** The gap that is looked at, when there is one. */
    gap: computed(() => (lookedAt.value === null ? null : (opens.value.get(lookedAt.value) ?? null))),
    refresh,
    askOpens,
    /** What was told before is of another moment. */
    forget(): void {
      asked += 1;
      reach.value = null;
      moveUps.value = [];
      state.value = { kind: 'none' };
    },
    connect: (next: ReachPort | null): void => void (port = next),
  };
});
