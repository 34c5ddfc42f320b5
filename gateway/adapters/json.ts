import { z } from 'zod';
import { defineAdapter, refusal } from './adapter.ts';
import type { Decoded } from './adapter.ts';
import { compileRule, readRow, ruleSchema } from './mapping/rule.ts';
import { rowKinds } from './mapping/rows.ts';
import type { RowKind } from './mapping/rows.ts';
import { compileValue, valueSchema } from './mapping/value.ts';
import type { Scope } from './mapping/value.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const isRowKind = (kind: unknown): kind is RowKind => (rowKinds as unknown[]).includes(kind);
/** Rows in one message. */
export const MOST_ROWS = 5000;

/**
 * JSON of any shape. `rules` say which fields of ours lie where in the message, as data; every rule that fits a message makes its facts.
 * Without rules a message is a row of ours, or a list of them: `{"fact": "fix", "unitId": "car-1", ...}`.
 */
export const jsonAdapter = defineAdapter({
  id: 'json',
  config: z.strictObject({
    rules: z.array(ruleSchema).min(1).max(50).optional(),
    messageId: valueSchema
      .superRefine((value, context) => {
        const read = compileValue(value, 'messageId', 'text');
        if (typeof read === 'string') context.addIssue({ code: 'custom', message: read });
      })
      .optional()
      .describe('What names a message for ever: one that comes again changes nothing'),
  }),
  open({ rules, messageId }) {
    const compiled = rules?.map(compileRule);
    const readId = messageId === undefined ? null : compileValue(messageId, 'messageId', 'text');
    return {
      decode(bytes, { from, nowMs }) {
        const decoded: Decoded = { facts: [], refusals: [] };
        let root: unknown;
        try {
          root = JSON.parse(utf8.decode(bytes).replace(/^\uFEFF/, ''));
        } catch (error) {
          const why = error instanceof SyntaxError ? error.message : 'it is not UTF-8';
          decoded.refusals.push(refusal('badJson', '', `not JSON: ${why}`));
          return decoded;
        }
        const scope: Scope = { root, element: root, from, nowMs };
        if (typeof readId === 'function') {
          const id = readId(scope);
          if (typeof id === 'string' && id !== '') decoded.messageId = id;
        }
        if (!compiled) readRows(root, decoded);
        else {
          // Not `some`: a message may hold a unit and its position, and each has its rule.
          const fitting = compiled.filter((rule) => rule.apply(scope, decoded));
          if (fitting.length === 0) decoded.refusals.push(refusal('noRule', '', 'no rule of the mapping fits the message'));
        }
        return decoded;
      },
    };
  },
});

/** Takes a row of ours, or a list of them. */
export function readRows(root: unknown, into: Decoded): void {
  const rows: unknown[] = Array.isArray(root) ? root : [root];
  if (rows.length > MOST_ROWS) {
    into.refusals.push(refusal('tooMany', '', `${rows.length} rows in one message, at most ${MOST_ROWS} are taken`));
    return;
  }
  rows.forEach((row, i) => {
    const at = Array.isArray(root) ? `[${i}]` : '';
    if (typeof row !== 'object' || row === null || !('fact' in row) || !isRowKind(row.fact)) {
      into.refusals.push(refusal('noFact', at === '' ? 'fact' : `${at}.fact`, `expected "fact" to be one of ${rowKinds.join(', ')}`));
      return;
    }
    const { fact, ...fields } = row as { fact: RowKind } & Record<string, unknown>;
    const read = readRow(fact, fields, at);
    if ('reason' in read) into.refusals.push(read);
    else into.facts.push(read);
  });
}
