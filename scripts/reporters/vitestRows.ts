import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { writeRows, type TestRow } from '../testRows.ts';

/** Vitest's results as rows. A file that could not be loaded, and an error outside any test, are failed rows. */
export default class VitestRows implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const rows: TestRow[] = [];
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId);
      for (const error of module.errors()) rows.push(failure(file, `could not be loaded: ${error.message}`));
      for (const suite of module.children.allSuites())
        for (const error of suite.errors()) rows.push(failure(file, `${suite.fullName}: ${error.message}`));
      for (const test of module.children.allTests()) {
        const result = test.result();
        const state = result.state === 'pending' ? 'failed' : result.state;
        const reason = result.state === 'skipped' ? (result.note ?? null) : null;
        rows.push({ file, title: test.fullName, state, reason, durationMs: test.diagnostic()?.duration ?? 0 });
      }
    }
    for (const error of errors) rows.push(failure('vitest', `error outside the tests: ${(error as Error).message}`));
    writeRows(rows);
  }
}

const failure = (file: string, title: string): TestRow => ({ file, title, state: 'failed', reason: null, durationMs: 0 });
