import type { Bookmark, Message } from '../../protocol/messages/index.ts';
import type { Journal } from '../journal/journal.ts';

/** The bookmarks of now, which a replay shows whatever its moment: what changed since they were told last. */
export function createBookmarkWatch(journal: Pick<Journal, 'all' | 'headSeq' | 'committed'>) {
  const toldRev = new Map<string, number>();
  let lookedSeq = -1;
  return {
    /** All of them; they count as told. */
    known(): Bookmark[] {
      const all = [...journal.all('bookmark.updated')];
      toldRev.clear();
      for (const { id, rev } of all) toldRev.set(id, rev);
      return all;
    },
    /** Those that were made or changed meanwhile and are safe. */
    async changed(): Promise<Bookmark[]> {
      if (journal.headSeq === lookedSeq) return [];
      lookedSeq = journal.headSeq;
      const news = [...journal.all('bookmark.updated')].filter(({ id, rev }) => toldRev.get(id) !== rev);
      if (news.length > 0) await journal.committed(lookedSeq);
      return news;
    },
    told(bookmark: Bookmark): Message {
      toldRev.set(bookmark.id, bookmark.rev);
      return { type: 'bookmark.updated', data: bookmark };
    },
  };
}
