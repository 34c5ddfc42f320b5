import { z } from 'zod';
import { defineMessage } from '../defineMessage.ts';
import {
  countSchema,
  idSchema,
  latDegSchema,
  localTextSchema,
  lonDegSchema,
  lonLatSchema,
  textSchema,
  timeMsSchema,
} from '../primitives.ts';
import { originSchema } from './origin.ts';

/** The life of an incident, in order. A state may be skipped forward, never backward, except that a recall returns to `triaged`. */
export const incidentStateSchema = z.enum(['reported', 'accepted', 'triaged', 'dispatched', 'onTheWay', 'onScene', 'handled', 'closed']);
/** Who takes it: village or community grid; town unit with enforcement support; town leaders in the chair. */
export const tierSchema = z.enum(['simple', 'general', 'major']);
/** 1 red, 2 orange, 3 yellow, 4 blue. */
export const severitySchema = z.int().min(1).max(4);

export const actorSchema = z.object({
  deskId: idSchema.describe('Console, wall or system that acted'),
  name: localTextSchema,
  simulated: z.boolean().describe('True for a simulated operator or crew'),
});

/** What was done where the state stayed as it was. */
export const stepActionSchema = z.enum([
  'merged',
  'split',
  'answered',
  'overridden',
  'chaired',
  'acknowledged',
  'declined',
  'reassigned',
  'stoodDown',
  'paused',
  'resumed',
]);

export const stepSchema = z.object({
  state: incidentStateSchema,
  atMs: timeMsSchema,
  by: actorSchema,
  unitId: idSchema.nullable(),
  reason: textSchema.nullable(),
  action: stepActionSchema.optional().describe('What was done; left out where the step is the state itself'),
});

/** One report of the matter. Whoever reported the same thing again is kept and answered like the first. */
export const reportSchema = z.object({
  id: idSchema.describe('Keeps its name when it moves to another incident: an arrival is counted once'),
  channelId: idSchema,
  atMs: timeMsSchema,
  place: localTextSchema,
  lonDeg: lonDegSchema,
  latDeg: latDegSchema,
  note: localTextSchema.nullable(),
  answeredAtMs: timeMsSchema.nullable().describe('When its reporter was told what came of it'),
  fromIncidentId: idSchema.nullable().describe('The incident that an operator merged into this one; null where it came here by itself'),
});

/** Which rule of the town proposed the tier, in words for the card. */
export const triageProposalSchema = z.object({
  ruleId: idSchema,
  tier: tierSchema,
  why: localTextSchema,
  isAssumption: z.boolean().describe('Shown as 演示口径 / demo assumption'),
});

/** The leader who has taken the chair of a major matter. */
const chairSchema = z.object({ id: idSchema, name: localTextSchema, sinceMs: timeMsSchema, by: actorSchema });

export const assignmentSchema = z.object({
  unitId: idSchema,
  orderedAtMs: timeMsSchema,
  setOutAtMs: timeMsSchema.nullable(),
  arrivedAtMs: timeMsSchema.nullable(),
  releasedAtMs: timeMsSchema.nullable(),
  etaAtMs: timeMsSchema.nullable().describe('Expected arrival by road, recomputed while it drives'),
  route: z.array(lonLatSchema).max(2000).describe('The road ahead from where it was ordered; empty when unknown'),
  acknowledgedAtMs: timeMsSchema.nullable().optional().describe('When the crew said that it has the order'),
  declinedReason: textSchema.nullable().optional().describe('Why the crew could not go; it was released with that'),
});

export const pauseSchema = z.object({
  fromMs: timeMsSchema,
  by: actorSchema,
  reason: textSchema.min(1).describe('What is waited for'),
  toMs: timeMsSchema.nullable().describe('Null while it is paused'),
  endedBy: actorSchema.nullable(),
});

export const incidentMessage = defineMessage('incident.updated', 'One matter, from report to closed.', {
  number: textSchema.describe('Readable number, unique in the town, e.g. 20260513-0147'),
  channelId: idSchema,
  typeId: idSchema,
  place: localTextSchema,
  lonDeg: lonDegSchema,
  latDeg: latDegSchema,
  inCore: z.boolean().describe('Inside the centre, where the promise is two minutes instead of five'),
  severity: severitySchema,
  urgent: z.boolean(),
  tier: tierSchema,
  state: incidentStateSchema,
  reportedAtMs: timeMsSchema,
  reporterCount: countSchema.min(1),
  leadAgencyId: idSchema,
  supportAgencyIds: z.array(idSchema).max(16),
  cameraIds: z.array(idSchema).max(16),
  assignments: z.array(assignmentSchema).max(32),
  steps: z.array(stepSchema).max(200),
  outcome: z.enum(['handled', 'selfRectified', 'noAction', 'transferred', 'merged']).nullable(),
  note: localTextSchema.nullable().describe('What the reporter said'),
  simulated: z.boolean(),
  pauses: z
    .array(pauseSchema)
    .max(32)
    .optional()
    .describe('When the promise to close was not counted, and why; only the last one may be open. No other promise can be paused'),
  origin: originSchema,
  reports: z.array(reportSchema).max(64).optional().describe('Who reported it, first to last; `reporterCount` counts those beyond 64 too'),
  triageRule: triageProposalSchema.nullable().optional().describe('Why it has the tier that it has; an override stands in the steps'),
  chair: chairSchema.nullable().optional(),
  mergedInto: idSchema.nullable().optional().describe('The incident that goes on in its place'),
});
export type Incident = z.infer<typeof incidentMessage.schema>;
export type IncidentState = z.infer<typeof incidentStateSchema>;
export type Tier = z.infer<typeof tierSchema>;
export type Severity = Incident['severity'];
export type Actor = z.infer<typeof actorSchema>;
export type StepAction = z.infer<typeof stepActionSchema>;
export type IncidentReport = z.infer<typeof reportSchema>;
export type TriageProposal = z.infer<typeof triageProposalSchema>;
export type Step = z.infer<typeof stepSchema>;
export type Pause = z.infer<typeof pauseSchema>;
export type Assignment = z.infer<typeof assignmentSchema>;
