import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { refusal } from '../adapter.ts';
import type { Refusal } from '../adapter.ts';

/** An event of Cursor on Target 2.0 (MITRE MP090284), with what ATAK adds to its detail. */
export interface CotEvent {
  /** E.g. `a-f-G-U-C`: atom, friend, ground, unit, combat. */
  type: string;
  uid: string;
  timeMs: number;
  staleMs: number;
  lonDeg: number;
  latDeg: number;
  /** Above the ellipsoid; null where it is not known. */
  heightM: number | null;
  /** From true north. */
  courseDeg: number | null;
  speedMps: number | null;
  callsign: string | null;
  /** Colour of the team, `__group name`. */
  group: string | null;
  /** The device that an event is about, where it is not its own: `link relation="p-p"`, or the only link. */
  parentUid: string | null;
  emergency: 'called' | 'cancelled' | null;
}

/** What Cursor on Target writes for a height that is not known. */
const UNKNOWN = 9_999_999;
const utf8 = new TextDecoder('utf-8', { fatal: true });
/** No entity is ever declared or expanded; the five of XML and numbers are read by `plain`, once. */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: 32,
});

type Node = Readonly<Record<string, unknown>>;
const nothing: Node = {};
/** The first child of a name. */
function child(node: Node, name: string): Node {
  const found: unknown = [Object.hasOwn(node, name) ? node[name] : undefined].flat()[0];
  return typeof found === 'object' && found !== null ? (found as Node) : nothing;
}
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (all, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return Object.hasOwn(named, name) ? named[name]! : all;
    const code = decimal !== undefined ? Number(decimal) : parseInt(hex!, 16);
    return code > 0x1f && code <= 0x10_ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '';
  });
function attribute(node: Node, name: string): string | null {
  const found = Object.hasOwn(node, `@${name}`) ? node[`@${name}`] : undefined;
  return typeof found === 'string' && found.trim() !== '' ? plain(found).trim() : null;
}
function numberOf(node: Node, name: string): number | null {
  const text = attribute(node, name);
  return text !== null && /^[+-]?(\d{1,12}(\.\d{0,20})?|\.\d{1,20})(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : null;
}
function timeOf(node: Node, name: string): number | null {
  const text = attribute(node, name);
  if (text === null || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : atMs;
}

/** @param bytes from `<event` to `</event>`, bounded by the caller. Never throws. */
export function readEvent(bytes: Uint8Array): CotEvent | Refusal {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return refusal('badText', '', 'the event is not UTF-8');
  }
  // `<!DOCTYPE` and `<!ENTITY`: nothing of the sort belongs into an event.
  if (/<!(?!--|\[CDATA\[)/.test(text)) return refusal('declaration', '', 'an event declares no document type and no entities');
  let root: Node;
  try {
    const valid = XMLValidator.validate(text);
    if (valid !== true) return refusal('badXml', '', `not XML: ${valid.err.msg}`);
    root = parser.parse(text) as Node;
  } catch (error) {
    return refusal('badXml', '', `not XML: ${error instanceof Error ? error.message : String(error)}`);
  }
  return fieldsOf(child(root, 'event'));
}

function fieldsOf(event: Node): CotEvent | Refusal {
  const [type, uid] = [attribute(event, 'type'), attribute(event, 'uid')];
  if (type === null) return refusal('noField', 'type', 'the event has no type');
  if (uid === null) return refusal('noField', 'uid', 'the event has no uid');
  if (uid.length > 128) return refusal('badField', 'uid', 'expected 1 to 128 characters');
  const [timeMs, staleMs] = [timeOf(event, 'time'), timeOf(event, 'stale')];
  if (timeMs === null) return refusal('badTime', 'time', 'expected a time like 2026-05-13T11:20:00Z');
  if (staleMs === null) return refusal('badTime', 'stale', 'expected a time like 2026-05-13T11:20:00Z');
  const point = child(event, 'point');
  const [latDeg, lonDeg, hae] = [numberOf(point, 'lat'), numberOf(point, 'lon'), numberOf(point, 'hae')];
  if (latDeg === null) return refusal('badField', 'point.lat', 'expected a latitude in degrees');
  if (lonDeg === null) return refusal('badField', 'point.lon', 'expected a longitude in degrees');
  const detail = child(event, 'detail');
  const track = child(detail, 'track');
  const [course, speed] = [numberOf(track, 'course'), numberOf(track, 'speed')];
  const emergency = child(detail, 'emergency');
  const isCancelled = type === 'b-a-o-can' || attribute(emergency, 'cancel') === 'true';
  return {
    type,
    uid,
    timeMs,
    staleMs,
    lonDeg,
    latDeg,
    heightM: hae === null || hae >= UNKNOWN ? null : hae,
    // Devices at rest write -1 or NaN.
    courseDeg: course === null || course < 0 || course > 360 ? null : course % 360,
    speedMps: speed === null || speed < 0 || speed > 500 ? null : speed,
    callsign: attribute(child(detail, 'contact'), 'callsign')?.slice(0, 64) ?? null,
    group: attribute(child(detail, '__group'), 'name'),
    parentUid: parentOf(detail),
    emergency: isCancelled ? 'cancelled' : type.startsWith('b-a-o') || emergency !== nothing ? 'called' : null,
  };
}
function parentOf(detail: Node): string | null {
  const found: unknown[] = Object.hasOwn(detail, 'link') ? [detail['link']].flat() : [];
  const links = found.filter((link): link is Node => typeof link === 'object' && link !== null);
  const parent = links.find((link) => attribute(link, 'relation') === 'p-p') ?? (links.length === 1 ? links[0] : undefined);
  return parent ? (attribute(parent, 'uid')?.slice(0, 128) ?? null) : null;
}
