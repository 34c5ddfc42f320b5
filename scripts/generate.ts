import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { commands } from '../protocol/commands/index.ts';
import { clientFrames } from '../protocol/frames/client.ts';
import { positionColumnsSchema, positionFixesSchema } from '../protocol/frames/position.ts';
import { cloudEventSchema, serverFrames } from '../protocol/frames/server.ts';
import { messages } from '../protocol/messages/index.ts';
import { queries } from '../protocol/queries/index.ts';
import { townSchema } from '../protocol/town/town.ts';
import { renderProtocolPage } from './protocolPage.ts';

/**
 * Makes protocol/generated/*.schema.json and PROTOCOL.md from the schemas, the only source of both.
 * `--check` writes nothing and fails, naming each file that differs from what the schemas say.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'protocol/generated');

export type JsonSchema = z.core.JSONSchema.JSONSchema;
const toJson = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' });
const frameName = (schema: { shape: { frame: { value: string } } }): string => schema.shape.frame.value;

/** Every schema under the name of its generated file, in the order of the page. */
export function collectSchemas(): { group: string; name: string; zod: z.ZodType; schema: JsonSchema }[] {
  const entry = (group: string, name: string, zod: z.ZodType) => ({ group, name, zod, schema: toJson(zod) });
  return [
    ...clientFrames.map((s) => entry('clientFrame', frameName(s), s)),
    ...serverFrames.map((s) => entry('serverFrame', frameName(s), s)),
    entry('serverFrame', 'pos (columns)', positionColumnsSchema),
    entry('serverFrame', 'pos (fixes)', positionFixesSchema),
    entry('part', 'ce', cloudEventSchema),
    ...messages.map((m) => entry('message', m.type, m.schema)),
    ...commands.map((c) => entry('command', c.type, c.schema)),
    ...queries.flatMap((q) => [entry('query', q.kind, q.schema), entry('queryItem', q.kind, q.item)]),
    entry('town', 'town', townSchema),
  ];
}

const fileName = (group: string, name: string): string => `${group}.${name.replace(/[^\w]+/g, '-').replace(/-$/, '')}.schema.json`;

function readExamples(): Map<string, unknown> {
  const accepted = join(root, 'protocol/examples/accepted');
  return new Map(
    readdirSync(accepted)
      .sort()
      .map((file) => [file.replace(/\.json$/, ''), JSON.parse(readFileSync(join(accepted, file), 'utf8')) as unknown]),
  );
}

function render(): Map<string, string> {
  const files = new Map<string, string>();
  const schemas = collectSchemas();
  for (const { group, name, schema } of schemas) files.set(join(folder, fileName(group, name)), `${JSON.stringify(schema, null, 1)}\n`);
  files.set(join(root, 'PROTOCOL.md'), renderProtocolPage(schemas, readExamples()));
  return files;
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function main(check: boolean): number {
  const files = render();
  const stray = readdirSync(folder, 'utf8')
    .map((name) => join(folder, name))
    .filter((file) => !files.has(file));
  const stale = [...files].filter(([file, text]) => readOrNull(file) !== text).map(([file]) => file);
  if (check) {
    for (const file of [...stale, ...stray])
      console.error(`generated file differs from the schemas: ${file.slice(root.length)} (run \`npm run generate\`)`);
    return stale.length + stray.length === 0 ? 0 : 1;
  }
  for (const file of stray) rmSync(file);
  for (const file of stale) writeFileSync(file, files.get(file)!);
  console.log(`generate: ${files.size} files, ${stale.length} written, ${stray.length} removed`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(folder, { recursive: true });
  process.exit(main(process.argv.includes('--check')));
}
