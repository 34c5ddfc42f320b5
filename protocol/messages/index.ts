import { alarmMessage } from './alarm.ts';
import { bookmarkMessage } from './bookmark.ts';
import { callMessage } from './call.ts';
import { cameraMessage } from './camera.ts';
import { channelMessage } from './channel.ts';
import { detectionMessage } from './detection.ts';
import { incidentMessage } from './incident.ts';
import { modeMessage } from './mode.ts';
import { unitMessage } from './unit.ts';
import { weatherMessage } from './weather.ts';
import type { z } from 'zod';

/** Every fact that travels as `ev`. A new one is a file and a line here; the compiler then finds each switch that must learn it. */
export const messages = [
  unitMessage,
  incidentMessage,
  channelMessage,
  cameraMessage,
  detectionMessage,
  callMessage,
  modeMessage,
  weatherMessage,
  bookmarkMessage,
  alarmMessage,
] as const;

type Definition = (typeof messages)[number];
export type MessageType = Definition['type'];
/** `{type, data}` for every message: what the journal keeps and the feed carries. */
export type Message = { [D in Definition as D['type']]: { type: D['type']; data: z.infer<D['schema']> } }[MessageType];

export type { Alarm, AlarmKind, AlarmState } from './alarm.ts';
export type { Bookmark } from './bookmark.ts';
export type { Call, CallState } from './call.ts';
export type { Camera, CameraKind, StreamProtocol } from './camera.ts';
export type { Channel } from './channel.ts';
export type { Detection } from './detection.ts';
export type {
  Actor,
  Assignment,
  Incident,
  IncidentReport,
  IncidentState,
  Pause,
  Severity,
  Step,
  StepAction,
  Tier,
  TriageProposal,
} from './incident.ts';
export type { DeskMode } from './mode.ts';
export type { Origin } from './origin.ts';
export type { Unit, UnitKind, UnitStatus } from './unit.ts';
export type { Weather } from './weather.ts';
