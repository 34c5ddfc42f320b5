import type { QueryItem } from '../../protocol/queries/index.ts';
import { PROTOCOL_VERSION } from '../../protocol/frames/client.ts';
import manifest from '../../package.json' with { type: 'json' };
import type { Clock } from '../clock.ts';
import type { JournalStats } from '../journal/journal.ts';
import type { SourceHealth } from '../sources/byteSource.ts';
import { judgeHealth } from './judgeHealth.ts';
import type { HealthLimits } from './judgeHealth.ts';
import { createLoopDelay } from './loopDelay.ts';
import { createRatePerS } from './ratePerS.ts';

export type Vitals = QueryItem['vitals'];

/** What each part of the gateway hands in. Read when somebody asks, about twice a second at most: must be cheap. */
export interface VitalsParts {
  journal(): JournalStats & { epoch: string };
  feed(): Vitals['feed'];
  positions(): { units: number; accepted: number; refused: Readonly<Record<string, number>> };
  tracks(): Vitals['tracks'];
  sources(): readonly SourceHealth[];
  /** Errors that were caught so that the rest goes on, in one sentence; null while there was none. */
  faults(): string | null;
}

export interface VitalsOptions {
  clock: Clock;
  limits?: Partial<HealthLimits>;
}

const countedOf = (counts: Readonly<Record<string, number>>): { code: string; count: number }[] =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([code, count]) => ({ code, count }));

const sourceOf = (health: SourceHealth): Vitals['sources'][number] => ({
  id: health.id,
  kind: health.kind,
  state: health.state,
  reason: health.reason,
  sinceMs: Math.max(0, health.sinceMs),
  lastHeardAtMs: health.lastHeardAtMs,
  messagesPerS: health.messagesPerS,
  factsPerS: health.factsPerS,
  accepted: health.accepted,
  repeated: health.repeated,
  refused: health.refused,
  refusedByReason: countedOf(health.refusedByReason),
  lastRefusals: health.lastRefusals.slice(0, 20).map(({ atMs, from, reason, path, message, sample }) => ({
    atMs,
    from,
    code: reason,
    message: path === '' ? message : `${path}: ${message}`,
    sample,
  })),
});

const nothing: VitalsParts = {
  journal: () => ({
    path: null,
    schemaVersion: 0,
    epoch: '-',
    headSeq: 0,
    committedSeq: 0,
    oldestSeq: 0,
    firstAtMs: null,
    lastAtMs: null,
    sizeBytes: 0,
    budgetBytes: null,
    directoryBytes: null,
    warnings: [],
    commits: 0,
    commitP50Ms: 0,
    commitP95Ms: 0,
    commitMaxMs: 0,
    pending: 0,
  }),
  feed: () => ({
    walls: [],
    accepted: 0,
    resumed: 0,
    snapshots: 0,
    events: 0,
    positionFrames: 0,
    skippedTicks: 0,
    cutSilent: 0,
    cutStalled: 0,
    refusedUpgrades: 0,
    refused: [],
    lastRefusals: [],
  }),
  positions: () => ({ units: 0, accepted: 0, refused: {} }),
  tracks: () => null,
  sources: () => [],
  faults: () => null,
};

/**
 * The one place that knows how the gateway is: each part hands in how it reads its own figures, and the query `vitals`, `/healthz` and
 * `/metrics` all tell what is read here.
 */
export function createVitals({ clock, limits }: VitalsOptions) {
  const parts: VitalsParts = { ...nothing };
  const startedAtMs = performance.now();
  let onLoopDelay: (delayMs: number) => void = () => {};
  const loop = createLoopDelay((delayMs) => onLoopDelay(delayMs));
  const fixRate = createRatePerS(() => parts.positions().accepted);
  const judge = judgeHealth(limits);

  return {
    /** A part hands in its figures; a later one under the same name takes its place. */
    hand<K extends keyof VitalsParts>(name: K, read: VitalsParts[K]): void {
      parts[name] = read;
    },
    /** Calls the listener with each sample of the event loop's delay, ms. One listener. */
    onLoopDelay(listener: (delayMs: number) => void): void {
      onLoopDelay = listener;
    },
    read(): Vitals {
      const atMs = Math.round(clock.nowMs());
      const { path, warnings, pending, epoch, ...journal } = parts.journal();
      const positions = parts.positions();
      const sources = parts.sources().map(sourceOf);
      const faults = parts.faults();
      const memory = process.memoryUsage();
      const [loopP50Ms = 0, loopP99Ms = 0] = loop.quantilesMs(0.5, 0.99);
      const reasons = judge({
        journal: { pending, committedSeq: journal.committedSeq, budgetBytes: journal.budgetBytes, directoryBytes: journal.directoryBytes },
        sources,
        atMs,
        clockRate: clock.rate,
        realMs: performance.now(),
      });
      return {
        atMs,
        healthy: reasons.length === 0,
        reasons,
        warnings: faults === null ? [...warnings] : [...warnings, faults],
        process: {
          version: manifest.version,
          protocol: PROTOCOL_VERSION,
          node: process.versions.node,
          electron: process.versions['electron'] ?? null,
          upMs: Math.round(performance.now() - startedAtMs),
          heapBytes: memory.heapUsed,
          rssBytes: memory.rss,
          loopP50Ms,
          loopP99Ms,
        },
        feed: parts.feed(),
        positions: {
          units: positions.units,
          accepted: positions.accepted,
          acceptedPerS: fixRate.perS(),
          refused: countedOf(positions.refused),
        },
        journal: {
          durable: path !== null,
          epoch,
          headSeq: journal.headSeq,
          committedSeq: journal.committedSeq,
          oldestSeq: journal.oldestSeq,
          sizeBytes: Math.round(journal.sizeBytes),
          budgetBytes: journal.budgetBytes,
          directoryBytes: journal.directoryBytes,
          commits: journal.commits,
          commitP50Ms: journal.commitP50Ms,
          commitP95Ms: journal.commitP95Ms,
          commitMaxMs: journal.commitMaxMs,
        },
        tracks: parts.tracks(),
        sources,
      };
    },
    dispose(): void {
      loop.dispose();
      fixRate.dispose();
    },
  };
}
export type VitalsRegistry = ReturnType<typeof createVitals>;
