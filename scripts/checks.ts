import { join } from 'node:path';

interface Check {
  name: string;
  command: readonly string[];
}

/** Nothing kept from the run before: what is left over decides whether tsc reports errors in declarations. */
const AFRESH = ['--noEmit', '--composite', 'false', '--incremental', 'false'];

/** The habits of docs/architecture.md that a machine can hold, the longest first, so that two at a time end together. */
export function listChecks(root: string, { withTests }: { withTests: boolean }): readonly Check[] {
  const bin = (path: string) => [process.execPath, join(root, 'node_modules', path)];
  const tests: Check = {
    name: 'unit and contract tests',
    command: [...bin('vitest/vitest.mjs'), 'run', '--reporter=dot', 'test/unit', 'test/contract'],
  };
  return [
    ...(withTests ? [tests] : []),
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
}
