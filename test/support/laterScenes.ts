import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const scenes = fileURLToPath(new URL('../../scenes', import.meta.url));

/**
 * The scenes with the script of Wuzhen's ordinary day begun later, so that a wall is open before it, and cut after its first incident, so that
 * no later one comes between what a test counts.
 * @param byS Seconds of the scene's clock.
 * @returns the folder for `--scenes`, and what removes it
 */
export async function laterScenes(byS: number): Promise<{ directory: string; remove(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'wanglou-scenes-'));
  await cp(scenes, directory, { recursive: true });
  const file = join(directory, 'wuzhen', 'ordinary', 'scenario.json');
  const scenario = JSON.parse(await readFile(file, 'utf8')) as { script: { afterS: number }[] };
  scenario.script = scenario.script.slice(0, 1).map((line) => ({ ...line, afterS: line.afterS + byS }));
  await writeFile(file, JSON.stringify(scenario));
  return { directory, remove: () => rm(directory, { recursive: true }) };
}
