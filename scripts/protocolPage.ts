import type { JsonSchema } from './generate.ts';
import { protocolRules } from './protocolRules.ts';

interface Named {
  group: string;
  name: string;
  schema: JsonSchema;
}
interface Example {
  schema: string;
  value: unknown;
}

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\n/g, ' ');

/** The type and range of a field, in the words of the tables. */
function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((v) => `\`${String(v)}\``).join(' ');
  if (schema.anyOf) {
    const parts = schema.anyOf.map((s) => typeOf(s));
    return parts.includes('null') ? `${parts.filter((p) => p !== 'null').join(' or ')}, or null` : parts.join(' or ');
  }
  switch (schema.type) {
    case 'array':
      if (schema.prefixItems) return '[lonDeg, latDeg]';
      return `list of ${schema.items ? typeOf(schema.items as JsonSchema) : 'any'}${schema.maxItems === undefined ? '' : `, at most ${schema.maxItems}`}`;
    case 'number':
    case 'integer': {
      const low = schema.minimum ?? (schema.exclusiveMinimum as number | undefined);
      const high = schema.maximum ?? (schema.exclusiveMaximum as number | undefined);
      const bounded = high !== undefined && high < Number.MAX_SAFE_INTEGER;
      const range =
        low !== undefined && low > -Number.MAX_SAFE_INTEGER
          ? ` ${low}${bounded ? `..${high}${schema.exclusiveMaximum === undefined ? '' : ' (excluded)'}` : '..'}`
          : '';
      return `${schema.type}${range}`;
    }
    case 'object': {
      const keys = Object.keys(schema.properties ?? {});
      return keys.length === 0 ? 'object' : keys.join() === 'zh,en' ? '{zh, en}' : `{${keys.join(', ')}}`;
    }
    case 'string':
      return schema.format === undefined ? `string${schema.maxLength === undefined ? '' : ` ≤ ${schema.maxLength}`}` : schema.format;
    case undefined:
      return 'any';
    default:
      return String(schema.type);
  }
}

/** Rows for an object's fields; objects and lists of objects are opened once, with a dotted name. */
function rows(schema: JsonSchema, prefix = ''): string[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, raw]) => {
    const field = raw as JsonSchema;
    const inner = (field.type === 'array' ? field.items : (field.anyOf?.find((s) => s.type === 'object') ?? field)) as
      JsonSchema | undefined;
    const opened =
      inner?.properties && Object.keys(inner.properties).join() !== 'zh,en'
        ? rows(inner, `${prefix}${name}${field.type === 'array' ? '[]' : ''}.`)
        : [];
    return [
      `| \`${prefix}${name}\`${required.has(name) ? '' : ' (optional)'} | ${cell(typeOf(field))} | ${cell(field.description ?? '')} |`,
      ...opened,
    ];
  });
}

/** Long lists of one snapshot field are described under Messages, not again in the frame's table. */
function table(schema: JsonSchema, open: boolean): string {
  const body = open
    ? rows(schema)
    : rows(schema).filter((row) => !/`[a-z]+(\[\])?\.[^`]*`/i.test(row) || /`(gap|limits|scene|ce|error|resume|desk|replay)\./.test(row));
  return body.length === 0 ? '' : `| field | type | meaning |\n|---|---|---|\n${body.join('\n')}\n`;
}

const block = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value)}\n\`\`\`\n`;

function section(schemas: readonly Named[], examples: ReadonlyMap<string, Example>, group: string, heading: string, open: boolean): string {
  return schemas
    .filter((s) => s.group === group)
    .map(({ name, schema }) => {
      const example = [...examples.values()].find((e) => e.schema === `${group}.${name}`);
      const text = schema.description === undefined ? '' : `${schema.description}\n\n`;
      return `### ${heading}\`${name}\`\n\n${text}${table(schema, open)}${example ? `\n${block(example.value)}` : ''}`;
    })
    .join('\n');
}

