import { expect, it } from 'vitest';
import { listChecks } from '../../../scripts/checks.ts';

it('holds every habit that the architecture page lists, each once whoever asks', () => {
  const names = (withTests: boolean) => listChecks('/', { withTests }).map(({ name }) => name);
  const alone = names(true).join(', ');
  for (const habit of ['types', 'lint', 'format', 'unused', 'unit and contract tests', 'generated files unchanged', 'size budget'])
    expect(alone).toContain(habit);
  expect(names(true).filter((name) => !names(false).includes(name))).toEqual(['unit and contract tests']);
});
