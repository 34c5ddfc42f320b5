import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildIfStale } from './build.ts';
import { ensureBrokers } from './installBrokers.ts';
import { ensureBrowser } from './installBrowser.ts';
import { runCommand, stopCommands, type CommandResult } from './runCommand.ts';
import { notRun, readRows, ROWS_VARIABLE, summarise, type TestRow } from './testRows.ts';

/** `npm test [-- --only check,unit,browser,desktop]`: every test there is, and one last line that adds them up. */

const root = fileURLToPath(new URL('..', import.meta.url));
const RESULTS = join(root, 'test-results/rows');
const node = process.execPath;
/** The slowest runner takes about five minutes on two cores. */
const LIMIT_MS = 720_000;
const playwright = [node, 'node_modules/@playwright/test/cli.js', 'test'];

interface Runner {
  name: 'check' | 'unit' | 'browser' | 'desktop';
  title: string;
  command: readonly string[];
  needsBrowser: boolean;
}

const RUNNERS: readonly Runner[] = [
  { name: 'check', title: 'static checks', command: [node, 'scripts/check.ts'], needsBrowser: false },
  {
    name: 'unit',
    title: 'unit, contract and integration tests',
    command: [node, 'node_modules/vitest/vitest.mjs', 'run', '--reporter=dot', '--reporter=./scripts/reporters/vitestRows.ts'],
    needsBrowser: false,
  },
  { name: 'browser', title: 'browser tests', command: [...playwright, '--project=browser'], needsBrowser: true },
  { name: 'desktop', title: 'desktop tests', command: [...playwright, '--project=standin', '--project=electron'], needsBrowser: true },
];

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stopCommands();
    process.exit(130);
  });
}
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const chosen = chooseRunners(args);
  if (typeof chosen === 'string') return refuse(chosen);
  const noBrowser = chosen.some((runner) => runner.needsBrowser) ? ensureBrowser(say) : null;
  if (noBrowser !== null) console.error(`wanglou: ${noBrowser}`);
  const noBroker = chosen.some(({ name }) => name === 'unit') ? ensureBrokers(say) : null;
  if (noBroker !== null) console.error(`wanglou: ${noBroker}`);
  const built = buildIfStale(say);
  /** What a machine lacks costs the tests that need it; the others run, and the last line adds up all. */
  const whyNot = ({ needsBrowser }: Runner): string | null =>
    !built ? 'the build failed' : needsBrowser && noBrowser !== null ? 'there is no browser' : null;

  // Static checks and unit tests share the cores; browsers get the machine to themselves, because they draw in software and watch clocks.
  const able = chosen.filter((runner) => whyNot(runner) === null);
  const [quiet, loud] = [able.filter((runner) => !runner.needsBrowser), able.filter((runner) => runner.needsBrowser)];
  const rows: TestRow[] = chosen.flatMap((runner) => {
    const reason = whyNot(runner);
    return reason === null ? [] : [notRun(runner.name, reason)];
  });
  for (const found of await Promise.all(quiet.map((runner) => run(runner, false)))) rows.push(...found);
  for (const runner of loud) rows.push(...(await run(runner, true)));

  const { lines, ok } = summarise(rows);
  console.log(`\n${lines.join('\n')}`);
  return ok ? 0 : 1;
}

async function run(runner: Runner, aloud: boolean): Promise<TestRow[]> {
  const file = join(RESULTS, `${runner.name}.json`);
  rmSync(file, { force: true }); // its own only: a test runs this program too
  say(`${runner.title} ...`);
  const result: CommandResult = await runCommand(runner.command, {
    cwd: root,
    limitMs: LIMIT_MS,
    aloud,
    env: { [ROWS_VARIABLE]: file, FORCE_COLOR: '0' },
  });
  console.log(`\n== ${runner.title}: ${(result.durationMs / 1000).toFixed(1)} s\n${result.output}`);
  return readRows(runner.name, file, result.exitCode);
}

/** @returns the runners asked for, or what is wrong with the flags. */
function chooseRunners(args: readonly string[]): readonly Runner[] | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { only: { type: 'string', multiple: true } },
      allowPositionals: true,
    });
    const names = [...(values.only ?? []), ...positionals].flatMap((value) => value.split(','));
    const unknown = names.find((name) => !RUNNERS.some((runner) => runner.name === name));
    if (unknown !== undefined) return `--only: "${unknown}" is none of ${RUNNERS.map((runner) => runner.name).join(', ')}`;
    return names.length === 0 ? RUNNERS : RUNNERS.filter((runner) => names.includes(runner.name));
  } catch (error) {
    return (error as Error).message;
  }
}

function say(line: string): void {
  console.log(`wanglou: ${line}`);
}

function refuse(reason: string): number {
  console.error(`wanglou: ${reason}`);
  return 2;
}
