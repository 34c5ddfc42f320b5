/** Where a value lies in a JSON message: `a.b[0].c`, `["odd.name"]`; `$.` begins at the whole message inside `each`, `@` is the element itself. */
export interface Path {
  readonly text: string;
  readonly fromRoot: boolean;
  readonly keys: readonly (string | number)[];
}

const MOST_KEYS = 16;
const SEGMENT = /(?:^|\.)([^.[\]"]+)|\[(\d{1,6})\]|\["([^"]+)"\]/y;

/** @returns null for what is no path. */
export function parsePath(text: string): Path | null {
  if (text === '$' || text === '@') return { text, fromRoot: text === '$', keys: [] };
  const fromRoot = text.startsWith('$.') || text.startsWith('$[');
  const rest = fromRoot ? text.slice(text[1] === '.' ? 2 : 1) : text;
  const keys: (string | number)[] = [];
  SEGMENT.lastIndex = 0;
  while (SEGMENT.lastIndex < rest.length) {
    const found = SEGMENT.exec(rest);
    if (!found || keys.length === MOST_KEYS) return null;
    const [, name, index, quoted] = found;
    keys.push(index === undefined ? (name ?? quoted!) : Number(index));
  }
  return keys.length === 0 ? null : { text, fromRoot, keys };
}

/** @returns what lies there; undefined where nothing does. Only own fields: no message reaches a prototype. */
export function lookUp(path: Path, root: unknown, element: unknown): unknown {
  let value = path.fromRoot ? root : element;
  for (const key of path.keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}
