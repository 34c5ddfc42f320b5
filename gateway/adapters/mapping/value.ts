import { z } from 'zod';
import { textSchema } from '../../../protocol/primitives.ts';
import { levelsOf } from './fromPattern.ts';
import { lookUp, parsePath } from './path.ts';
import type { Form } from './rows.ts';
import { compileTimeFormat } from './timeFormat.ts';
import { unitsOf } from './units.ts';

const scalarSchema = z.union([textSchema, z.number(), z.boolean()]);
const constantSchema = z.union([scalarSchema, z.null(), z.array(textSchema).max(16), z.strictObject({ zh: textSchema, en: textSchema })]);

export interface ValueSpec {
  path?: string | undefined;
  const?: z.infer<typeof constantSchema> | undefined;
  level?: number | undefined;
  now?: true | undefined;
  join?: Value[] | undefined;
  zh?: Value | undefined;
  en?: Value | undefined;
  unit?: string | undefined;
  scale?: number | undefined;
  offset?: number | undefined;
  time?: string | undefined;
  utcOffsetMin?: number | undefined;
  values?: Record<string, z.infer<typeof scalarSchema> | null> | undefined;
  default?: z.infer<typeof constantSchema> | undefined;
}
/** A path, or where a value comes from and how it becomes ours. */
export type Value = string | ValueSpec;

export const valueSchema: z.ZodType<Value> = z.union([
  z.string().min(1).max(200),
  z.strictObject({
    path: z.string().min(1).max(200).optional(),
    const: constantSchema.optional(),
    level: z.int().min(0).max(31).optional().describe('A level of the topic, subject or path, from 0'),
    now: z.literal(true).optional().describe('The moment in which it was heard'),
    join: z
      .array(z.lazy(() => valueSchema))
      .min(1)
      .max(8)
      .optional(),
    zh: z.lazy(() => valueSchema).optional(),
    en: z.lazy(() => valueSchema).optional(),
    unit: z.string().optional(),
    scale: z.number().optional(),
    offset: z.number().optional(),
    time: z.string().max(64).optional(),
    utcOffsetMin: z.int().min(-840).max(840).optional(),
    values: z.record(z.string(), z.union([scalarSchema, z.null()])).optional(),
    default: constantSchema.optional(),
  }),
]);

/** One message, or one element of a list in it. */
export interface Scope {
  root: unknown;
  element: unknown;
  from: string;
  nowMs: number;
}
/** `undefined` where the message says nothing. What does not fit its form is handed on as it is: the schema of the row refuses it with a reason. */
export type ReadValue = (scope: Scope) => unknown;

const origins = ['path', 'const', 'level', 'now', 'join', 'zh'] as const;

