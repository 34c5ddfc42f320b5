import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { collectSchemas } from '../../scripts/generate.ts';

const root = fileURLToPath(new URL('../../protocol/examples', import.meta.url));
interface Example {
  schema: string;
  value: unknown;
  path?: string;
  why?: string;
  beyondJsonSchema?: boolean;
}
const read = (verdict: string): [string, Example][] =>
  readdirSync(join(root, verdict)).map((file) => [file, JSON.parse(readFileSync(join(root, verdict, file), 'utf8')) as Example]);

const schemas = new Map(collectSchemas().map((s) => [`${s.group}.${s.name}`, s]));
// `uuid` and `date-time` are stated again as patterns by zod, so ajv needs no format package to reach the same verdict.
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });

function zodOf(name: string): z.ZodType {
  const found = schemas.get(name);
  if (!found) throw new Error(`no schema named ${name}`);
  return found.zod;
}

describe('accepted examples', () => {
  it.each(read('accepted'))('%s passes zod and JSON Schema alike', (_file, example) => {
    const verdict = zodOf(example.schema).safeParse(example.value);
    expect(verdict.error?.issues).toBeUndefined();
    const validate = ajv.compile(schemas.get(example.schema)!.schema);
    expect(validate(example.value), JSON.stringify(validate.errors)).toBe(true);
  });

  it('cover every schema of the wire', () => {
    const shown = new Set(read('accepted').map(([, e]) => e.schema));
    expect([...schemas.keys()].filter((name) => !name.startsWith('town.') && !shown.has(name))).toEqual([]);
  });
});

describe('rejected examples', () => {
  it.each(read('rejected'))('%s is refused at the named field', (_file, example) => {
    const verdict = zodOf(example.schema).safeParse(example.value);
    expect(verdict.error?.issues.map((i) => i.path.join('.'))).toContain(example.path);
    const validate = ajv.compile(schemas.get(example.schema)!.schema);
    expect(validate(example.value)).toBe(example.beyondJsonSchema ?? false);
  });
});

describe('[P-10] unknown fields', () => {
  it('are accepted and dropped', () => {
    const example = JSON.parse(readFileSync(join(root, 'accepted/welcome-unknown-field.json'), 'utf8')) as Example;
    expect(zodOf(example.schema).parse(example.value)).not.toHaveProperty('futureField');
  });
});
