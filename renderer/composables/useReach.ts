import { onScopeDispose, watch } from 'vue';
import { useFeedStore } from '../state/feedStore.ts';
import { useReachStore } from '../state/reachStore.ts';
import { useUnitStore } from '../state/unitStore.ts';
import type { DeskControl } from './deskControl.ts';

/** Units move on: how often the shown reach is asked for. */
const PERIOD_MS = 10_000;
/** Several units change state in one command. */
const SOON_MS = 400;

/** Keeps the reach fresh while it is shown, and asks for every candidate of the open incident what sending it would open. */
export function useReach(control: DeskControl): void {
  const reach = useReachStore();
  const units = useUnitStore();
  const feed = useFeedStore();
  let soon: ReturnType<typeof setTimeout> | undefined;
  const refresh = (): void => {
    if (feed.status.kind === 'live') void reach.refresh();
  };
  const timer = setInterval(refresh, PERIOD_MS);
  watch(
    () => reach.open,
    (open) => {
      if (open) void reach.refresh();
      else reach.forget();
    },
  );
  watch(
    () => units.all.map((unit) => `${unit.id} ${unit.status} ${unit.standby?.postId ?? ''}`).join(),
    () => {
      clearTimeout(soon);
      if (reach.open) soon = setTimeout(refresh, SOON_MS);
    },
  );
  watch(control.nearest, (nearest) => {
    if (nearest.kind === 'loading') return;
    void reach.askOpens(nearest.kind === 'ready' ? nearest.items.filter(({ busyWith }) => !busyWith).map(({ unitId }) => unitId) : []);
  });
  onScopeDispose(() => {
    clearInterval(timer);
    clearTimeout(soon);
  });
}
