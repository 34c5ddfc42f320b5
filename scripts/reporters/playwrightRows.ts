import { relative } from 'node:path';
import type { FullConfig, Reporter, Suite, TestCase, TestError } from '@playwright/test/reporter';
import { writeRows, type TestRow } from '../testRows.ts';

/** Playwright's results as rows; an error outside any test is a failed row. */
export default class PlaywrightRows implements Reporter {
  private suite: Suite | null = null;
  private readonly errors: TestError[] = [];

  printsToStdio(): boolean {
    return false; // the list reporter beside this one prints
  }

  onBegin(_config: FullConfig, suite: Suite): void {
    this.suite = suite;
  }

  onError(error: TestError): void {
    this.errors.push(error);
  }

  onEnd(): void {
    const rows = (this.suite?.allTests() ?? []).map(toRow);
    for (const error of this.errors)
      rows.push({ file: 'playwright', title: error.message ?? 'error', state: 'failed', reason: null, durationMs: 0 });
    writeRows(rows);
  }
}

function toRow(test: TestCase): TestRow {
  const outcome = test.outcome();
  // A test that passed only at its second run is not a pass: the first failure was real.
  const state = outcome === 'skipped' ? 'skipped' : outcome === 'expected' ? 'passed' : 'failed';
  const [, project = '', , ...titles] = test.titlePath();
  const skip = test.annotations.find((annotation) => annotation.type === 'skip' || annotation.type === 'fixme');
  return {
    file: relative(process.cwd(), test.location.file),
    title: `[${project}] ${titles.join(' > ')}`,
    state,
    reason: state === 'skipped' ? (skip?.description ?? null) : null,
    durationMs: test.results.reduce((sum, result) => sum + result.duration, 0),
  };
}
