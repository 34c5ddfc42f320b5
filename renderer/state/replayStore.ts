import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { FeedClient, ReplayWish } from '../feed/feedTypes.ts';
import { useFeedStore } from './feedStore.ts';

export interface RecordSpan {
  fromMs: number;
  toMs: number;
}

/** Recorded seconds per real second that the wall offers. */
export const REPLAY_RATES = [1, 2, 5, 10, 30, 60, 120] as const;

/** Where in time this wall is, and what of the past can be seen. */
export const useReplayStore = defineStore('replay', () => {
  const feed = useFeedStore();
  /** Whether the timeline is shown. */
  const open = ref(false);
  /** How fast the past plays when it plays. */
  const rate = ref(1);
  /** Counts presses of the key that begins a note. */
  const noteRequests = ref(0);
  const record = shallowRef<RecordSpan | null>(null);
  /** Where the clip begins that is being cut; null when none is. */
  const clipFromMs = ref<number | null>(null);
  const saving = ref(false);
  /** Why the last clip was not saved. */
  const clipFault = ref<string | null>(null);
  let saver: ((fromMs: number, toMs: number) => Promise<void>) | null = null;
  let port: Pick<FeedClient, 'replay' | 'query'> | null = null;

  const span = computed<RecordSpan | null>(() => feed.welcome?.replay ?? null);
  const active = computed(() => span.value !== null);
  const playing = computed(() => active.value && (feed.welcome?.clockRate ?? 0) > 0);
  /** Whether it shall play: an answer is on its way while this differs from `playing`. */
  const wantsToPlay = ref(false);
  const possible = computed(() => feed.can('replay'));
  const wish = (to: ReplayWish | null): void => port?.replay(to);

  return {
    open,
    rate,
    record,
    noteRequests,
    span,
    active,
    playing,
    wantsToPlay,
    possible,
    connect: (next: Pick<FeedClient, 'replay' | 'query'> | null): void => void (port = next),
    askNote(): void {
      if (open.value) noteRequests.value += 1;
    },
    /** Shows a moment, standing still while somebody looks for it. */
    show(atMs: number, isPlaying: boolean): void {
      wantsToPlay.value = isPlaying;
      wish({ atMs, rate: isPlaying ? rate.value : 0 });
    },
    play(): void {
      wantsToPlay.value = true;
      wish({ atMs: null, rate: rate.value });
    },
    pause(): void {
      wantsToPlay.value = false;
      wish({ atMs: null, rate: 0 });
    },
    setRate(next: number): void {
      rate.value = next;
      if (wantsToPlay.value) wish({ atMs: null, rate: next });
    },
    live(): void {
      wantsToPlay.value = false;
      wish(null);
    },
    clipFromMs,
    clipFault,
    saving,
    saveWith: (next: (fromMs: number, toMs: number) => Promise<void>): void => void (saver = next),
    /** The first press marks where a clip begins, the second ends it and saves it. */
    async cutClip(atMs: number): Promise<void> {
      if (saver === null || saving.value) return;
      clipFault.value = null;
      const fromMs = clipFromMs.value;
      if (fromMs === null) {
        clipFromMs.value = Math.round(atMs);
        return;
      }
      clipFromMs.value = null;
      saving.value = true;
      try {
        await saver(Math.min(fromMs, atMs), Math.round(Math.max(fromMs, atMs)));
      } catch (cause) {
        clipFault.value = cause instanceof Error ? cause.message : String(cause);
      } finally {
        saving.value = false;
      }
    },
    /** Asks how far back the record reaches. */
    async readRecord(): Promise<void> {
      const answer = await port?.query('record', {});
      if (answer?.ok) record.value = answer.items[0] ?? null;
    },
  };
});
