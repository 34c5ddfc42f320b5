import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createSqliteJournal } from '../../../../gateway/journal/createSqliteJournal.ts';
import type { SqliteJournalOptions } from '../../../../gateway/journal/createSqliteJournal.ts';
import type { HistoryEntry, Journal, JournalEntry } from '../../../../gateway/journal/journal.ts';
import type { Weather } from '../../../../protocol/messages/index.ts';

/** A directory that goes with the test. */
export function makeDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'wanglou-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A durable journal that is closed with the test. */
export async function openJournal(path: string, options: Partial<SqliteJournalOptions> = {}): Promise<Journal> {
  const journal = await createSqliteJournal({ path, ...options });
  onTestFinished(() => journal.dispose());
  return journal;
}

export const say = (journal: Journal, id: string, rev: number, atMs = 1000 + rev): number =>
  journal.append({ type: 'weather.updated', data: { id, rev } as Weather }, atMs);

export async function readAll<T>(entries: Iterable<T> | AsyncIterable<T>): Promise<T[]> {
  const read: T[] = [];
  for await (const entry of entries) read.push(entry);
  return read;
}
export const seqsOf = async (entries: Iterable<JournalEntry> | AsyncIterable<JournalEntry>): Promise<number[]> =>
  (await readAll(entries)).map(({ seq }) => seq);

/** What a state says, comparable. */
export const factsOf = (state: Pick<Journal, 'all'>): unknown => JSON.stringify([...state.all('weather.updated')]);
export const historyOf = (entries: readonly HistoryEntry[]): unknown => entries.map((entry) => JSON.stringify(entry));