const INTRO = `# The feed protocol, version 1

<!-- Made by \`npm run generate\` from the schemas in protocol/. Edit those, not this page. -->

For someone who has a town platform and one afternoon. One WebSocket carries everything between a server (a gateway of this
product, or your backend) and a wall. Text frames hold one JSON object each, told apart by \`frame\`. With subprotocol
\`feed.v1.json\` every frame is text; with \`feed.v1.bin\` positions become one binary frame of columns and all else stays text.

Units are part of each name: degrees (\`lonDeg\`, \`latDeg\`, WGS-84, longitude first; \`headingDeg\` clockwise from true north,
0 ≤ h < 360), metres (\`altM\` above ground), metres per second, milliseconds. Times are UTC epoch milliseconds of the server's clock.
Names that people read come in both languages: \`{"zh": "...", "en": "..."}\`.

## A connection from start to end

\`\`\`
client -> hello    who I am, my token, where I stopped (resume)
server -> welcome  epoch, head, whether I resumed, limits, capabilities, scene
server -> snap     one or more parts, only when I did not resume
server -> ev       one fact that changed, numbered by seq           client -> ack   the last seq I applied
server -> pos      where the moving things are, about once a second
server -> hb       every heartbeatMs                                client -> ping, server -> pong   for the clock
client -> cmd      a wish; server -> res when it is done or refused; the change itself comes as ev
client -> query    a question; server -> part, one or more
client -> seek     in a replay: to another moment, at another rate; server -> welcome (and snap) again
server -> err      what was wrong with a frame; server -> bye       before it closes on purpose
\`\`\`

## The least that a backend must do

1. Accept a WebSocket with subprotocol \`feed.v1.json\`; read \`hello\`; check the token; answer \`welcome\` with \`resumed: false\`.
2. Send one \`snap\` with \`part: 0, last: true\` that lists your units, incidents, cameras and channels (empty lists are fine).
3. Send \`pos\` about once a second, and an \`ev\` with the next \`seq\` whenever a unit or incident changes (the whole fact, \`rev\` increased).
4. Send \`hb\` every \`heartbeatMs\`; answer each \`ping\` with \`pong\`. Ignore \`ack\` if you keep no window.
5. Answer each \`cmd\` with \`res\`: \`applied\` with the \`seq\` of the event it caused, or \`rejected\` with a reason.
   \`capabilities\` lists the commands and queries that you answer; the wall offers only those.

Then run \`npm run gateway -- --scene wuzhen --relay ws://your-host:port/path --relay-token ...\`: the wall talks to its gateway, the
gateway forwards each wall's feed to you. Ids of agencies, channels and event types refer to the town's files in \`scenes/\`.
`;

const BINARY = `## Binary positions (\`feed.v1.bin\`)

Little-endian, columns one after the other, 16 + 22·n bytes. Units are named by the \`handle\` of their \`unit.updated\` message.

| bytes | column |
|---|---|
| 0 | u8 \`0x50\`, u8 version 1, u16 zero, u32 n, f64 \`atMs\` |
| 16 | u32 \`handle\` × n |
| 16 + 4n | i32 \`lonDeg\` in 10⁻⁷ degree × n |
| 16 + 8n | i32 \`latDeg\` in 10⁻⁷ degree × n |
| 16 + 12n | i32 \`atMs\` minus \`observedAtMs\`, ms × n |
| 16 + 16n | u16 \`headingDeg\` in 0.01 degree × n |
| 16 + 18n | u16 \`speedMps\` in 0.01 m/s × n |
| 16 + 20n | i16 \`altM\` in 0.1 m × n |
`;

export function renderProtocolPage(schemas: readonly Named[], examples: ReadonlyMap<string, unknown>): string {
  const typed = examples as ReadonlyMap<string, Example>;
  const rules = protocolRules.map((r) => `**${r.id} ${r.title}.** ${r.text}`).join('\n\n');
  const codes = schemas.find((s) => s.group === 'serverFrame' && s.name === 'err')!.schema.properties!['code'] as JsonSchema;
  return [
    INTRO,
    `## Rules\n\n${rules}\n`,
    `## Frames from the client\n\n${section(schemas, typed, 'clientFrame', '', true)}`,
    `## Frames from the server\n\n${section(schemas, typed, 'serverFrame', '', false)}`,
    `Error codes: ${(codes.enum ?? []).map((c) => `\`${String(c)}\``).join(' ')}.\n`,
    BINARY,
    `## Messages (\`ev.ce.type\` and \`ev.ce.data\`, and the lists of \`snap\`)\n\nEach is sent whole. The envelope is CloudEvents 1.0; \`subject\` is the \`id\` in data.\n\n${section(schemas, typed, 'message', '', true)}`,
    `## Commands (\`cmd.type\` and \`cmd.data\`)\n\n${section(schemas, typed, 'command', '', true)}`,
    'A `res` that is not `applied` or `duplicate` carries `error.code`: `notFound` `illegalStep` `reasonRequired` `unitNotAvailable` `tooManyUnits` `notAllowed` `badField` `unknownCommand` `tooFast` `forbidden` `expired` `conflict` `replaying` `notOurs`.\n',
    `## Queries (\`query.kind\` and \`query.data\`)\n\nA query that fails is answered by an \`err\` and then by one empty last \`part\` with its id.\n\n${section(schemas, typed, 'query', '', true)}`,
    `## Items in the answers (\`part.items\`)\n\n${section(schemas, typed, 'queryItem', 'Item of ', true)}`,
  ].join('\n');
}
