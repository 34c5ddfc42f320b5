import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Vitals, VitalsRegistry } from './createVitals.ts';

type Labels = Readonly<Record<string, string>>;
/** Each label set with its value. */
type Values = readonly (readonly [labels: Labels, value: number])[];
const one = (value: number): Values => [[{}, value]];

interface Metric {
  name: string;
  help: string;
  kind: 'counter' | 'gauge';
  labels?: readonly string[];
  read(vitals: Vitals): Values;
}
const counter = (name: string, help: string, read: Metric['read'], labels?: readonly string[]): Metric => ({
  name,
  help,
  kind: 'counter',
  read,
  ...(labels ? { labels } : {}),
});
const gauge = (name: string, help: string, read: Metric['read'], labels?: readonly string[]): Metric => ({
  name,
  help,
  kind: 'gauge',
  read,
  ...(labels ? { labels } : {}),
});
const perSource = (read: (source: Vitals['sources'][number]) => number): Metric['read'] => {
  return ({ sources }) => sources.map((source) => [{ source: source.id, kind: source.kind }, read(source)]);
};
const SOURCE = ['source', 'kind'] as const;

/** Names after https://prometheus.io/docs/practices/naming/: base units, `_total` for what only grows. Labels are bounded: our codes and the sources file. */
const METRICS: readonly Metric[] = [
  gauge('wanglou_healthy', '1 while /healthz answers 200.', ({ healthy }) => one(healthy ? 1 : 0)),
  gauge(
    'wanglou_info',
    'Versions, as labels.',
    ({ process }) => [[{ version: process.version, node: process.node, protocol: String(process.protocol) }, 1]],
    ['version', 'node', 'protocol'],
  ),
  gauge('process_resident_memory_bytes', 'Resident memory of the gateway.', ({ process }) => one(process.rssBytes)),
  gauge('nodejs_heap_size_used_bytes', 'JavaScript heap in use.', ({ process }) => one(process.heapBytes)),
  gauge('wanglou_up_seconds', 'Time since the gateway started.', ({ process }) => one(process.upMs / 1000)),

  gauge('wanglou_feed_walls', 'Walls connected now.', ({ feed }) => one(feed.walls.length)),
  gauge('wanglou_feed_buffered_bytes', 'Bytes that the sockets of all walls have not taken yet.', ({ feed }) =>
    one(feed.walls.reduce((sum, wall) => sum + wall.bufferedBytes, 0)),
  ),
  gauge('wanglou_feed_behind_events', 'Events that the wall farthest behind has not acknowledged.', ({ feed }) =>
    one(Math.max(0, ...feed.walls.map((wall) => wall.behindEvents))),
  ),
  counter('wanglou_feed_connections_total', 'Accepted connections.', ({ feed }) => one(feed.accepted)),
  counter('wanglou_feed_resumes_total', 'Connections that went on from their cursor.', ({ feed }) => one(feed.resumed)),
  counter('wanglou_feed_snapshots_total', 'Connections that began with a snapshot.', ({ feed }) => one(feed.snapshots)),
  counter('wanglou_feed_events_total', 'Events sent, summed over walls.', ({ feed }) => one(feed.events)),
  counter('wanglou_feed_position_frames_total', 'Position frames sent, summed over walls.', ({ feed }) => one(feed.positionFrames)),
  counter('wanglou_feed_skipped_ticks_total', 'Position ticks that a full socket skipped.', ({ feed }) => one(feed.skippedTicks)),
  counter(
    'wanglou_feed_cuts_total',
    'Walls cut because they were silent or took nothing.',
    ({ feed }) => [
      [{ reason: 'silent' }, feed.cutSilent],
      [{ reason: 'stalled' }, feed.cutStalled],
    ],
    ['reason'],
  ),
  counter('wanglou_feed_refused_upgrades_total', 'Connections refused before the feed.', ({ feed }) => one(feed.refusedUpgrades)),
  counter(
    'wanglou_feed_refused_frames_total',
    'Frames of walls refused, by error code.',
    ({ feed }) => feed.refused.map(({ code, count }) => [{ code }, count]),
    ['code'],
  ),

  gauge('wanglou_units', 'Units that have a position.', ({ positions }) => one(positions.units)),
  counter('wanglou_fixes_accepted_total', 'Position fixes accepted.', ({ positions }) => one(positions.accepted)),
  counter(
    'wanglou_fixes_refused_total',
    'Position fixes refused, by reason.',
    ({ positions }) => positions.refused.map(({ code, count }) => [{ reason: code }, count]),
    ['reason'],
  ),

  gauge('wanglou_journal_head_seq', 'Last event number given out.', ({ journal }) => one(journal.headSeq)),
  gauge('wanglou_journal_committed_seq', 'Last event that is safe.', ({ journal }) => one(journal.committedSeq)),
  gauge('wanglou_journal_oldest_seq', 'First event that can be resumed from.', ({ journal }) => one(journal.oldestSeq)),
  gauge('wanglou_journal_size_bytes', 'Size of the journal.', ({ journal }) => one(journal.sizeBytes)),
  gauge('wanglou_data_size_bytes', 'Size of the data directory.', ({ journal }) =>
    journal.directoryBytes === null ? [] : one(journal.directoryBytes),
  ),
  gauge('wanglou_data_budget_bytes', 'What the data directory may take.', ({ journal }) =>
    journal.budgetBytes === null ? [] : one(journal.budgetBytes),
  ),
  counter('wanglou_journal_commits_total', 'Groups of events that became durable.', ({ journal }) => one(journal.commits)),
  gauge(
    'wanglou_journal_commit_seconds',
    'From the first append of a group until it is safe, over the last 512 groups.',
    ({ journal }) => [
      [{ quantile: '0.5' }, journal.commitP50Ms / 1000],
      [{ quantile: '0.95' }, journal.commitP95Ms / 1000],
      [{ quantile: '1' }, journal.commitMaxMs / 1000],
    ],
    ['quantile'],
  ),
  gauge('wanglou_tracks_size_bytes', 'Size of the track store.', ({ tracks }) => (tracks === null ? [] : one(tracks.sizeBytes))),
  counter('wanglou_tracks_fixes_total', 'Fixes in the track store.', ({ tracks }) => (tracks === null ? [] : one(tracks.fixes))),

  gauge(
    'wanglou_source_up',
    '1 while a source is live.',
    perSource(({ state }) => (state === 'live' ? 1 : 0)),
    SOURCE,
  ),
  counter(
    'wanglou_source_facts_accepted_total',
    'Facts accepted of a source.',
    perSource(({ accepted }) => accepted),
    SOURCE,
  ),
  counter(
    'wanglou_source_facts_refused_total',
    'Refusals of a source.',
    perSource(({ refused }) => refused),
    SOURCE,
  ),
  counter(
    'wanglou_source_reports_repeated_total',
    'Reports that had come before.',
    perSource(({ repeated }) => repeated),
    SOURCE,
  ),
];

