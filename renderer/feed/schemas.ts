import type { MessageType } from '../../protocol/messages/index.ts';
import type { QueryKind } from '../../protocol/queries/index.ts';
import alarm from '../../protocol/generated/message.alarm-updated.schema.json' with { type: 'json' };
import bookmark from '../../protocol/generated/message.bookmark-updated.schema.json' with { type: 'json' };
import call from '../../protocol/generated/message.call-updated.schema.json' with { type: 'json' };
import camera from '../../protocol/generated/message.camera-updated.schema.json' with { type: 'json' };
import channel from '../../protocol/generated/message.channel-updated.schema.json' with { type: 'json' };
import detection from '../../protocol/generated/message.detection-updated.schema.json' with { type: 'json' };
import incident from '../../protocol/generated/message.incident-updated.schema.json' with { type: 'json' };
import mode from '../../protocol/generated/message.mode-changed.schema.json' with { type: 'json' };
import unit from '../../protocol/generated/message.unit-updated.schema.json' with { type: 'json' };
import weather from '../../protocol/generated/message.weather-updated.schema.json' with { type: 'json' };
import moveUp from '../../protocol/generated/queryItem.moveUp.schema.json' with { type: 'json' };
import alarmStats from '../../protocol/generated/queryItem.alarmStats.schema.json' with { type: 'json' };
import nearest from '../../protocol/generated/queryItem.nearest.schema.json' with { type: 'json' };
import reach from '../../protocol/generated/queryItem.reach.schema.json' with { type: 'json' };
import reachWithout from '../../protocol/generated/queryItem.reachWithout.schema.json' with { type: 'json' };
import record from '../../protocol/generated/queryItem.record.schema.json' with { type: 'json' };
import track from '../../protocol/generated/queryItem.track.schema.json' with { type: 'json' };
import tracksInArea from '../../protocol/generated/queryItem.tracksInArea.schema.json' with { type: 'json' };
import tracksInSpan from '../../protocol/generated/queryItem.tracksInSpan.schema.json' with { type: 'json' };
import vitals from '../../protocol/generated/queryItem.vitals.schema.json' with { type: 'json' };
import bye from '../../protocol/generated/serverFrame.bye.schema.json' with { type: 'json' };
import desks from '../../protocol/generated/serverFrame.desks.schema.json' with { type: 'json' };
import err from '../../protocol/generated/serverFrame.err.schema.json' with { type: 'json' };
import ev from '../../protocol/generated/serverFrame.ev.schema.json' with { type: 'json' };
import hb from '../../protocol/generated/serverFrame.hb.schema.json' with { type: 'json' };
import part from '../../protocol/generated/serverFrame.part.schema.json' with { type: 'json' };
import pong from '../../protocol/generated/serverFrame.pong.schema.json' with { type: 'json' };
import posColumns from '../../protocol/generated/serverFrame.pos-columns.schema.json' with { type: 'json' };
import posFixes from '../../protocol/generated/serverFrame.pos-fixes.schema.json' with { type: 'json' };
import res from '../../protocol/generated/serverFrame.res.schema.json' with { type: 'json' };
import snap from '../../protocol/generated/serverFrame.snap.schema.json' with { type: 'json' };
import welcome from '../../protocol/generated/serverFrame.welcome.schema.json' with { type: 'json' };
import { compileSchema } from './compileSchema.ts';
import type { Check, JsonSchema } from './compileSchema.ts';

/** The contract's own schemas, compiled once when the page loads (about 2 ms). */
export const messageChecks = {
  'unit.updated': compileSchema(unit),
  'incident.updated': compileSchema(incident),
  'channel.updated': compileSchema(channel),
  'camera.updated': compileSchema(camera),
  'detection.updated': compileSchema(detection),
  'call.updated': compileSchema(call),
  'mode.changed': compileSchema(mode),
  'weather.updated': compileSchema(weather),
  'bookmark.updated': compileSchema(bookmark),
  'alarm.updated': compileSchema(alarm),
} satisfies Record<MessageType, Check>;

const COLUMNS = ['lonDeg', 'latDeg', 'headingDeg', 'speedMps', 'observedAtMs'] as const;
/** That columns agree in length no schema can say. */
function compilePiece(schema: JsonSchema): Check {
  const check = compileSchema(schema);
  return (value, path) => {
    const why = check(value, path);
    if (why !== null) return why;
    const piece = value as Record<(typeof COLUMNS)[number], unknown[]>;
    return COLUMNS.every((name) => piece[name].length === piece.lonDeg.length) ? null : `${path}: expected columns of one length`;
  };
}

export const queryItemChecks = {
  nearest: compileSchema(nearest),
  incidents: compileSchema(incident),
  detections: compileSchema(detection),
  alarmStats: compileSchema(alarmStats),
  track: compileSchema(track),
  tracksInArea: compilePiece(tracksInArea),
  tracksInSpan: compilePiece(tracksInSpan),
  vitals: compileSchema(vitals),
  record: compileSchema(record),
  reach: compileSchema(reach),
  reachWithout: compileSchema(reachWithout),
  moveUp: compileSchema(moveUp),
} satisfies Record<QueryKind, Check>;

/** A snapshot's frame without its items: those are checked one by one, so that one bad item costs only itself. */
function snapWithoutItems(): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const [name, schema] of Object.entries(snap.properties as Record<string, JsonSchema>)) {
    if (name === 'mode' || name === 'weather') continue;
    properties[name] = schema.type === 'array' ? { type: 'array' } : schema;
  }
  return { ...snap, properties };
}

export const frameChecks = {
  welcome: compileSchema(welcome),
  snap: compileSchema(snapWithoutItems()),
  ev: compileSchema(ev),
  res: compileSchema(res),
  hb: compileSchema(hb),
  pong: compileSchema(pong),
  err: compileSchema(err),
  bye: compileSchema(bye),
  part: compileSchema(part),
  desks: compileSchema(desks),
  posColumns: compileSchema(posColumns),
  posFixes: compileSchema(posFixes),
} satisfies Record<string, Check>;
