import type { Fix } from '../../protocol/frames/position.ts';
import type { Town } from '../../protocol/town/town.ts';
import { createIntakeDoors } from '../http/intakeDoors.ts';
import type { IntakeDoors } from '../http/intakeDoors.ts';
import type { Journal } from '../journal/journal.ts';
import type { SourceHealth } from '../sources/byteSource.ts';
import type { Intake, Order } from '../sources/source.ts';
import { createRunningSource } from './createRunningSource.ts';
import type { RunningSource } from './createRunningSource.ts';
import { createFirstHandles } from './firstHandles.ts';
import { createGroupFlush } from './groupFlush.ts';
import type { RestartOptions } from './restarts.ts';
import type { SourcesFile } from './sourcesFile.ts';

export interface SourceHubOptions {
  file: SourcesFile;
  town: Town;
  intake: Intake;
  journal: Journal;
  latestFix(unitId: string): Fix | undefined;
  env?: Readonly<Record<string, string | undefined>>;
  restart?: Partial<RestartOptions>;
  /** Resolves when every fix that was handed in is on the disk; left out, where nothing keeps them. */
  fixesFlushed?: () => Promise<void>;
  /** Of the gateway's own server; left out, requests come from nowhere. */
  doors?: IntakeDoors;
  onFault(error: unknown): void;
}

/**
 * Opens every source of a sources file and hands what they bring to the desk. One that fails is opened anew after a while; the others go on.
 * @throws AppError (exit code 2) for a configuration that cannot work; whatever was opened before is closed then.
 */
export function createSourceHub({
  file,
  town,
  intake,
  journal,
  latestFix,
  env = process.env,
  restart,
  doors = createIntakeDoors(),
  fixesFlushed,
  onFault,
}: SourceHubOptions) {
  const fixesSafe = fixesFlushed ? createGroupFlush(fixesFlushed) : () => Promise.resolve();
  const owners = new Map<string, RunningSource>();
  const handles = createFirstHandles(journal);
  const running = file.entries
    .map((entry, i) => ({ entry, at: `${file.name}: sources[${i}]` }))
    .filter(({ entry }) => entry.enabled)
    .map(({ entry, at }) => {
      const one: RunningSource = createRunningSource({
        entry,
        at,
        directory: file.directory,
        town,
        intake,
        journal,
        handles,
        env,
        ...(restart ? { restart } : {}),
        doors,
        fixesSafe,
        latestFix,
        onUnit: (unitId) => owners.set(unitId, one),
        onFault,
      });
      return one;
    });
  const dispose = async (): Promise<void> => {
    for (const outcome of await Promise.allSettled(running.map((one) => one.dispose())))
      if (outcome.status === 'rejected') onFault(outcome.reason);
  };

  /** Who brought the unit; after a restart, before it was heard of again, whose prefix it carries. */
  const ownerOf = (unitId: string): RunningSource | undefined => {
    const byPrefix = (): RunningSource | undefined =>
      running
        .filter(({ entry }) => entry.prefix !== '' && unitId.startsWith(entry.prefix))
        .sort((a, b) => b.entry.prefix.length - a.entry.prefix.length)[0];
    return owners.get(unitId) ?? byPrefix();
  };

  return {
    start(): void {
      for (const one of running) one.tellRoster();
      for (const one of running) one.start();
    },
    /** @returns false where the unit is of no source here. */
    order(order: Order): boolean {
      const owner = ownerOf(order.unitId);
      owner?.order(order);
      return owner !== undefined;
    },
    health: (): SourceHealth[] => running.map((one) => one.health()),
    /** For the dry run. */
    all: running as readonly RunningSource[],
    dispose,
  };
}
export type SourceHub = ReturnType<typeof createSourceHub>;
