import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, it } from 'vitest';
import { useReachStore } from '../../../../renderer/state/reachStore.ts';
import type { OpensItem, ReachItem, ReachPort } from '../../../../renderer/state/reachStore.ts';

interface Asked {
  kind: string;
  data: object;
  answer(items: object[] | null): Promise<void>;
}
let asked: Asked[];
const port = {
  query: (kind: string, data: object) =>
    new Promise((settle) => {
      asked.push({
        kind,
        data,
        answer: async (items) => {
          settle(items ? { ok: true, items } : { ok: false, code: 'timeout', message: 'too late' });
          for (let i = 0; i < 5; i += 1) await Promise.resolve();
        },
      });
    }),
} as unknown as ReachPort;
const reachOf = (atMs: number): ReachItem => ({
  atMs,
  unitIds: [],
  coreLimitS: 120,
  townLimitS: 300,
  roadM: { core: 0, town: 0, lateInCore: 0, out: 10 },
  latePlaceIds: [],
  roads: [],
});
const opensOf = (unitId: string): OpensItem => ({ unitId, counted: true, opensM: 5, opensPlaceIds: [], roads: [] });

beforeEach(() => {
  asked = [];
  setActivePinia(createPinia());
});
function open() {
  const store = useReachStore();
  store.connect(port);
  store.open = true;
  return store;
}

it('asks for nothing while it is not shown', async () => {
  const store = open();
  store.open = false;
  await store.refresh();
  expect(asked).toEqual([]);
});
it('keeps the newest answer: one that comes late is of another moment', async () => {
  const store = open();
  void store.refresh();
  void store.refresh();
  const [reach1, moves1, reach2, moves2] = asked;
  await reach2!.answer([reachOf(2)]);
  await moves2!.answer([]);
  await reach1!.answer([reachOf(1)]);
  await moves1!.answer([]);
  expect(store.reach?.atMs).toBe(2);
  expect(store.state).toEqual({ kind: 'shown' });
});
it('says why there is nothing: a failed answer leaves no old picture', async () => {
  const store = open();
  void store.refresh();
  await asked[0]!.answer([reachOf(1)]);
  await asked[1]!.answer([]);
  void store.refresh();
  await asked[2]!.answer(null);
  await asked[3]!.answer(null);
  expect(store.reach).toBeNull();
  expect(store.state).toEqual({ kind: 'failed', code: 'timeout', message: 'too late' });
  store.forget();
  expect(store.state).toEqual({ kind: 'none' });
});
it('shows the gap of the candidate that is looked at, and none once nobody is asked about', async () => {
  const store = open();
  void store.askOpens(['a', 'b']);
  expect(asked[0]).toMatchObject({ kind: 'reachWithout', data: { unitIds: ['a', 'b'] } });
  await asked[0]!.answer([opensOf('a'), opensOf('b')]);
  expect(store.gap).toBeNull();
  store.lookedAt = 'b';
  expect(store.gap).toEqual(opensOf('b'));
  await store.askOpens([]);
  expect(store.gap).toBeNull();
  expect(store.lookedAt).toBeNull();
});
