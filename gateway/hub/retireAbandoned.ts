import type { MirrorType } from '../adapters/adapter.ts';
import type { Journal } from '../journal/journal.ts';
import type { Intake } from '../sources/source.ts';
import { cursorKey } from './noteKeys.ts';
import type { SourceEntry } from './sourcesFile.ts';
import { mirrorTypes } from './takeMirror.ts';

/**
 * Ends what was mirrored through a source that is no longer in the file, or is switched off: nobody would ever tell of it again. Its cursor
 * goes as well, so that it begins with a whole picture should it come back.
 */
export function retireAbandoned(journal: Journal, intake: Intake, entries: readonly Pick<SourceEntry, 'id' | 'enabled'>[]): void {
  const alive = new Set(entries.filter(({ enabled }) => enabled).map(({ id }) => id));
  const gone: [MirrorType, string, string][] = [];
  for (const type of mirrorTypes)
    for (const { id, origin } of journal.all(type)) if (origin && !alive.has(origin.sourceId)) gone.push([type, id, origin.sourceId]);
  for (const [type, id, sourceId] of gone) {
    intake.retire(type, id);
    journal.note(cursorKey(sourceId), null);
  }
}