/** The same figures as `vitals`, as Prometheus reads them (text format 0.0.4), and a histogram of the event loop's delay. */
export function createMetrics(vitals: Pick<VitalsRegistry, 'read' | 'onLoopDelay'>) {
  const registry = new Registry();
  const registers = [registry];
  const filled = METRICS.map(({ name, help, kind, labels = [], read }) => {
    const labelNames = [...labels];
    if (kind === 'gauge') {
      const metric = new Gauge({ name, help, labelNames, registers });
      return (now: Vitals): void => {
        metric.reset();
        for (const [set, value] of read(now)) metric.set(set, value);
      };
    }
    const metric = new Counter({ name, help, labelNames, registers });
    return (now: Vitals): void => {
      metric.reset();
      for (const [set, value] of read(now)) metric.inc(set, value);
    };
  });
  const loopDelay = new Histogram({
    name: 'wanglou_event_loop_delay_seconds',
    help: 'How late the event loop ran a timer, sampled twenty times a second.',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
    registers,
  });
  vitals.onLoopDelay((delayMs) => loopDelay.observe(delayMs / 1000));
  return {
    contentType: registry.contentType,
    text(): Promise<string> {
      const now = vitals.read();
      for (const fill of filled) fill(now);
      return registry.metrics();
    },
  };
}
