import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build.ts';
import { runCommand } from './runCommand.ts';
import { writeRows, type TestRow } from './testRows.ts';

/** `npm run check`: the habits that a machine can hold. One line a check; the whole output of those that fail. */

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (path: string) => [process.execPath, join(root, 'node_modules', path)];

/** Nothing kept from the run before: what is left over decides whether tsc reports errors in declarations. */
const AFRESH = ['--noEmit', '--composite', 'false', '--incremental', 'false'];

/** The longest first, so that two at a time end together. */
const CHECKS: readonly { name: string; command: readonly string[] }[] = [
  // Without a cache: rules that use types depend on other files than the one they judge.
  { name: 'lint', command: [...bin('eslint/bin/eslint.js'), '.', '--max-warnings=0'] },
  { name: 'types of node code', command: [...bin('typescript/bin/tsc'), '-p', 'tsconfig.node.json', ...AFRESH] },
  { name: 'types of browser and desktop tests', command: [...bin('typescript/bin/tsc'), '-p', 'tsconfig.test.json', ...AFRESH] },
  { name: 'types of page code', command: [...bin('vue-tsc/bin/vue-tsc.js'), '-p', 'tsconfig.web.json', ...AFRESH] },
  { name: 'format', command: [...bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'] },
  { name: 'unused files, exports and dependencies', command: [...bin('knip/bin/knip.js'), '--no-progress'] },
  {
    name: 'who may import whom',
    command: [
      ...bin('dependency-cruiser/bin/dependency-cruiser.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type=err',
      'protocol',
      'gateway',
      'electron',
      'renderer',
    ],
  },
  { name: 'generated files unchanged', command: [process.execPath, 'scripts/generate.ts', '--check'] },
  { name: 'size budget', command: [process.execPath, 'scripts/sizeBudget.ts'] },
];
/** Checks at a time: each is one thread, and two cores are what a small machine has. */
const AT_ONCE = 2;

if (!buildIfStale((line) => console.log(line))) process.exit(1);
const rows: TestRow[] = [];
const waiting = [...CHECKS];
await Promise.all(Array.from({ length: AT_ONCE }, work));
writeRows(CHECKS.map(({ name }) => rows.find((row) => row.title === name) as TestRow));
process.exit(rows.some((row) => row.state === 'failed') ? 1 : 0);

async function work(): Promise<void> {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
    const { exitCode, output, durationMs } = await runCommand(check.command, { cwd: root });
    const state = exitCode === 0 ? 'passed' : 'failed';
    console.log(`${state === 'passed' ? 'ok    ' : 'FAILED'} ${check.name} (${(durationMs / 1000).toFixed(1)} s)`);
    if (state === 'failed') console.log(output.trimEnd().replaceAll(/^/gm, '       '));
    rows.push({ file: 'check', title: check.name, state, reason: null, durationMs });
  }
}
