import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { fixSchema } from '../../protocol/frames/position.ts';
import { messages } from '../../protocol/messages/index.ts';
import type { Message } from '../../protocol/messages/index.ts';
import { idSchema, localTextSchema, timeMsSchema } from '../../protocol/primitives.ts';
import { AppError } from '../appError.ts';
import { firstIssue } from '../desk/firstIssue.ts';

const CLIP_FORMAT = 'wanglou-clip';
const CLIP_VERSION = 1;

/** First line of a clip: a stretch of the record that any gateway of the town can play. The others are `ClipLine`s in the order of their times. */
export const clipHeadSchema = z.strictObject({
  format: z.literal(CLIP_FORMAT),
  version: z.literal(CLIP_VERSION),
  townId: idSchema,
  title: localTextSchema,
  simulated: z.boolean(),
  fromMs: timeMsSchema,
  toMs: timeMsSchema,
});
export type ClipHead = z.infer<typeof clipHeadSchema>;

const typeSchema = z.enum(messages.map(({ type }) => type) as [Message['type'], ...Message['type'][]]);
const lineSchema = z.union([
  /** A fact; those of the first moment are the state with which the clip begins. */
  z.strictObject({ atMs: timeMsSchema, type: typeSchema, data: z.record(z.string(), z.unknown()) }),
  z.strictObject({ atMs: timeMsSchema, forget: z.strictObject({ type: typeSchema, id: idSchema }) }),
  z.strictObject({ atMs: timeMsSchema, fixes: z.array(fixSchema).max(5000) }),
]);
export type ClipLine =
  | { atMs: number; message: Message }
  | { atMs: number; forget: { type: Message['type']; id: string } }
  | { atMs: number; fixes: z.infer<typeof fixSchema>[] };

export const headLine = (head: Omit<ClipHead, 'format' | 'version'>): string =>
  `${JSON.stringify({ format: CLIP_FORMAT, version: CLIP_VERSION, ...head } satisfies ClipHead)}\n`;
export const clipLine = (line: ClipLine): string =>
  `${JSON.stringify('message' in line ? { atMs: line.atMs, type: line.message.type, data: line.message.data } : line)}\n`;

const bad = (path: string, line: number, why: string): AppError => new AppError('badClip', `${path}, line ${line}: ${why}`);

function parse(text: string, path: string, n: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw bad(path, n, `not JSON: ${(error as Error).message}`);
  }
}

/**
 * Reads a clip line by line, no faster than it is asked.
 * @throws {AppError} `badClip` with file, line and reason, at the line that is wrong.
 */
export async function openClip(path: string): Promise<{ head: ClipHead; lines: AsyncIterable<ClipLine> }> {
  const stream = createReadStream(path, 'utf8');
  const texts = createInterface({ input: stream, crlfDelay: Infinity })[Symbol.asyncIterator]();
  let n = 1;
  let lastMs = 0;
  const first = await texts.next().catch((error: unknown) => {
    throw new AppError('badClip', `${path}: ${(error as Error).message}`);
  });
  const head = clipHeadSchema.safeParse(first.done === true ? undefined : parse(first.value, path, n));
  if (!head.success) {
    const { path: field, message } = firstIssue(head.error, '');
    throw bad(path, n, `no clip of version ${CLIP_VERSION}: ${field === '' ? '' : `${field}: `}${message}`);
  }
  const read = (text: string): ClipLine => {
    const parsed = lineSchema.safeParse(parse(text, path, n));
    if (!parsed.success) throw bad(path, n, 'expected a fact, something forgotten, or fixes, each with atMs');
    const line = parsed.data;
    if (line.atMs < lastMs) throw bad(path, n, `atMs: ${line.atMs} comes after ${lastMs}`);
    lastMs = line.atMs;
    if (!('type' in line)) return line;
    const data = messages.find(({ type }) => type === line.type)!.schema.safeParse(line.data);
    if (!data.success) {
      const { path: field, message } = firstIssue(data.error, 'data');
      throw bad(path, n, `${line.type}: ${field}: ${message}`);
    }
    return { atMs: line.atMs, message: { type: line.type, data: data.data } as Message };
  };
  async function* lines(): AsyncGenerator<ClipLine> {
    try {
      for (;;) {
        const next = await texts.next();
        if (next.done === true) return;
        n += 1;
        if (next.value !== '') yield read(next.value);
      }
    } finally {
      stream.destroy();
    }
  }
  return { head: head.data, lines: lines() };
}
