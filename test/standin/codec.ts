/**
 * Values between processes and between worlds, as JSON: what structured clone carries and our bridge uses. Used in Node and, as source
 * text, in both worlds of a page; so it refers to nothing outside itself.
 */
export interface Codec {
  /** @param foreign Encodes a function or a promise; without it both cannot be cloned, as in Electron's IPC. */
  encode(value: unknown, foreign?: (value: object) => unknown): unknown;
  decode(value: unknown, foreign?: (reference: { $: string; id: number }) => unknown): unknown;
}

export function createCodec(): Codec {
  const encode: Codec['encode'] = (root, foreign) => {
    const open = new Set<object>();
    const go = (value: unknown): unknown => {
      if (value === undefined) return { $: 'undefined' };
      if (typeof value === 'bigint') return { $: 'bigint', v: String(value) };
      if (typeof value === 'number' && !Number.isFinite(value)) return { $: 'number', v: String(value) };
      if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
      if (typeof value === 'symbol') throw new Error('An object could not be cloned.');
      if (typeof value === 'function' || value instanceof Promise) {
        if (foreign === undefined) throw new Error('An object could not be cloned.');
        return foreign(value);
      }
      if (open.has(value)) throw new Error('stand-in: cyclic objects are not modelled');
      open.add(value);
      try {
        if (value instanceof Date) return { $: 'date', v: value.getTime() };
        if (value instanceof Error) return { $: 'error', v: value.message, name: value.name };
        if (Array.isArray(value)) return value.map(go);
        const prototype: unknown = Object.getPrototypeOf(value);
        if (prototype !== null && (prototype as object).constructor?.name !== 'Object')
          throw new Error('stand-in: only plain objects are modelled');
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.startsWith('$') ? `$${key}` : key, go(item)]));
      } finally {
        open.delete(value);
      }
    };
    return go(root);
  };
  const decode: Codec['decode'] = (root, foreign) => {
    const go = (value: unknown): unknown => {
      if (value === null || typeof value !== 'object') return value;
      if (Array.isArray(value)) return value.map(go);
      const tagged = value as { $?: string; v?: unknown; name?: string; id?: number };
      switch (tagged.$) {
        case 'undefined':
          return undefined;
        case 'bigint':
          return BigInt(String(tagged.v));
        case 'number':
          return Number(tagged.v);
        case 'date':
          return new Date(Number(tagged.v));
        case 'error':
          return Object.assign(new Error(String(tagged.v)), { name: tagged.name });
        case 'function':
        case 'promise':
          return foreign?.({ $: tagged.$, id: Number(tagged.id) });
        default:
          return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.startsWith('$') ? key.slice(1) : key, go(item)]));
      }
    };
    return go(root);
  };
  return { encode, decode };
}
