import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build.ts';
import { listChecks } from './checks.ts';
import { runCommand } from './runCommand.ts';
import { ROWS_VARIABLE, writeRows, type TestRow } from './testRows.ts';

/** `npm run check`: the habits that a machine can hold. One line a check; the whole output of those that fail. */

const root = fileURLToPath(new URL('..', import.meta.url));
/** Under `npm test` the runner of unit tests runs them all; by hand nobody else does. */
const CHECKS = listChecks(root, { withTests: process.env[ROWS_VARIABLE] === undefined });
/** Checks at a time: each is one thread, and two cores are what a small machine has. */
const AT_ONCE = 2;
/** The slowest check takes about a minute on two cores. */
const LIMIT_MS = 300_000;

if (!buildIfStale((line) => console.log(line))) process.exit(1);
const rows: TestRow[] = [];
const waiting = [...CHECKS];
await Promise.all(Array.from({ length: AT_ONCE }, work));
writeRows(CHECKS.map(({ name }) => rows.find((row) => row.title === name) as TestRow));
process.exit(rows.some((row) => row.state === 'failed') ? 1 : 0);

async function work(): Promise<void> {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
    const { exitCode, output, durationMs } = await runCommand(check.command, { cwd: root, limitMs: LIMIT_MS });
    const state = exitCode === 0 ? 'passed' : 'failed';
    console.log(`${state === 'passed' ? 'ok    ' : 'FAILED'} ${check.name} (${(durationMs / 1000).toFixed(1)} s)`);
    if (state === 'failed') console.log(output.trimEnd().replaceAll(/^/gm, '       '));
    rows.push({ file: 'check', title: check.name, state, reason: null, durationMs });
  }
}
