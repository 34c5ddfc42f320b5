import { onScopeDispose, watch } from 'vue';
import { createAlarmTones } from '../media/createAlarmTones.ts';
import type { AlarmTones } from '../media/createAlarmTones.ts';
import { useAlarmStore } from '../state/alarmStore.ts';
import { useFeedStore } from '../state/feedStore.ts';
import { useReplayStore } from '../state/replayStore.ts';

/** A critical alarm that nobody takes is heard again. */
const AGAIN_MS = 10_000;
const LOOK_MS = 1000;

/**
 * Sounds once for each alarm that comes, the gravest of those that come together; a critical one again until it is acknowledged. Silent while
 * muted (which ends by itself), in a replay, and for what was there when the wall came.
 * @param soundUpTo the lightest priority that sounds, 1 to 4.
 */
export function useAlarmSound(soundUpTo: () => number, tones: AlarmTones = createAlarmTones()): void {
  const alarms = useAlarmStore();
  const feed = useFeedStore();
  const replay = useReplayStore();
  /** What was heard: the alarm and how often it came. */
  let heard: ReadonlySet<string> | null = null;
  let lastCriticalMs = 0;
  const keyOf = ({ id, raises }: { id: string; raises: number }): string => `${id} ${raises}`;
  const isSilent = (): boolean => replay.active || alarms.mutedUntilMs !== null;

  watch(
    () => alarms.waiting,
    (waiting) => {
      const fresh = heard === null ? [] : waiting.filter((one) => one.state === 'unacknowledged' && !heard!.has(keyOf(one)));
      heard = new Set(waiting.map(keyOf));
      const gravest = Math.min(...fresh.map(({ priority }) => priority));
      if (isSilent() || gravest > soundUpTo()) return;
      tones.play(gravest);
      if (gravest === 1) lastCriticalMs = performance.now();
    },
    { immediate: true },
  );
  const timer = setInterval(() => {
    if (alarms.mutedUntilMs !== null && alarms.mutedUntilMs <= feed.nowMs()) alarms.mutedUntilMs = null;
    if (isSilent() || performance.now() - lastCriticalMs < AGAIN_MS) return;
    if (!alarms.waiting.some(({ priority, state }) => priority === 1 && state === 'unacknowledged')) return;
    tones.play(1);
    lastCriticalMs = performance.now();
  }, LOOK_MS);
  onScopeDispose(() => {
    clearInterval(timer);
    tones.dispose();
  });
}
