import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import { jsonErrorOffset } from './jsonErrorOffset.ts';
import { SceneError } from './sceneError.ts';

/** `roads[3].line[0]` from `['roads', 3, 'line', 0]`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`)).join('');
}

/**
 * Reads a file of a scene and checks it.
 * @param root the folder of all scenes. @param file path of the file in it. @param key what errors call the whole, for a file that is a list.
 * @throws {SceneError}
 */
export function readJson<S extends z.ZodType>(root: string, file: string, schema: S, key?: string): Promise<z.infer<S>> {
  return readJsonFile(join(root, file), shownAs(root, file), schema, key);
}

/** The same for a file anywhere. @param place its path. @param name what errors call it. @throws {SceneError} */
export async function readJsonFile<S extends z.ZodType>(place: string, name: string, schema: S, key?: string): Promise<z.infer<S>> {
  let text: string;
  try {
    // Some editors put a byte order mark first; it is no part of the text (RFC 8259, section 8.1).
    text = (await readFile(place, 'utf8')).replace(/^\uFEFF/, '');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new SceneError(name, '', code === 'ENOENT' ? 'the file is missing' : `cannot be read (${code ?? String(cause)})`, cause);
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    const before = text.slice(0, Math.max(0, jsonErrorOffset(text))).split('\n');
    const found = text.slice(Math.max(0, jsonErrorOffset(text))).match(/^\S/)?.[0];
    const what = found === undefined ? 'the text ends too early' : `unexpected ${JSON.stringify(found)}`;
    throw new SceneError(name, `line ${before.length} column ${before.at(-1)!.length + 1}`, `not JSON: ${what}`, cause);
  }
  const parsed = schema.safeParse(data, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issue = deepest(parsed.error.issues);
  const more = parsed.error.issues.length - 1;
  const path = fieldPath(key === undefined ? issue.path : [key, ...issue.path]);
  throw new SceneError(name, path, issue.message + given(issue.input) + (more > 0 ? ` (and ${more} more)` : ''));
}

/** A file of a scene as errors name it, e.g. `scenes/wuzhen/roads.json`. */
export function shownAs(root: string, file: string): string {
  return `${basename(root)}/${file}`;
}

type Issue = z.core.$ZodIssue;

/** Of a failed union, the alternative that came furthest, because that is the one that was meant. */
function deepest(issues: readonly Issue[], path: readonly PropertyKey[] = []): Issue {
  const issue = issues[0]!;
  const full = [...path, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return { ...issue, path: full };
  const branches = issue.errors.filter((branch) => branch.length > 0);
  const score = (branch: readonly Issue[]) =>
    Math.max(...branch.map((one) => one.path.length)) * 10 -
    branch.filter((one) => one.code === 'unrecognized_keys').length * 100 -
    branch.length;
  const best = branches.toSorted((a, b) => score(b) - score(a))[0];
  return best ? deepest(best, full) : { ...issue, path: full };
}

function given(input: unknown): string {
  if (input === undefined || (typeof input === 'object' && input !== null)) return '';
  const shown = JSON.stringify(input);
  return `, got ${shown.length > 60 ? `${shown.slice(0, 57)}...` : shown}`;
}
