import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** One test or check, whichever runner ran it. */
export interface TestRow {
  /** Where it is: a file, or the group of checks. */
  file: string;
  title: string;
  state: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped; null for others. */
  reason: string | null;
  durationMs: number;
}

/** A runner tells its rows through the file named in this variable. */
export const ROWS_VARIABLE = 'WANGLOU_TEST_ROWS';

export function writeRows(rows: readonly TestRow[], file: string | undefined = process.env[ROWS_VARIABLE]): void {
  if (file === undefined) return; // the runner was started by hand
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(rows));
}

/** A runner that was not started for a reason that has been said: a failure, so that the sum tells of it. */
export const notRun = (runner: string, reason: string): TestRow => ({
  file: runner,
  title: `not run: ${reason}`,
  state: 'failed',
  reason: null,
  durationMs: 0,
});

/**
 * What a runner did. One that ended badly without a failed row to show for it, or that ran nothing, is itself a failure: otherwise a crash
 * would read like a success.
 */
export function readRows(runner: string, file: string, exitCode: number): TestRow[] {
  const failure = (title: string): TestRow => ({ file: runner, title, state: 'failed', reason: null, durationMs: 0 });
  let rows: TestRow[];
  try {
    rows = JSON.parse(readFileSync(file, 'utf8')) as TestRow[];
  } catch (error) {
    return [failure(`left no result (exit code ${exitCode}): ${(error as Error).message}`)];
  }
  if (rows.length === 0) return [failure('ran no test')];
  if (exitCode !== 0 && !rows.some((row) => row.state === 'failed')) return [...rows, failure(`ended with code ${exitCode}`)];
  return rows;
}

/** The lines after all runners: failed tests, skipped tests with their reasons, and last the one line that adds up everything. */
export function summarise(rows: readonly TestRow[]): { lines: string[]; ok: boolean } {
  const of = (state: TestRow['state']) => rows.filter((row) => row.state === state);
  const [failed, skipped] = [of('failed'), of('skipped')];
  const name = (row: TestRow) => `${row.file}: ${row.title}`;
  const lines = [
    ...failed.map((row) => `failed: ${name(row)}`),
    ...skipped.map((row) => `skipped: ${name(row)} (${row.reason ?? 'no reason given'})`),
    `${of('passed').length} passed, ${failed.length} failed, ${skipped.length} skipped`,
  ];
  return { lines, ok: failed.length === 0 };
}
