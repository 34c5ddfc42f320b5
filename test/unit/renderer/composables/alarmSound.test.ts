import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick } from 'vue';
import type { Alarm } from '../../../../protocol/messages/index.ts';
import { useAlarmSound } from '../../../../renderer/composables/useAlarmSound.ts';
import { createAlarmTones } from '../../../../renderer/media/createAlarmTones.ts';
import { useAlarmStore } from '../../../../renderer/state/alarmStore.ts';
import { useFeedStore } from '../../../../renderer/state/feedStore.ts';

const T0 = 1_778_664_000_000;
let nowMs = T0;
const alarm = (id: string, priority: number, change: Partial<Alarm> = {}): Alarm => ({
  id,
  rev: 1,
  kind: 'incidentUnsent',
  priority,
  state: 'unacknowledged',
  incidentId: '147',
  unitId: null,
  channelId: null,
  promiseId: null,
  raisedAtMs: T0,
  raises: 1,
  acknowledged: null,
  shelved: null,
  endedAtMs: null,
  ...change,
});

beforeEach(() => {
  vi.useFakeTimers();
  nowMs = T0;
  setActivePinia(createPinia());
  const feed = useFeedStore();
  feed.connect({
    nowMs: () => nowMs,
    status: () => ({ kind: 'live', sinceMs: T0, reason: null }),
    counters: feed.counters,
    refusals: () => [],
    heardServerMs: () => nowMs,
    positionsSilentMs: () => 0,
    clock: () => ({ skewMs: 0, boundMs: 0, rate: 1 }),
    welcome: () => null,
  });
});
afterEach(() => void vi.useRealTimers());

function listen(soundUpTo = 3) {
  const played: number[] = [];
  const scope = effectScope();
  scope.run(() => useAlarmSound(() => soundUpTo, { play: (priority) => void played.push(priority), dispose: () => undefined }));
  return { played, stop: () => scope.stop() };
}
const pass = async (ms: number): Promise<void> => {
  nowMs += ms;
  await vi.advanceTimersByTimeAsync(ms);
};

it('sounds once for what comes, the gravest of those that come together, nothing for what was there or is too light', async () => {
  const alarms = useAlarmStore();
  alarms.put([alarm('old', 2)]);
  const { played, stop } = listen();
  await pass(2000);
  expect(played).toEqual([]);
  alarms.put([alarm('a', 3), alarm('b', 2)]);
  await nextTick();
  alarms.put([alarm('c', 4)]);
  await nextTick();
  expect(played).toEqual([2]);
  alarms.put([alarm('b', 2, { rev: 2, state: 'acknowledged' })]);
  await nextTick();
  alarms.put([alarm('b', 2, { rev: 3, raises: 2 })]);
  await nextTick();
  expect(played).toEqual([2, 2]);
  stop();
});

it('repeats a critical one until it is acknowledged; silence ends by itself', async () => {
  const alarms = useAlarmStore();
  const { played, stop } = listen();
  alarms.put([alarm('sos', 1)]);
  await nextTick();
  await pass(21_000);
  expect(played).toEqual([1, 1, 1]);
  alarms.toggleMute();
  await pass(60_000);
  expect(played).toEqual([1, 1, 1]);
  await pass(540_000);
  expect(alarms.mutedUntilMs).toBeNull();
  expect(played.length).toBeGreaterThan(3);
  const heard = played.length;
  alarms.put([alarm('sos', 1, { rev: 2, state: 'acknowledged' })]);
  await pass(30_000);
  expect(played).toHaveLength(heard);
  stop();
});

it('has a sound of its own for each priority', () => {
  const made: { hz: number; stops: number }[] = [];
  const param = () => ({ value: 0, setTargetAtTime: () => undefined });
  const node = () => ({ connect: (next: unknown) => next, disconnect: () => undefined });
  const audio = {
    state: 'running',
    currentTime: 0,
    destination: {},
    createGain: () => ({ ...node(), gain: param() }),
    createOscillator: () => {
      const frequency = param();
      return { ...node(), frequency, start: () => undefined, stop: (at: number) => made.push({ hz: frequency.value, stops: at }) };
    },
    close: () => Promise.resolve(),
  };
  const tones = createAlarmTones(() => audio as never);
  for (const priority of [1, 2, 3, 4, 5]) tones.play(priority);
  expect(new Set(made.map(({ hz }) => hz)).size).toBe(4);
  expect(made.map(({ hz }) => hz)).toEqual([...made.map(({ hz }) => hz)].sort((a, b) => b - a));
  expect(Math.max(...made.map(({ stops }) => stops))).toBeLessThan(1.2);
  tones.dispose();
});
