import { defineStore } from 'pinia';
import { computed, ref, shallowReactive, shallowRef } from 'vue';
import type { Welcome } from '../../protocol/frames/server.ts';
import type { FeedClient, FeedCounters, FeedStatus, Refusal } from '../feed/feedTypes.ts';

type Readings = Pick<
  FeedClient,
  'counters' | 'refusals' | 'nowMs' | 'heardServerMs' | 'positionsSilentMs' | 'clock' | 'welcome' | 'status'
>;

const noCounters = (): FeedCounters => ({
  events: 0,
  fixes: 0,
  refusedFixes: 0,
  unknownFixes: 0,
  refused: 0,
  unknown: 0,
  duplicates: 0,
  gaps: 0,
  resumes: 0,
  snapshots: 0,
  reconnects: 0,
  serverErrors: 0,
  skippedTicks: 0,
});

/** How the feed is doing. Everything but `status` and `welcome` is sampled twice a second. */
export const useFeedStore = defineStore('feed', () => {
  const status = shallowRef<FeedStatus>({ kind: 'connecting', sinceMs: Date.now(), reason: null });
  const welcome = shallowRef<Welcome | null>(null);
  /** How old the newest thing heard is, real ms; null before the first. */
  const feedAgeMs = ref<number | null>(null);
  /** How long no position has come though units were moving, real ms; null while nothing moves. */
  const positionsSilentMs = ref<number | null>(null);
  /** Server time minus this machine's time, ms; null until measured. */
  const skewMs = ref<number | null>(null);
  /** Half the round trip of the best exchange: the bound of the error of server time, ms. */
  const skewBoundMs = ref<number | null>(null);
  const clockRate = ref(1);
  const counters = shallowReactive(noCounters());
  const refusals = shallowRef<readonly Refusal[]>([]);
  let readings: Readings | null = null;

  const scene = computed(() => welcome.value?.scene ?? null);
  const capabilities = computed<ReadonlySet<string>>(() => new Set(welcome.value?.capabilities));
  /** Whether the server answers this command type or query kind. */
  const can = (capability: string): boolean => capabilities.value.has(capability);
  /** Server time, UTC epoch ms. Not reactive: for clocks use a composable that ticks. */
  const nowMs = (): number => readings?.nowMs() ?? Date.now();

  function sample(): void {
    if (readings === null) return;
    const clock = readings.clock();
    const heard = readings.heardServerMs();
    skewMs.value = clock?.skewMs ?? null;
    skewBoundMs.value = clock?.boundMs ?? null;
    clockRate.value = clock?.rate ?? 1;
    feedAgeMs.value = heard === null ? null : Math.max(0, readings.nowMs() - heard) / Math.max(clockRate.value, 1e-3);
    positionsSilentMs.value = readings.positionsSilentMs();
    Object.assign(counters, readings.counters);
    const last = readings.refusals();
    if (last.length !== refusals.value.length || last.at(-1) !== refusals.value.at(-1)) refusals.value = [...last];
  }
  function connect(client: Readings): void {
    readings = client;
    status.value = client.status();
    welcome.value = client.welcome();
    sample();
  }

  return {
    status,
    welcome,
    feedAgeMs,
    positionsSilentMs,
    skewMs,
    skewBoundMs,
    clockRate,
    counters,
    refusals,
    scene,
    capabilities,
    can,
    nowMs,
    sample,
    connect,
  };
});
