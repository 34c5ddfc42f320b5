import { messages } from '../../protocol/messages/index.ts';
import type { MessageType } from '../../protocol/messages/index.ts';
import { AppError } from '../appError.ts';

/** What can be given a period: each kind of event, the tracks, the access log. */
export type KeptKind = MessageType | 'tracks' | 'access';
/** Whole days by kind. */
export type KeepDays = Readonly<Partial<Record<KeptKind, number>>>;

const MAX_DAYS = 36_500;
const kinds: ReadonlySet<string> = new Set([...messages.map((message) => message.type), 'tracks', 'access'] satisfies KeptKind[]);
const isKind = (kind: string): kind is KeptKind => kinds.has(kind);

const UNITS: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, TB: 1e12 };
/** Below this a budget would be used up by an empty journal. */
const LEAST_BYTES = 10e6;

/** @param texts Each `KIND=DAYS` or several with commas. @throws {AppError} one line that names what is wrong. */
export function readKeep(texts: readonly string[]): KeepDays {
  const keep: Partial<Record<KeptKind, number>> = {};
  for (const text of texts.flatMap((list) => list.split(','))) {
    const [kind = '', days = '', ...rest] = text.split('=');
    if (!isKind(kind)) throw new AppError('badOption', `--keep ${text}: no kind "${kind}"; there are ${[...kinds].join(', ')}`);
    if (rest.length > 0 || !/^\d{1,5}$/.test(days) || Number(days) < 1 || Number(days) > MAX_DAYS) {
      throw new AppError('badOption', `--keep ${text}: expected whole days from 1 to ${MAX_DAYS}, like ${kind}=30`);
    }
    keep[kind] = Number(days);
  }
  return keep;
}

/** @returns bytes. @throws {AppError} one line. */
export function readBudget(text: string): number {
  const match = /^(\d{1,6})(MB|GB|TB)$/.exec(text);
  const bytes = match ? Number(match[1]) * UNITS[match[2]!]! : 0;
  if (bytes < LEAST_BYTES) throw new AppError('badOption', `--budget ${text}: expected a size from 10MB on, like 500MB, 50GB or 2TB`);
  return bytes;
}
