import type { z } from 'zod';

/** The first thing that a schema finds wrong, as `data.unitIds[0]` and one sentence. */
export function firstIssue(error: z.ZodError, root: string): { path: string; message: string } {
  const issue = error.issues[0];
  let path = root;
  for (const key of issue?.path ?? []) path += typeof key === 'number' ? `[${key}]` : path === '' ? String(key) : `.${String(key)}`;
  return { path: path.slice(0, 500), message: (issue?.message ?? 'not valid').slice(0, 500) };
}
