import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { midnightBefore, repeatPlaces, townFigures } from '../../protocol/figures/townFigures.ts';
import type { Counted, CountedList, RepeatPlace, TownFigures } from '../../protocol/figures/townFigures.ts';
import type { ClockState } from '../../protocol/clocks/promiseClocks.ts';
import type { Detection, Incident } from '../../protocol/messages/index.ts';
import { useDeskStore } from './deskStore.ts';
import { useIncidentStore } from './incidentStore.ts';
import { useTownStore } from './townStore.ts';

const DAY_MS = 86_400_000;

/** Which list is open, as words with bars between: `arrivals|grid|14`, `tier|major`, `promise|accept|broken`, `repeat|3`. */
export type FigureKey = string;
/** What the gateway answered, and why not. */
export type FiguresState = { kind: 'none' } | { kind: 'loading' } | { kind: 'failed'; code: string; message: string } | { kind: 'known' };

const ofPending = (incidents: readonly Incident[], channelId: string): Counted[] =>
  incidents
    .filter((incident) => incident.channelId === channelId && !incident.origin)
    .map(({ id, reportedAtMs }) => ({ kind: 'incident', id, atMs: reportedAtMs }));

/** Every list by its key. */
function listsOf(figures: TownFigures, repeats: readonly RepeatPlace[]): Map<FigureKey, CountedList> {
  const lists = new Map<FigureKey, CountedList>();
  const byHour = Array.from({ length: 24 }, (): Counted[] => []);
  for (const [channelId, hours] of figures.arrivals) {
    hours.forEach((list, hour) => {
      lists.set(`arrivals|${channelId}|${hour}`, list);
      byHour[hour]!.push(...list);
    });
    lists.set(`arrivals|${channelId}`, hours.flat());
  }
  byHour.forEach((list, hour) => lists.set(`arrivals||${hour}`, list));
  lists.set('arrivals', byHour.flat());
  const { incidents, open, pending, selfRectified, settledAlerts } = figures;
  for (const [key, list] of Object.entries({ incidents, open, pending, selfRectified, settledAlerts })) lists.set(key, list);
  for (const [name, groups] of [
    ['tier', figures.byTier],
    ['agency', figures.byAgency],
    ['village', figures.byVillage],
  ] as const)
    for (const [key, list] of groups) lists.set(`${name}|${key}`, list);
  const atMs = new Map(incidents.map((one) => [one.id, one.atMs]));
  for (const { id, idsByState } of figures.promises) {
    const list = (states: readonly ClockState[]): Counted[] =>
      states.flatMap((state) => idsByState[state].map((one): Counted => ({ kind: 'incident', id: one, atMs: atMs.get(one) ?? 0 })));
    lists.set(`promise|${id}|kept`, list(['kept']));
    lists.set(`promise|${id}|broken`, list(['broken', 'breached']));
    lists.set(`promise|${id}|running`, list(['running', 'warned', 'paused']));
    lists.set(`promise|${id}|total`, list(['kept', 'broken', 'breached']));
  }
  repeats.forEach(({ list }, i) => lists.set(`repeat|${i}`, list));
  return lists;
}

/** The figures of a day as the gateway's record has them, and the list behind each. */
export const useFigureStore = defineStore('figures', () => {
  const desk = useDeskStore();
  const live = useIncidentStore();
  const town = useTownStore();
  const state = shallowRef<FiguresState>({ kind: 'none' });
  /** Days back from today; 0 is today. */
  const daysBack = ref(0);
  const openKey = ref<FigureKey | null>(null);
  const answer = shallowRef<{ incidents: Incident[]; detections: Detection[]; dayMs: number; nowMs: number } | null>(null);
  let asked = 0;

  /** The town's own, 7 days when it does not say. */
  const repeatRule = computed(() => town.town?.counting?.repeatPlaces ?? null);
  /** @param nowMs server time. Asks for the day, and for the days before it in which places repeat. */
  async function ask(nowMs: number): Promise<void> {
    const mine = (asked += 1);
    const dayMs = midnightBefore(nowMs, town.utcOffsetMin) - daysBack.value * DAY_MS;
    const toMs = Math.min(dayMs + DAY_MS - 1, nowMs);
    if (state.value.kind !== 'known') state.value = { kind: 'loading' };
    const [incidents, detections] = await Promise.all([
      desk.incidentsReported(Math.max(0, dayMs - ((repeatRule.value?.days ?? 1) - 1) * DAY_MS), toMs),
      desk.detectionsRaised(dayMs, toMs),
    ]);
    // Somebody has asked for another day meanwhile.
    if (mine !== asked) return;
    const failed = [incidents, detections].find((one) => !one.ok);
    if (failed && !failed.ok) state.value = { kind: 'failed', code: failed.code, message: failed.message };
    else if (incidents.ok && detections.ok) {
      answer.value = { incidents: incidents.items, detections: detections.items, dayMs, nowMs };
      state.value = { kind: 'known' };
    }
  }

  const figures = computed<TownFigures | null>(() => {
    const [known, rules] = [answer.value, town.clockRules];
    if (!known || !rules || !town.town) return null;
    const { incidents, detections, dayMs, nowMs } = known;
    const ofTheDay = incidents.filter(({ reportedAtMs }) => reportedAtMs >= dayMs);
    return townFigures({ town: town.town, rules, incidents: ofTheDay, detections, dayMs, nowMs });
  });
  const repeats = computed<RepeatPlace[]>(() =>
    answer.value && repeatRule.value ? repeatPlaces(answer.value.incidents, repeatRule.value) : [],
  );
  const lists = computed(() => (figures.value ? listsOf(figures.value, repeats.value) : new Map<FigureKey, CountedList>()));
  const incidentById = computed(() => new Map((answer.value?.incidents ?? []).map((incident) => [incident.id, incident])));
  const detectionById = computed(() => new Map((answer.value?.detections ?? []).map((detection) => [detection.id, detection])));
  /** Who waits now is known without asking, whatever the day of the report. */
  const listOf = (key: FigureKey): CountedList => {
    const [name, channelId] = key.split('|');
    return name === 'waiting' ? ofPending(live.pending, channelId!) : (lists.value.get(key) ?? []);
  };

  return {
    state,
    daysBack,
    openKey,
    figures,
    repeats,
    repeatRule,
    dayMs: computed(() => answer.value?.dayMs ?? null),
    listOf,
    /** As of the answer, or as it is now where the wall still holds it. */
    incident: (id: string): Incident | undefined => live.byId.get(id) ?? incidentById.value.get(id),
    detection: (id: string): Detection | undefined => detectionById.value.get(id),
    isLive: (id: string): boolean => live.byId.has(id),
    ask,
  };
});
