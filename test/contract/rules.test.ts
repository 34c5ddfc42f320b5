import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { protocolRules } from '../../scripts/protocolRules.ts';

const tests = fileURLToPath(new URL('..', import.meta.url));

it('every rule of PROTOCOL.md is quoted by a test, and no test quotes a rule that does not exist', () => {
  const quoted = new Set<string>();
  for (const file of readdirSync(tests, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(test|spec)\.ts$/.test(file) || file.endsWith('rules.test.ts')) continue;
    for (const match of readFileSync(join(tests, file), 'utf8').matchAll(/\[(P-\d\d)\]/g)) quoted.add(match[1]!);
  }
  expect([...quoted].sort()).toEqual(protocolRules.map((r) => r.id));
});

it('the rules are numbered without a hole', () => {
  expect(protocolRules.map((r) => r.id)).toEqual(protocolRules.map((_, i) => `P-${String(i + 1).padStart(2, '0')}`));
});
