import type { Town } from '../../protocol/town/town.ts';
import { AppError } from '../appError.ts';
import { createLiveClock } from '../clock.ts';
import type { Fact, Refusal } from '../adapters/adapter.ts';
import { createDesk } from '../desk/createDesk.ts';
import { createMemoryJournal } from '../journal/createMemoryJournal.ts';
import { createLivePositions } from '../journal/livePositions.ts';
import { createSourceHub } from './createSourceHub.ts';
import type { SourcesFile } from './sourcesFile.ts';

/** A message to try, and where it was found. */
export interface Sample {
  name: string;
  from: string;
  bytes: Uint8Array;
}
export interface DryRun {
  /** For a person, in order. */
  lines: string[];
  accepted: number;
  refused: number;
}

const LINE_LENGTH = 300;
const subjectOf = (fact: Fact): unknown =>
  'message' in fact
    ? fact.message
    : 'unit' in fact
      ? fact.unit
      : 'camera' in fact
        ? fact.camera
        : 'detection' in fact
          ? fact.detection
          : fact;
const cut = (line: string): string => (line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH - 3)}...` : line);

/**
 * Takes messages as the gateway would, into a town that nobody sees. Nothing is connected, no secret is needed.
 * @param sourceId which source of the file; null where there is one alone.
 * @throws AppError when the file has no such source.
 */
export async function dryRun(file: SourcesFile, town: Town, sourceId: string | null, samples: readonly Sample[]): Promise<DryRun> {
  const ids = file.entries.map(({ id }) => id);
  const id = sourceId ?? (ids.length === 1 ? ids[0]! : null);
  if (id === null)
    throw new AppError('noSource', `${file.name} has ${ids.length} sources; say which one: --source ${ids.join(', --source ')}`);
  if (!ids.includes(id)) throw new AppError('noSource', `${file.name} has no source ${id}; it has ${ids.join(', ')}`);

  const journal = createMemoryJournal();
  const positions = createLivePositions((unitId) => journal.latest('unit.updated', unitId) !== undefined);
  const faults: unknown[] = [];
  const leader = { zh: '试', en: 'Dry run' };
  const desk = createDesk({
    journal,
    clock: createLiveClock(),
    town,
    router: { route: () => null, waysTo: (_to, from) => from.map(() => null) },
    positions,
    start: { mode: 'routine', leader, simulated: true },
    onFault: (error) => faults.push(error),
  });
  const entries = file.entries.map((entry) => ({ ...entry, enabled: entry.enabled || entry.id === id }));
  const hub = createSourceHub({
    file: { ...file, entries },
    town,
    intake: desk.intake,
    journal,
    latestFix: positions.latest,
    onFault: (error) => faults.push(error),
  });
  const run: DryRun = { lines: [], accepted: 0, refused: 0 };
  const reasons = new Map<string, number>();
  try {
    for (const { tellRoster } of hub.all) tellRoster();
    const source = hub.all.find(({ entry }) => entry.id === id)!;
    for (const { name, from, bytes } of samples) {
      const say = (line: string): void => void run.lines.push(cut(`${name}: ${line}`));
      const told = new Set<Refusal>();
      const refuse = (refusal: Refusal, about = ''): void => {
        told.add(refusal);
        run.refused += 1;
        reasons.set(refusal.reason, (reasons.get(refusal.reason) ?? 0) + 1);
        say(`refused ${refusal.reason}${refusal.path === '' ? '' : ` at ${refusal.path}`}: ${refusal.message}${about}`);
      };
      const { refusals, repeated, accepted } = source.tryOut(bytes, { from }, (fact, verdict) => {
        if (typeof verdict === 'object') return refuse(verdict, ` ${JSON.stringify(subjectOf(fact))}`);
        if (verdict === 'passed') return;
        run.accepted += 1;
        say(`${verdict === 'repeated' ? 'repeated, changes nothing' : 'accepted'} ${fact.kind} ${JSON.stringify(subjectOf(fact))}`);
      });
      for (const refusal of refusals) if (!told.has(refusal)) refuse(refusal);
      if (accepted === 0 && refusals.length === 0)
        say(repeated > 0 ? 'repeated: a message of this name came before' : 'passed over: it holds nothing of use');
    }
  } finally {
    await hub.dispose();
    desk.dispose();
    await journal.dispose();
  }
  if (faults.length > 0) throw faults[0];
  const why = [...reasons].map(([reason, count]) => `${reason} ${count}`).join(', ');
  run.lines.push(
    `${samples.length} message${samples.length === 1 ? '' : 's'}: ${run.accepted} accepted, ${run.refused} refused${why === '' ? '' : ` (${why})`}`,
  );
  return run;
}
