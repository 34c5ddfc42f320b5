import { createPinia, setActivePinia } from 'pinia';
import { effectScope, shallowRef } from 'vue';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Call } from '../../../../protocol/messages/index.ts';
import { useLostCalls } from '../../../../renderer/composables/useLostCalls.ts';
import type { CallDeskState } from '../../../../renderer/media/calls/createCallDesk.ts';
import { useCallStore } from '../../../../renderer/state/callStore.ts';
import { useDeskStore } from '../../../../renderer/state/deskStore.ts';
import { useFeedStore } from '../../../../renderer/state/feedStore.ts';
import { idleCall } from '../panels/mountPanel.ts';
import { NOW_MS } from '../panels/factFixture.ts';

const call = (id: string, deskId: string, state: Call['state'] = 'connected'): Call => ({
  id,
  rev: 1,
  deskId,
  unitId: 'ce07',
  incidentId: null,
  media: 'audio',
  state,
  startedAtMs: NOW_MS,
  connectedAtMs: NOW_MS,
  endedAtMs: state === 'ended' ? NOW_MS : null,
  simulated: true,
});

function setUp() {
  setActivePinia(createPinia());
  const send = vi.fn(() => Promise.resolve({ status: 'rejected', seq: null, error: { code: 'illegalStep', message: '', path: null } }));
  const desk = useDeskStore();
  desk.connect({ send, query: vi.fn(), nowMs: () => NOW_MS } as never);
  useFeedStore().status = { kind: 'live', sinceMs: NOW_MS, reason: null };
  const state = shallowRef<CallDeskState>({ ...idleCall });
  const scope = effectScope();
  scope.run(() => useLostCalls('wall-1', { state }));
  return { send, desk, state, scope, facts: useCallStore() };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('ends the calls of this desk that it does not hold, at the second look and without a word', async () => {
  const { send, desk, scope, facts } = setUp();
  facts.put([call('lost', 'wall-1'), call('of another', 'wall-2'), call('over', 'wall-1', 'ended')]);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(send).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(send.mock.calls).toEqual([
    ['call.report', { callId: 'lost', unitId: 'ce07', incidentId: null, media: 'audio', state: 'ended' }, undefined],
  ]);
  expect(desk.notices).toEqual([]);
  scope.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(send).toHaveBeenCalledOnce();
});

it('leaves the running call alone, and one whose end is on its way', async () => {
  const { send, state, facts } = setUp();
  state.value = { ...idleCall, kind: 'connected', callId: 'mine' };
  facts.put([call('mine', 'wall-1')]);
  await vi.advanceTimersByTimeAsync(60_000);
  state.value = { ...idleCall, kind: 'ended', callId: 'mine' };
  await vi.advanceTimersByTimeAsync(15_000);
  facts.put([{ ...call('mine', 'wall-1', 'ended'), rev: 2 }]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(send).not.toHaveBeenCalled();
});
