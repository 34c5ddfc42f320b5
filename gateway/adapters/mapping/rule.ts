import { z } from 'zod';
import { textSchema } from '../../../protocol/primitives.ts';
import { firstIssue } from '../../desk/firstIssue.ts';
import { refusal } from '../adapter.ts';
import type { Decoded, Fact } from '../adapter.ts';
import { compileFromPattern } from './fromPattern.ts';
import { lookUp, parsePath } from './path.ts';
import type { Path } from './path.ts';
import { factOf, formOf, isLocalField, rowKinds, rowSchemas } from './rows.ts';
import type { RowKind } from './rows.ts';
import { compileValue, valueSchema } from './value.ts';
import type { ReadValue, Scope } from './value.ts';

const scalarSchema = z.union([textSchema, z.number(), z.boolean(), z.null()]);
const conditionSchema = z
  .strictObject({
    from: z.string().min(1).max(500).optional().describe('Pattern over topic, subject or path: + or * is one level, # or > the rest'),
    path: z.string().min(1).max(200).optional(),
    equals: scalarSchema.optional(),
    in: z.array(scalarSchema).min(1).max(100).optional(),
    has: z.boolean().optional().describe('Whether anything lies at `path`'),
  })
  .superRefine((when, context) => {
    const tests = [when.equals, when.in, when.has].filter((test) => test !== undefined).length;
    if (when.path === undefined ? tests > 0 || when.from === undefined : tests !== 1)
      context.addIssue({ code: 'custom', message: 'expected from, or path with one of equals, in, has' });
    if (when.path !== undefined && !parsePath(when.path))
      context.addIssue({ code: 'custom', path: ['path'], message: `"${when.path}" is no path` });
  });

/** One kind of fact that a message may hold. */
export const ruleSchema = z
  .strictObject({
    fact: z.enum([...rowKinds, 'none']).describe('`none` passes over messages that are of no use, without counting them as refused'),
    when: z.union([conditionSchema, z.array(conditionSchema).min(1).max(8)]).optional(),
    each: z.string().min(1).max(200).optional().describe('Path of a list: every element makes a fact'),
    fields: z.record(z.string(), valueSchema).default({}),
  })
  .superRefine((rule, context) => {
    const complain = (path: (string | number)[], message: string): void => context.addIssue({ code: 'custom', path, message });
    if (rule.each !== undefined && !parsePath(rule.each)) complain(['each'], `"${rule.each}" is no path`);
    if (rule.fact === 'none') return;
    const shape: Readonly<Record<string, z.ZodType>> = rowSchemas[rule.fact].shape;
    for (const [field, value] of Object.entries(rule.fields)) {
      if (!Object.hasOwn(shape, field)) {
        complain(['fields', field], `a ${rule.fact} has no such field; it has ${Object.keys(shape).join(', ')}`);
        continue;
      }
      const read = compileField(rule.fact, field, value);
      if (typeof read === 'string') {
        complain(['fields', field], read);
        continue;
      }
      // What does not depend on the message can be judged now.
      for (const [key, fixed] of fixedValues(value)) {
        const parsed = shape[field]!.safeParse(read({ root: fixed, element: fixed, from: '', nowMs: 0 }));
        if (!parsed.success && key === 'const') complain(['fields', field, key], firstIssue(parsed.error, '').message);
      }
    }
    for (const [field, schema] of Object.entries(shape)) {
      if (!Object.hasOwn(rule.fields, field) && !schema.safeParse(undefined).success) complain(['fields'], `a ${rule.fact} needs ${field}`);
    }
  });
export type Rule = z.infer<typeof ruleSchema>;

const fixedValues = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value).filter(([key]) => key === 'const') : [];

function compileField(kind: RowKind, field: string, value: Rule['fields'][string]): ReadValue | string {
  return compileValue(value, field, isLocalField(kind, field) ? 'local' : formOf(field));
}

type Test = (scope: Scope) => boolean;
function compileCondition(when: z.infer<typeof conditionSchema>): Test {
  const fromFits = when.from === undefined ? () => true : compileFromPattern(when.from);
  if (when.path === undefined) return ({ from }) => fromFits(from);
  const path = parsePath(when.path)!;
  const wanted = when.in ?? (when.equals === undefined ? [] : [when.equals]);
  return ({ from, root, element }) => {
    if (!fromFits(from)) return false;
    const found = lookUp(path, root, element);
    return when.has === undefined ? wanted.some((one) => one === found) : (found !== undefined) === when.has;
  };
}

/** Most facts that one message may bring. */
const MOST_ELEMENTS = 5000;

export interface CompiledRule {
  /** Adds what the rule makes of the message. @returns whether it was for this message at all. */
  apply(scope: Scope, into: Decoded): boolean;
}

/** @param rule as `ruleSchema` let it pass. */
export function compileRule(rule: Rule): CompiledRule {
  const tests = (rule.when === undefined ? [] : [rule.when].flat()).map(compileCondition);
  const each: Path | null = rule.each === undefined ? null : parsePath(rule.each);
  const kind = rule.fact;
  const fields =
    kind === 'none'
      ? []
      : Object.entries(rule.fields).map(([field, value]) => [field, compileField(kind, field, value) as ReadValue] as const);

  const read = (scope: Scope, at: string, into: Decoded): void => {
    if (kind === 'none') return;
    const row: Record<string, unknown> = {};
    for (const [field, readField] of fields) {
      const value = readField(scope);
      if (value !== undefined) row[field] = value;
    }
    const parsed = readRow(kind, row, at);
    if ('reason' in parsed) into.refusals.push(parsed);
    else into.facts.push(parsed);
  };

  return {
    apply(scope, into) {
      // With `each`, conditions are about the elements; those about the topic hold for all of them alike.
      if (!each) {
        if (!tests.every((test) => test(scope))) return false;
        read(scope, '', into);
        return true;
      }
      const list = lookUp(each, scope.root, scope.root);
      if (!Array.isArray(list)) return false;
      if (list.length > MOST_ELEMENTS) {
        into.refusals.push(refusal('tooMany', rule.each!, `${list.length} elements in one message, at most ${MOST_ELEMENTS} are taken`));
        return true;
      }
      let isFor = list.length === 0;
      list.forEach((element: unknown, i) => {
        const inner: Scope = { ...scope, element };
        if (!tests.every((test) => test(inner))) return;
        isFor = true;
        read(inner, `${rule.each!}[${i}]`, into);
      });
      return isFor;
    },
  };
}

/** Checks a row and makes a fact of it. @param at where in the message it lies, for the refusal. */
export function readRow(kind: RowKind, row: Record<string, unknown>, at: string): Fact | ReturnType<typeof refusal> {
  const parsed = rowSchemas[kind].safeParse(row);
  if (parsed.success) return factOf(kind, parsed.data as never);
  const { path, message } = firstIssue(parsed.error, '');
  const field = path.split(/[.[]/)[0]!;
  const isMissing = field !== '' && row[field] === undefined;
  const what = isMissing ? `the message has no ${kind}.${field}` : `${kind}: ${message}`;
  return refusal(isMissing ? 'noField' : 'badField', at === '' ? path : `${at}.${path}`, what);
}
