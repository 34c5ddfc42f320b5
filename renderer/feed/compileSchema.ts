/** The part of JSON Schema 2020-12 that the generated schemas use. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** @returns null when the value fits, else why not with the path of the field: `data.lonDeg: expected at most 180`. */
export type Check = (value: unknown, path: string) => string | null;

/** Say nothing about what fits. */
const NOTES = new Set(['$schema', '$id', 'title', 'description', 'default', 'examples']);
const at = (path: string, expected: string): string => `${path === '' ? 'frame' : path}: expected ${expected}`;
const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

type Rule = (schema: JsonSchema) => Check;
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const bound =
  (keyword: string, what: string, holds: (value: number, limit: number) => boolean): Rule =>
  (schema) => {
    const limit = schema[keyword] as number;
    return (value, path) => (typeof value !== 'number' || holds(value, limit) ? null : at(path, `${what} ${limit}`));
  };
const length =
  (keyword: string, what: string, kind: 'string' | 'list', holds: (length: number, limit: number) => boolean): Rule =>
  (schema) => {
    const limit = schema[keyword] as number;
    return (value, path) => {
      const measured = kind === 'string' ? typeof value === 'string' : Array.isArray(value);
      return !measured || holds((value as string | unknown[]).length, limit) ? null : at(path, `${what} ${limit}`);
    };
  };

const TYPES: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  integer: (value) => Number.isSafeInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: (value) => Array.isArray(value),
  object: isObject,
};

const RULES: Record<string, Rule> = {
  type: ({ type }) => {
    const fits = TYPES[type as string];
    if (fits === undefined) throw new TypeError(`schema type ${String(type)} is not known here`);
    return (value, path) => (fits(value) ? null : at(path, type as string));
  },
  const: (schema) => (value, path) => (value === schema.const ? null : at(path, JSON.stringify(schema.const))),
  enum: (schema) => {
    const allowed = new Set(schema.enum as unknown[]);
    return (value, path) => (allowed.has(value) ? null : at(path, `one of ${[...allowed].join(', ')}`));
  },
  minimum: bound('minimum', 'at least', (value, limit) => value >= limit),
  maximum: bound('maximum', 'at most', (value, limit) => value <= limit),
  exclusiveMaximum: bound('exclusiveMaximum', 'below', (value, limit) => value < limit),
  minLength: length('minLength', 'a length of at least', 'string', (n, limit) => n >= limit),
  maxLength: length('maxLength', 'a length of at most', 'string', (n, limit) => n <= limit),
  minItems: length('minItems', 'a list of at least', 'list', (n, limit) => n >= limit),
  maxItems: length('maxItems', 'a list of at most', 'list', (n, limit) => n <= limit),
  pattern: (schema) => {
    const pattern = new RegExp(schema.pattern as string, 'u');
    return (value, path) => (typeof value !== 'string' || pattern.test(value) ? null : at(path, `text like ${pattern.source}`));
  },
  // The pattern beside each is strict; this catches a thirteenth month.
  format: ({ format }) => {
    if (format === 'uuid') return () => null;
    if (format !== 'date-time') throw new TypeError(`schema format ${String(format)} is not known here`);
    return (value, path) => (typeof value !== 'string' || !Number.isNaN(Date.parse(value)) ? null : at(path, 'a date and time'));
  },
  required: (schema) => {
    const names = schema.required as string[];
    return (value, path) => {
      if (!isObject(value)) return null;
      const missing = names.find((name) => !Object.hasOwn(value, name));
      return missing === undefined ? null : at(join(path, missing), 'a value');
    };
  },
  properties: (schema) => {
    const checks = Object.entries(schema.properties as Record<string, JsonSchema>).map(([name, part]) => [name, compile(part)] as const);
    return (value, path) => {
      if (!isObject(value)) return null;
      for (const [name, check] of checks) {
        if (!Object.hasOwn(value, name)) continue;
        const why = check(value[name], join(path, name));
        if (why !== null) return why;
      }
      return null;
    };
  },
  // Unknown fields are ignored (rule P-09), so the schemas only ever say "anything" here.
  additionalProperties: ({ additionalProperties }) => {
    if (!isObject(additionalProperties) || Object.keys(additionalProperties).length > 0)
      throw new TypeError('additionalProperties other than {} is not known here');
    return () => null;
  },
  propertyNames: () => () => null,
  prefixItems: (schema) => {
    const checks = (schema.prefixItems as JsonSchema[]).map(compile);
    return (value, path) => {
      if (!Array.isArray(value)) return null;
      // A tuple of zod has exactly its length; JSON Schema alone would let a shorter one pass.
      if (value.length !== checks.length) return at(path, `a list of ${checks.length}`);
      for (const [i, check] of checks.entries()) {
        const why = check(value[i], `${path}[${i}]`);
        if (why !== null) return why;
      }
      return null;
    };
  },
  items: (schema) => {
    // Beside prefixItems it speaks about what follows the tuple, and nothing may.
    if (schema.prefixItems !== undefined) return () => null;
    const check = compile(schema.items as JsonSchema);
    return (value, path) => {
      if (!Array.isArray(value)) return null;
      for (let i = 0; i < value.length; i++) {
        const why = check(value[i], `${path}[${i}]`);
        if (why !== null) return why;
      }
      return null;
    };
  },
  anyOf: (schema) => {
    const checks = (schema.anyOf as JsonSchema[]).map(compile);
    return (value, path) => {
      let first: string | null = null;
      for (const check of checks) {
        const why = check(value, path);
        if (why === null) return null;
        first ??= why;
      }
      return first;
    };
  },
};

function compile(schema: JsonSchema): Check {
  const checks = Object.keys(schema)
    .filter((keyword) => !NOTES.has(keyword))
    .map((keyword) => {
      const rule = RULES[keyword];
      if (rule === undefined) throw new TypeError(`schema keyword ${keyword} is not known here`);
      return rule(schema);
    });
  return (value, path) => {
    for (const check of checks) {
      const why = check(value, path);
      if (why !== null) return why;
    }
    return null;
  };
}

/**
 * A check from one of the schemas in protocol/generated: closures, so it runs where a content policy forbids `eval`, and the page needs no
 * schema library. About 1 µs a field.
 * @throws TypeError on a keyword that it does not know, so that a new one cannot pass unnoticed.
 */
export const compileSchema = (schema: JsonSchema): Check => compile(schema);
