import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '../gateway/appError.ts';
import { defaultOptions } from '../gateway/gatewayOptions.ts';
import { dryRun } from '../gateway/hub/dryRun.ts';
import type { Sample } from '../gateway/hub/dryRun.ts';
import { readSourcesFile } from '../gateway/hub/sourcesFile.ts';
import { loadScene } from '../gateway/scene/loadScene.ts';
import { SceneError } from '../gateway/scene/sceneError.ts';

/**
 * `npm run dry-run -- --sources FILE [--source ID] [--from TOPIC] SAMPLE...`: what the gateway would accept of these messages, what it would refuse, and why.
 * Exit code 0 when all was accepted, 1 when something was refused, 2 when a flag or a file is wrong.
 */
const usage = `usage: npm run dry-run -- --sources FILE [options] SAMPLE...
  SAMPLE             a file with one message; .jsonl: one a line; .hex: one a line, as hexadecimal digits; - reads standard input
  --source ID        which source of the file (needed where it has several)
  --from TEXT        topic, subject, path or terminal that the messages come under (the name of the sample)
  --scene TOWN/DAY   town whose agencies, channels and event types are meant (wuzhen/ordinary)`;

const bad = (message: string): AppError => new AppError('badOption', message);

function readFlags() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        sources: { type: 'string' },
        source: { type: 'string' },
        from: { type: 'string' },
        scene: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw bad((error as Error).message.split('. ')[0]!);
  }
}

/** npm runs scripts in the folder of the package; paths are meant from where the person is. */
const here = (path: string): string => resolve(process.env['INIT_CWD'] ?? '.', path);

function readSamples(path: string, from: string | undefined): Sample[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path === '-' ? 0 : here(path));
  } catch (error) {
    throw bad(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
  const name = path === '-' ? 'input' : basename(path);
  const under = from ?? name;
  if (!/\.(jsonl|ndjson|hex)$/.test(name)) return [{ name, from: under, bytes }];
  return bytes
    .toString('utf8')
    .split('\n')
    .map((line, i) => ({ line: line.trim(), name: `${name}:${i + 1}` }))
    .filter(({ line }) => line !== '')
    .map(({ line, name: at }) => ({ name: at, from: under, bytes: name.endsWith('.hex') ? fromHex(line, at) : Buffer.from(line) }));
}
function fromHex(line: string, at: string): Buffer {
  const digits = line.replace(/\s/g, '');
  if (!/^([0-9a-f]{2})+$/i.test(digits)) throw bad(`${at}: expected pairs of hexadecimal digits`);
  return Buffer.from(digits, 'hex');
}

try {
  const { values, positionals } = readFlags();
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  if (values.sources === undefined || positionals.length === 0) throw bad(`expected --sources FILE and a sample\n${usage}`);
  const { town } = await loadScene(defaultOptions().scenesDirectory, values.scene ?? defaultOptions().scene);
  const file = await readSourcesFile(here(values.sources), town);
  const samples = positionals.flatMap((path) => readSamples(path, values.from));
  const { lines, refused } = await dryRun(file, town, values.source ?? null, samples);
  for (const line of lines) console.log(line);
  process.exit(refused === 0 ? 0 : 1);
} catch (error) {
  if (!(error instanceof AppError || error instanceof SceneError)) throw error;
  console.error(`wanglou: ${error.message}`);
  process.exit(2);
}
