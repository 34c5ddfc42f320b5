import { dirname } from 'node:path';
import { z } from 'zod';
import { datumSchema, idSchema, localTextSchema, textSchema } from '../../protocol/primitives.ts';
import { unitKindSchema, unitStatusSchema } from '../../protocol/messages/unit.ts';
import type { Town } from '../../protocol/town/town.ts';
import { adapters } from '../adapters/index.ts';
import type { Adapter } from '../adapters/adapter.ts';
import { readJsonFile } from '../scene/readJson.ts';
import { SceneError } from '../scene/sceneError.ts';
import { sources } from '../sources/index.ts';
import type { ByteSource } from '../sources/byteSource.ts';

/** What a unit is taken for whose sender tells only where it is. */
const newUnitSchema = z.strictObject({
  kind: unitKindSchema,
  agencyId: idSchema,
  /** Before the id, in both languages, e.g. `{"zh": "巡逻车", "en": "Patrol"}`. */
  name: localTextSchema.optional(),
  simulated: z.boolean().default(false),
});
/** A row of the roster: a unit that is known before its device says anything. `id` is the sender's. */
const rosterRowSchema = z.strictObject({
  id: idSchema,
  kind: unitKindSchema,
  name: localTextSchema,
  agencyId: idSchema,
  status: unitStatusSchema.default('available'),
  plate: textSchema.nullable().default(null),
  postId: idSchema.nullable().default(null),
  callAddress: textSchema.nullable().default(null),
  talkGroup: textSchema.nullable().default(null),
  cameraIds: z.array(idSchema).max(16).default([]),
  simulated: z.boolean().default(false),
});

const commonFields = {
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'expected small letters, digits and hyphens, at most 32')
    .describe('Name of the source, also in Diagnostics and in the journal: changing it voids its cursor'),
  enabled: z.boolean().default(true),
  datum: datumSchema.default('wgs84'),
  prefix: z.string().max(33).optional().describe('Before every id that the source tells; its own name and a colon where left out'),
  staleAfterS: z.number().min(1).max(86_400).optional().describe('Silence that makes a live source stale'),
  newUnit: newUnitSchema.optional().describe('Takes a unit that only a fix names; without it such a fix is refused'),
  units: z.array(rosterRowSchema).max(10_000).default([]),
};

export interface SourceEntry extends z.infer<z.ZodObject<typeof commonFields>> {
  source: ByteSource;
  /** The source's own fields. */
  config: Record<string, unknown>;
  adapter: Adapter;
  adapterConfig: Record<string, unknown>;
  prefix: string;
}
export interface SourcesFile {
  /** As errors name it. */
  name: string;
  /** What relative paths in it start from. */
  directory: string;
  /** Whether the scripted day of the scene is played beside the sources, marked as simulated. */
  playScene: boolean;
  entries: readonly SourceEntry[];
}
export interface Kinds {
  sources: readonly ByteSource[];
  adapters: readonly Adapter[];
}

const listed = (names: readonly string[]): string => names.join(', ') || 'none';
const COMMON = new Set(Object.keys(commonFields));

function schemaOf({ sources, adapters }: Kinds) {
  const adapterSchemas = adapters.map((adapter) => adapter.config.extend({ id: z.literal(adapter.id) }).strict());
  const adapterSchema = z.discriminatedUnion('id', adapterSchemas as unknown as [z.ZodObject<{ id: z.ZodLiteral<string> }>], {
    error: () => `no such adapter; there are ${listed(adapters.map(({ id }) => id))}`,
  });
  const entrySchemas = sources.map((source) =>
    z.strictObject({
      ...source.config.shape,
      ...commonFields,
      kind: z.literal(source.kind),
      adapter: z.preprocess((value) => (typeof value === 'string' ? { id: value } : value), adapterSchema).optional(),
    }),
  );
  return z.strictObject({
    playScene: z.boolean().default(false),
    sources: z
      .array(
        z.discriminatedUnion('kind', entrySchemas as unknown as [z.ZodObject<typeof commonFields & { kind: z.ZodLiteral<string> }>], {
          error: () => `no such kind of source; there are ${listed(sources.map(({ kind }) => kind))}`,
        }),
      )
      .min(1)
      .max(64),
  });
}

/**
 * Reads a sources file and checks it against the kinds of sources and adapters and against the town.
 * @param path of the file; errors name it so. @throws {SceneError} one line: file, field, reason.
 */
export async function readSourcesFile(path: string, town: Town, kinds: Kinds = { sources, adapters }): Promise<SourcesFile> {
  const file = await readJsonFile(path, path, schemaOf(kinds));
  const seen = new Set<string>();
  const entries = file.sources.map((row, i): SourceEntry => {
    const at = `sources[${i}]`;
    const refuse = (field: string, reason: string): never => {
      throw new SceneError(path, `${at}.${field}`, reason);
    };
    if (seen.has(row.id)) refuse('id', `there are two sources ${row.id}`);
    seen.add(row.id);
    const source = kinds.sources.find(({ kind }) => kind === row.kind)!;
    const given = (row as { adapter?: { id: string } }).adapter;
    const adapterId = given?.id ?? source.adapters[0];
    const fits = source.adapters.length === 0 ? kinds.adapters.map(({ id }) => id) : source.adapters;
    if (adapterId === undefined) return refuse('adapter', `a source of kind ${row.kind} needs one of ${listed(fits)}`);
    if (!fits.includes(adapterId)) refuse('adapter', `a source of kind ${row.kind} takes ${listed(fits)}, not ${adapterId}`);
    const adapter = kinds.adapters.find(({ id }) => id === adapterId)!;
    const agencies = new Set(town.agencies.map(({ id }) => id));
    for (const [field, agencyId] of [
      ['newUnit.agencyId', row.newUnit?.agencyId] as const,
      ...row.units.map((unit, k) => [`units[${k}].agencyId`, unit.agencyId] as const),
    ]) {
      if (agencyId !== undefined && !agencies.has(agencyId)) refuse(field, `the town has no agency ${agencyId}`);
    }
    const config = Object.fromEntries(Object.entries(row).filter(([key]) => !COMMON.has(key) && key !== 'kind' && key !== 'adapter'));
    const adapterConfig = Object.fromEntries(Object.entries(given ?? {}).filter(([key]) => key !== 'id'));
    if (adapter.wholeFacts) {
      if (row.datum !== 'wgs84') refuse('datum', `${adapter.id} is always wgs84`);
      if (row.newUnit) refuse('newUnit', `${adapter.id} tells its units itself`);
      if (row.units.length > 0) refuse('units', `${adapter.id} tells its units itself`);
    }
    // A source that names no adapter gets its first one with that one's defaults; not every adapter can do with them.
    const parsed = given ? { success: true as const, data: adapterConfig } : adapter.config.safeParse({});
    if (!parsed.success) return refuse('adapter', `${adapterId} needs settings: ${parsed.error.issues[0]!.path.join('.')}`);
    return { ...row, prefix: row.prefix ?? `${row.id}:`, source, config, adapter, adapterConfig: parsed.data };
  });
  return { name: path, directory: dirname(path), playScene: file.playScene, entries };
}
