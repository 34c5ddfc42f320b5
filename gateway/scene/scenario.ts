import { z } from 'zod';
import { cameraMessage } from '../../protocol/messages/camera.ts';
import { weatherMessage } from '../../protocol/messages/weather.ts';
import { countSchema, idSchema, latDegSchema, localTextSchema, lonDegSchema, lonLatSchema, textSchema } from '../../protocol/primitives.ts';

/**
 * A scripted day of a town: `scenes/<town>/<scenario>/scenario.json` and `units.json`, `scenes/<town>/cameras.json`.
 * Only the gateway reads it, so it is no part of the protocol. Every object is strict: a misspelt field is an error, not a default.
 */

/** Where something happens: at a place of the town, or at a point with a name of its own. */
const spotSchema = z.union([
  z.strictObject({ placeId: idSchema }),
  z.strictObject({ place: localTextSchema, lonDeg: lonDegSchema, latDeg: latDegSchema }),
]);

/** A duration that varies: half are shorter than `medianS`, nine in ten shorter than `p90S`. */
const spreadSchema = z
  .strictObject({ medianS: z.number().min(0.1).max(604_800), p90S: z.number().min(0.1).max(604_800) })
  .refine((spread) => spread.p90S >= spread.medianS, { message: 'p90S is below medianS', path: ['p90S'] });

const reportFields = {
  at: spotSchema,
  channelId: idSchema,
  typeId: idSchema,
  note: localTextSchema.nullable(),
  cameraIds: z.array(idSchema).max(16),
  /** Simulated operators leave it to the duty leader: for hours nobody but a person at the wall sends someone. */
  forLeader: z.boolean(),
};

const scriptedReportSchema = z.strictObject({
  afterS: z.number().min(0).max(86_400),
  ...reportFields,
  /** Seconds until whoever caused it puts it right, so that no case is opened; null when nobody does. */
  selfRectifiesAfterS: z.number().min(1).nullable(),
});
const pendingReportSchema = z.strictObject({
  agoS: z.number().min(0).max(86_400),
  ...reportFields,
  state: z.enum(['reported', 'accepted', 'triaged']),
});

/** A channel of so many reports an hour is a large city's; more would keep the gateway busy with the morning until it is out of memory. */
const MOST_AN_HOUR = 1000;
const hoursSchema = z.array(countSchema.max(MOST_AN_HOUR)).length(24);

/** The protocol's times run from 1970 to 2100; a scene needs the day before and may run for a year. */
const startAtSchema = z.iso
  .datetime({ offset: true })
  .refine((text) => Date.parse(text) >= Date.UTC(2000, 0) && Date.parse(text) < Date.UTC(2099, 0), {
    message: 'expected a time from 2000 to 2098',
  });

export const scenarioFileSchema = z.strictObject({
  id: idSchema,
  title: localTextSchema,
  startAt: startAtSchema,
  seed: z.int().min(0).max(0xffff_ffff),
  mode: z.enum(['routine', 'urgent']),
  leader: localTextSchema,
  visitorsPerDay: countSchema,
  weather: weatherMessage.schema.pick({ condition: true, text: true, temperatureC: true, windMps: true, windFromDeg: true }).strict(),
  arrivals: z.strictObject({
    byChannelByHour: z.record(idSchema, hoursSchema).describe('Expected arrivals by channel and local hour'),
    exact: z.boolean().optional().describe('Just so many arrive in each hour; otherwise the numbers are means of chance'),
    selfRectified: z.strictObject({
      channelId: idSchema,
      share: z.number().min(0).max(1).describe('Alerts of this channel that are put right before they become a case'),
      after: spreadSchema,
    }),
    leaderShare: z.number().min(0).max(1).describe('Share of severity 1 and 2 arrivals that simulated operators leave to the duty leader'),
  }),
  typeMix: z.record(idSchema, z.array(z.strictObject({ typeId: idSchema, weight: z.number().gt(0) })).min(1)),
  /** Where arrivals fall; `typeIds` null takes any type that no other spot has for its own. */
  spots: z
    .array(
      z.strictObject({
        at: spotSchema,
        radiusM: z.number().min(0).max(2000),
        weight: z.number().gt(0),
        typeIds: z.array(idSchema).nullable(),
      }),
    )
    .min(1),
  operators: z.strictObject({
    name: localTextSchema,
    accept: spreadSchema,
    triage: spreadSchema.describe('From acceptance'),
    dispatch: spreadSchema.describe('From triage'),
    setOut: spreadSchema.describe('From report to wheels turning'),
    handle: spreadSchema.describe('On scene, from arrival to handled'),
    close: spreadSchema.describe('From handled to closed'),
    declines: z
      .strictObject({ share: z.number().min(0).max(0.5), notes: z.array(localTextSchema).min(1) })
      .optional()
      .describe('Orders of simulated operators that a crew cannot follow, and what it says'),
  }),
  pending: z.array(pendingReportSchema),
  script: z.array(scriptedReportSchema),
});

const unitFields = {
  id: idSchema,
  name: localTextSchema.describe('Call sign, as spoken on the radio'),
  agencyId: idSchema,
  postId: idSchema.describe('Place where it stands by'),
  cameraIds: z.array(idSchema).max(16),
  talkGroup: textSchema.nullable(),
};
const unitRowSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('vehicle'),
    ...unitFields,
    plate: textSchema.min(1),
    crewIds: z.array(idSchema).min(1).max(32),
    patrolPlaceIds: z.array(idSchema).describe('Places it drives between; empty: it waits at its post'),
  }),
  z.strictObject({
    kind: z.literal('officer'),
    ...unitFields,
    personName: localTextSchema.describe('Invented'),
    vehicleId: idSchema.nullable(),
    beat: z.array(lonLatSchema).min(2).nullable().describe('The walk of an officer on foot; null in a vehicle'),
  }),
  z.strictObject({ kind: z.literal('drone'), ...unitFields, routeIds: z.array(idSchema).min(1), cruiseMps: z.number().min(1).max(40) }),
  z.strictObject({
    kind: z.literal('boat'),
    ...unitFields,
    crewIds: z.array(idSchema).max(32),
    beat: z.array(lonLatSchema).min(2),
    cruiseMps: z.number().min(0.5).max(20),
  }),
]);
const cameraRowSchema = cameraMessage.schema.omit({ rev: true }).strict();
export const unitsFileSchema = z.strictObject({ units: z.array(unitRowSchema).min(1), cameras: z.array(cameraRowSchema) });
export const camerasFileSchema = z.array(cameraRowSchema);

export type Spread = z.infer<typeof spreadSchema>;
export type UnitRow = z.infer<typeof unitRowSchema>;
export type CameraRow = z.infer<typeof cameraRowSchema>;
export type ScenarioFile = z.infer<typeof scenarioFileSchema>;
export type Spot = z.infer<typeof spotSchema>;

/** A spot with its place looked up. */
export interface Located {
  placeId: string | null;
  place: z.infer<typeof localTextSchema>;
  lonDeg: number;
  latDeg: number;
}
type Resolved<T extends { at: Spot }> = Omit<T, 'at'> & Located;

/** A scenario as it is played: places looked up, units and cameras (fixed and carried) in one list each. */
export type Scenario = Omit<ScenarioFile, 'spots' | 'pending' | 'script' | 'startAt'> & {
  startAtMs: number;
  spots: Resolved<ScenarioFile['spots'][number]>[];
  pending: Resolved<ScenarioFile['pending'][number]>[];
  script: Resolved<ScenarioFile['script'][number]>[];
  units: UnitRow[];
  cameras: CameraRow[];
};
