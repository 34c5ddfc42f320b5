import { randomUUID } from 'node:crypto';
import type { CommandHandler } from '../deskContext.ts';
import { refuse } from '../outcome.ts';

/** The incident may lie in the past that is replayed, where the desk of now knows it no longer: its id is taken as it is. */
export const addBookmark: CommandHandler<'bookmark.add'> = ({ atMs, text, incidentId }, asked, { ledger }) => ({
  seq: ledger.record('bookmark.updated', {
    id: `bm-${randomUUID()}`,
    atMs,
    text,
    incidentId,
    by: asked.by,
    madeAtMs: asked.atMs,
    changedBy: null,
    changedAtMs: null,
    state: 'kept',
  }),
});

export const editBookmark: CommandHandler<'bookmark.edit'> = ({ bookmarkId, ...change }, asked, { ledger }) => {
  const before = ledger.latest('bookmark.updated', bookmarkId);
  if (!before) return refuse('notFound', `no bookmark ${bookmarkId}`, 'data.bookmarkId');
  return { seq: ledger.record('bookmark.updated', { ...before, ...change, changedBy: asked.by, changedAtMs: asked.atMs }) };
};
