import { z } from 'zod';
import { positionColumnsSchema, positionFixesSchema } from '../../protocol/frames/position.ts';
import { evSchema, serverFrames } from '../../protocol/frames/server.ts';
import { messages } from '../../protocol/messages/index.ts';
import type { MessageType } from '../../protocol/messages/index.ts';
import { idSchema, localTextSchema } from '../../protocol/primitives.ts';
import { firstIssue } from '../desk/firstIssue.ts';
import { defineAdapter, refusal } from './adapter.ts';
import type { Decoded, MirrorMessage, MirrorTerms, MirrorType } from './adapter.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const lists = {
  units: 'unit.updated',
  cameras: 'camera.updated',
  incidents: 'incident.updated',
  detections: 'detection.updated',
  calls: 'call.updated',
} as const satisfies Record<string, MirrorType>;
type ListName = keyof typeof lists;
const listNames = Object.keys(lists) as ListName[];
const schemas = new Map<string, (typeof messages)[number]['schema']>(messages.map(({ type, schema }) => [type, schema]));
const frameNames = new Set<string>(serverFrames.map((schema) => schema.shape.frame.value));

const namesSchema = z.record(idSchema, idSchema).default({});
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The frames of PROTOCOL.md as another server sends them to a wall: what is shown there is mirrored here. What has an `origin` there is
 * passed over: it is to be had from where it came from, and might be our own. Weather replaces this town's and has to be asked for.
 */
export const feedAdapter = defineAdapter({
  id: 'feed',
  wholeFacts: true,
  config: z.strictObject({
    take: z
      .array(z.enum([...(listNames as [ListName, ...ListName[]]), 'weather']))
      .min(1)
      .default(listNames)
      .describe('Which kinds of things; positions come with units'),
    name: localTextSchema.optional().describe('Whose it is, as the wall says it; the name of the source where left out'),
    agencies: namesSchema.describe('What an agency of theirs is called in this town; "*" for every other one'),
    channels: namesSchema,
    eventTypes: namesSchema,
  }),
  open({ take, name, agencies, channels, eventTypes }) {
    const terms: MirrorTerms = { name: name ?? null, agencies, channels, eventTypes };
    const taken = new Set<string>(take.map((kind) => (kind === 'weather' ? 'weather.updated' : lists[kind])));
    /** Ids in the parts of a snapshot so far; null for a list that could not be read in one of them. */
    let whole = new Map<MirrorType, string[] | null>();

    const readFact = (type: MessageType, data: unknown, path: string, into: Decoded): void => {
      if (!taken.has(type) || (isObject(data) && data['origin'])) return;
      const parsed = schemas.get(type)!.safeParse(data);
      if (!parsed.success) {
        const { path: at, message } = firstIssue(parsed.error, path);
        into.refusals.push(refusal('badField', at, message));
      } else into.facts.push({ kind: 'mirror', message: { type, data: parsed.data } as MirrorMessage, terms });
    };
    const readSnapshot = (frame: Record<string, unknown>, into: Decoded): void => {
      if (frame['part'] === 0) whole = new Map(Object.values(lists).map((type) => [type, []]));
      for (const list of listNames) {
        const type = lists[list];
        const items = frame[list];
        if (!Array.isArray(items)) {
          into.refusals.push(refusal('badField', list, 'expected a list'));
          whole.set(type, null);
          continue;
        }
        const ids = whole.get(type);
        items.forEach((item: unknown, i) => {
          readFact(type, item, `${list}[${i}]`, into);
          // One that cannot be read still exists.
          if (isObject(item) && typeof item['id'] === 'string' && taken.has(type)) ids?.push(item['id']);
        });
      }
      if (isObject(frame['weather'])) readFact('weather.updated', frame['weather'], 'weather', into);
      if (frame['last'] !== true || whole.size === 0) return;
      into.facts.push({ kind: 'mirrorWhole', ids: Object.fromEntries([...whole].filter(([, ids]) => ids !== null)) });
      whole = new Map();
    };
    const readEvent = (frame: unknown, into: Decoded): void => {
      const parsed = evSchema.safeParse(frame);
      if (!parsed.success) {
        const { path, message } = firstIssue(parsed.error, '');
        into.refusals.push(refusal('badField', path, message));
        return;
      }
      const { type, data } = parsed.data.ce;
      if (schemas.has(type)) readFact(type as MessageType, data, 'ce.data', into);
      else into.refusals.push(refusal('unknownMessage', 'ce.type', `this version knows no ${type.slice(0, 64)}`));
    };
    const readPositions = (frame: Record<string, unknown>, into: Decoded): void => {
      if (!taken.has('unit.updated')) return;
      const parsed = 'fixes' in frame ? positionFixesSchema.safeParse(frame) : positionColumnsSchema.safeParse(frame);
      if (!parsed.success) {
        const { path, message } = firstIssue(parsed.error, '');
        into.refusals.push(refusal('badField', path, message));
        return;
      }
      const pos = parsed.data;
      const count = 'fixes' in pos ? pos.fixes.length : pos.ids.length;
      for (let i = 0; i < count; i += 1) {
        const [unitId, lonDeg, latDeg, altM, headingDeg, speedMps, observedAtMs] =
          'fixes' in pos
            ? (({ id, ...f }) => [id, f.lonDeg, f.latDeg, f.altM, f.headingDeg, f.speedMps, f.observedAtMs] as const)(pos.fixes[i]!)
            : ([
                pos.ids[i]!,
                pos.lonDeg[i]!,
                pos.latDeg[i]!,
                pos.altM?.[i] ?? 0,
                pos.headingDeg[i]!,
                pos.speedMps[i]!,
                pos.observedAtMs[i]!,
              ] as const);
        into.facts.push({ kind: 'fix', unitId, at: [lonDeg, latDeg], altM, headingDeg, speedMps, observedAtMs, mirrored: true });
      }
    };

    return {
      decode(bytes) {
        const decoded: Decoded = { facts: [], refusals: [] };
        let frame: unknown;
        try {
          frame = JSON.parse(utf8.decode(bytes));
        } catch (error) {
          const why = error instanceof SyntaxError ? error.message : 'it is not UTF-8';
          decoded.refusals.push(refusal('badJson', '', `not JSON: ${why}`));
          return decoded;
        }
        if (!isObject(frame)) decoded.refusals.push(refusal('badFrame', '', 'expected an object'));
        else if (frame['frame'] === 'snap') readSnapshot(frame, decoded);
        else if (frame['frame'] === 'ev') readEvent(frame, decoded);
        else if (frame['frame'] === 'pos') readPositions(frame, decoded);
        else if (typeof frame['frame'] !== 'string' || !frameNames.has(frame['frame']))
          decoded.refusals.push(refusal('unknownFrame', 'frame', `this version knows no frame ${String(frame['frame']).slice(0, 64)}`));
        return decoded;
      },
    };
  },
});