/** @returns what reads the value, or one line about what is wrong with it. */
export function compileValue(value: Value, field: string, form: Form): ReadValue | string {
  const spec: ValueSpec = typeof value === 'string' ? { path: value } : value;
  const read = compileOrigin(spec, field, form);
  if (typeof read === 'string') return read;
  const convert = compileConversion(spec, field, form);
  if (typeof convert === 'string') return convert;
  const { values, default: otherwise } = spec;
  const isAlready = spec.const !== undefined || spec.now === true;
  return (scope) => {
    let found = read(scope);
    if (values !== undefined && (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean')) {
      const key = String(found);
      found = Object.hasOwn(values, key) ? values[key] : otherwise === undefined ? found : undefined;
    }
    if (found === undefined || found === null) return otherwise === undefined ? found : formed(otherwise, form);
    return isAlready ? formed(found, form) : convert(found);
  };
}

function compileOrigin(spec: ValueSpec, field: string, form: Form): ReadValue | string {
  const given = origins.filter((origin) => spec[origin] !== undefined);
  if (given.length !== 1) return `expected one of ${origins.join(', ')}, got ${given.join(' and ') || 'none'}`;
  if (spec.path !== undefined) {
    const path = parsePath(spec.path);
    if (!path) return `"${spec.path}" is no path: expected names parted by dots, like a.b[0].c`;
    return ({ root, element }) => lookUp(path, root, element);
  }
  if (spec.level !== undefined) {
    const { level } = spec;
    return ({ from }) => levelsOf(from)[level];
  }
  if (spec.now) return form === 'time' ? ({ nowMs }) => Math.round(nowMs) : 'only a time can be now';
  if (spec.join) {
    const parts = compileAll(spec.join, field, 'text');
    if (typeof parts === 'string') return parts;
    return (scope) => {
      const texts = parts.map((part) => part(scope));
      return texts.every((text) => typeof text === 'string') ? texts.join('') : undefined;
    };
  }
  if (spec.zh !== undefined) {
    if (form !== 'local' || spec.en === undefined) return 'zh and en belong together, and only to a text in both languages';
    const parts = compileAll([spec.zh, spec.en], field, 'text');
    if (typeof parts === 'string') return parts;
    return (scope) => {
      const [zh, en] = parts.map((part) => part(scope));
      return zh === undefined && en === undefined ? undefined : { zh, en };
    };
  }
  return () => spec.const;
}
function compileAll(values: readonly Value[], field: string, form: Form): ReadValue[] | string {
  const compiled = values.map((value) => compileValue(value, field, form));
  return compiled.find((one) => typeof one === 'string') ?? (compiled as ReadValue[]);
}

function compileConversion(spec: ValueSpec, field: string, form: Form): ((found: unknown) => unknown) | string {
  const { unit, scale = 1, offset = 0 } = spec;
  if (form !== 'number' && (unit !== undefined || spec.scale !== undefined || spec.offset !== undefined))
    return 'unit, scale and offset are for numbers';
  if (form !== 'time' && (spec.time !== undefined || spec.utcOffsetMin !== undefined)) return 'time and utcOffsetMin are for times';
  if (form === 'time') {
    const readTime = compileTimeFormat({ time: spec.time, utcOffsetMin: spec.utcOffsetMin });
    return typeof readTime === 'string' ? readTime : (found) => readTime(found) ?? found;
  }
  if (form !== 'number') return (found) => formed(found, form);
  const units = unitsOf(field);
  if (unit !== undefined && !Object.hasOwn(units, unit))
    return `"${unit}" does not fit ${field}: expected ${Object.keys(units).join(', ') || 'none'}`;
  const factor = (unit === undefined ? 1 : units[unit]!) * scale;
  const isHeading = field === 'headingDeg' || field === 'windFromDeg';
  return (found) => {
    const plain = formed(found, 'number');
    if (typeof plain !== 'number') return found;
    const ours = plain * factor + offset;
    // Devices write north as 360 as often as 0; anything beyond is a fault that the schema refuses.
    return isHeading && ours === 360 ? 0 : ours;
  };
}

const NUMERIC = /^[+-]?\d{1,20}(\.\d{1,20})?(e[+-]?\d{1,3})?$/i;

/** What a message means by a value: platforms write numbers as texts, truth as 0 and 1, lists with commas. */
function formed(found: unknown, form: Form): unknown {
  switch (form) {
    case 'text':
      return typeof found === 'number' || typeof found === 'boolean' ? String(found) : typeof found === 'string' ? found.trim() : found;
    case 'local':
      return typeof found === 'string' || typeof found === 'number' ? { zh: String(found).trim(), en: String(found).trim() } : found;
    case 'number':
      return typeof found === 'string' && NUMERIC.test(found.trim()) ? Number(found) : found;
    case 'boolean':
      return found === 1 || found === 'true' || found === '1' ? true : found === 0 || found === 'false' || found === '0' ? false : found;
    case 'list':
      return typeof found === 'string'
        ? found
            .split(',')
            .map((one) => one.trim())
            .filter(Boolean)
        : found;
    case 'time':
      return found;
  }
}
