import { useFeedStore } from '../state/feedStore.ts';
import { REPLAY_RATES, useReplayStore } from '../state/replayStore.ts';

/** Before now by this much, so that a press of a key shows something. */
const STEP_BACK_MS = 30_000;

/** What keys and buttons of the timeline do. */
export function useReplayControl() {
  const replay = useReplayStore();
  const feed = useFeedStore();
  const control = {
    toggleTimeline(): void {
      if (!replay.possible) return;
      replay.open = !replay.open;
      if (replay.open) void replay.readRecord();
      else replay.live();
    },
    live: () => replay.live(),
    note: () => replay.askNote(),
    cutClip(): void {
      if (replay.open) void replay.cutClip(feed.nowMs());
    },
    toggle(): void {
      if (!replay.possible) return;
      if (!replay.active) {
        replay.open = true;
        void replay.readRecord();
        replay.show(feed.nowMs() - STEP_BACK_MS, true);
      } else if (replay.playing) replay.pause();
      else replay.play();
    },
    faster: (): void => control.changeRate(1),
    slower: (): void => control.changeRate(-1),
    changeRate(step: 1 | -1): void {
      const at = REPLAY_RATES.findIndex((rate) => rate === replay.rate);
      const next = REPLAY_RATES[Math.min(REPLAY_RATES.length - 1, Math.max(0, at + step))]!;
      if (replay.open || replay.active) replay.setRate(next);
    },
  };
  return control;
}
export type ReplayControl = ReturnType<typeof useReplayControl>;
