import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Town } from '../../protocol/town/town.ts';
import { readSourcesFile } from './sourcesFile.ts';
import type { SourcesFile } from './sourcesFile.ts';

/**
 * The sources that were asked for, else those of the scene (`<town>/<scenario>/sources.json`); null where there are none.
 * @throws {SceneError} when a file is not as it must be.
 */
export async function findSourcesFile(
  { sources, scenesDirectory, scene }: { sources: string | null; scenesDirectory: string; scene: string },
  town: Town,
): Promise<SourcesFile | null> {
  if (sources !== null) return readSourcesFile(sources, town);
  const own = join(scenesDirectory, scene, 'sources.json');
  return existsSync(own) ? readSourcesFile(own, town) : null;
}
