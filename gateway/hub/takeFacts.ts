import type { z } from 'zod';
import { messages } from '../../protocol/messages/index.ts';
import type { MessageType } from '../../protocol/messages/index.ts';
import type { Fix } from '../../protocol/frames/position.ts';
import type { LonLat } from '../../protocol/primitives.ts';
import type { Town } from '../../protocol/town/town.ts';
import { AppError, assertNever } from '../appError.ts';
import { refusal } from '../adapters/adapter.ts';
import type { Fact, HeardAt, Refusal } from '../adapters/adapter.ts';
import { firstIssue } from '../desk/firstIssue.ts';
import type { Journal } from '../journal/journal.ts';
import type { Intake, Progress } from '../sources/source.ts';
import { toWgs84 } from './datum.ts';
import { createMirrorTaker } from './takeMirror.ts';
import type { FirstHandles } from './firstHandles.ts';
import { fillMotion } from './fillMotion.ts';
import { externalKey, incidentKey } from './noteKeys.ts';
import type { SourceEntry } from './sourcesFile.ts';

/** `passed`: there was nothing to take, and nothing to complain of. */
export type Verdict = 'taken' | 'repeated' | 'passed' | Refusal;

/** New units of one source in one run: a sender that makes ids up must not fill the wall and the memory. */
const MOST_NEW_UNITS = 20_000;

export interface FactTakerOptions {
  entry: Pick<SourceEntry, 'id' | 'prefix' | 'datum' | 'newUnit'>;
  town: Town;
  intake: Intake;
  journal: Journal;
  handles: FirstHandles;
  latestFix(unitId: string): Fix | undefined;
  /** A unit was heard of: orders to it go to this source. */
  onUnit(unitId: string): void;
}

const schemas = new Map<MessageType, z.ZodType>(messages.map(({ type, schema }) => [type, schema]));

/**
 * Hands the facts of one source to the desk: ids with the source's prefix, places in WGS-84, times in server time, each report once.
 * Whatever is taken and noted within one call is one transaction of the journal.
 */
export function createFactTaker(options: FactTakerOptions) {
  const { entry, town, intake, journal, handles, latestFix, onUnit } = options;
  const mirrors = createMirrorTaker(options);
  const agencies = new Set(town.agencies.map(({ id }) => id));
  const channels = new Set(town.channels.map(({ id }) => id));
  const eventTypes = new Set(town.eventTypes.map(({ id }) => id));
  let newUnits = 0;
  const ours = (id: string): string => `${entry.prefix}${id}`;
  const oursOrNull = (id: string | null): string | null => (id === null ? null : ours(id));

  /** @returns the place in WGS-84, or why it is none. Devices that do not know where they are send 0, 0. */
  const place = ([lonDeg, latDeg]: HeardAt): LonLat | Refusal => {
    if (!(lonDeg >= -180 && lonDeg <= 180)) return refusal('badField', 'lonDeg', `expected a longitude from -180 to 180, got ${lonDeg}`);
    if (!(latDeg >= -90 && latDeg <= 90)) return refusal('badField', 'latDeg', `expected a latitude from -90 to 90, got ${latDeg}`);
    if (Math.abs(lonDeg) < 1e-4 && Math.abs(latDeg) < 1e-4)
      return refusal('noPlace', 'lonDeg', 'the device does not know where it is (0, 0)');
    return toWgs84([lonDeg, latDeg], entry.datum);
  };
  const isRefusal = (value: LonLat | Refusal | null): value is Refusal => value !== null && 'reason' in value;

  /** What the protocol has against a fact; `rev` and duty are the desk's. */
  const fault = (type: MessageType, fact: object): Refusal | null => {
    const parsed = schemas.get(type)!.safeParse({ incidentId: null, ...fact, rev: 0 });
    if (parsed.success) return null;
    const { path, message } = firstIssue(parsed.error, '');
    return refusal('badField', path, message);
  };

  const takeUnit = (unit: Extract<Fact, { kind: 'unit' }>['unit']): Verdict => {
    if (!agencies.has(unit.agencyId)) return refusal('unknownAgency', 'agencyId', `the town has no agency ${unit.agencyId.slice(0, 64)}`);
    const id = ours(unit.id);
    const fact = {
      ...unit,
      id,
      crew: unit.crew.map((member) => ({ ...member, unitId: ours(member.unitId) })),
      vehicleId: oursOrNull(unit.vehicleId),
      cameraIds: unit.cameraIds.map(ours),
      handle: handles.of(id),
    };
    const wrong = fault('unit.updated', fact);
    if (wrong) return wrong;
    intake.unit(fact);
    onUnit(id);
    return 'taken';
  };
  /** A unit that nothing but its fixes tells of. */
  const takeNewUnit = (senderId: string): Verdict => {
    if (newUnits >= MOST_NEW_UNITS) return refusal('tooManyUnits', 'unitId', `${MOST_NEW_UNITS} new units came from this source already`);
    newUnits += 1;
    const { kind, agencyId, name, simulated } = entry.newUnit!;
    const called = (before: string | undefined): string => (before === undefined ? senderId : `${before} ${senderId}`);
    return takeUnit({
      id: senderId,
      kind,
      agencyId,
      name: { zh: called(name?.zh), en: called(name?.en) },
      status: 'available',
      crew: [],
      vehicleId: null,
      plate: null,
      postId: null,
      cameraIds: [],
      callAddress: null,
      talkGroup: null,
      simulated,
    });
  };

  const takeFix = (fact: Extract<Fact, { kind: 'fix' }>, offsetMs: number): Verdict => {
    const at = place(fact.at);
    if (isRefusal(at)) return at;
    const id = ours(fact.unitId);
    if (fact.mirrored) {
      if (!mirrors.has('unit.updated', id)) return 'passed';
      // A new connection begins with the newest of each, which may be known.
      if (latestFix(id)?.observedAtMs === Math.round(fact.observedAtMs - offsetMs)) return 'passed';
    }
    if (entry.newUnit && journal.latest('unit.updated', id) === undefined) {
      const made = takeNewUnit(fact.unitId);
      if (made !== 'taken') return made;
    }
    const observedAtMs = Math.round(fact.observedAtMs - offsetMs);
    const { headingDeg, speedMps } = fillMotion(latestFix(id), { at, observedAtMs, headingDeg: fact.headingDeg, speedMps: fact.speedMps });
    const [refused] = intake.fixes([{ id, lonDeg: at[0], latDeg: at[1], altM: fact.altM, headingDeg, speedMps, observedAtMs }]);
    if (refused) return refusal(refused.reason, 'unitId', fixReasons[refused.reason](fact.unitId));
    onUnit(id);
    return 'taken';
  };

  const takeReport = (fact: Extract<Fact, { kind: 'report' }>): Verdict => {
    const key = externalKey(entry.id, fact.externalId);
    if (fact.externalId === '' || fact.externalId.length > 128) return refusal('badField', 'externalId', 'expected 1 to 128 characters');
    if (journal.noted(key) !== undefined) return 'repeated';
    if (!channels.has(fact.channelId))
      return refusal('unknownChannel', 'channelId', `the town has no channel ${fact.channelId.slice(0, 64)}`);
    if (!eventTypes.has(fact.typeId)) return refusal('unknownType', 'typeId', `the town has no event type ${fact.typeId.slice(0, 64)}`);
    const at = place(fact.at);
    if (isRefusal(at)) return at;
    const { channelId, typeId, place: where, note, simulated } = fact;
    try {
      const cameraIds = fact.cameraIds.map(ours);
      const incidentId = intake.report({ channelId, typeId, place: where, lonDeg: at[0], latDeg: at[1], note, cameraIds, simulated });
      journal.note(key, incidentId);
      journal.note(incidentKey(incidentId), JSON.stringify([entry.id, fact.externalId]));
      return 'taken';
    } catch (error) {
      if (error instanceof AppError && error.code === 'badReport') return refusal('badReport', '', error.message);
      throw error;
    }
  };

  const takeDetection = ({ detection, at: heardAt }: Extract<Fact, { kind: 'detection' }>, offsetMs: number): Verdict => {
    if (!channels.has(detection.channelId))
      return refusal('unknownChannel', 'channelId', `the town has no channel ${detection.channelId.slice(0, 64)}`);
    if (!eventTypes.has(detection.typeId))
      return refusal('unknownType', 'typeId', `the town has no event type ${detection.typeId.slice(0, 64)}`);
    const at = place(heardAt);
    if (isRefusal(at)) return at;
    const fact = {
      ...detection,
      id: ours(detection.id),
      cameraId: oursOrNull(detection.cameraId),
      detectedAtMs: Math.round(detection.detectedAtMs - offsetMs),
      lonDeg: at[0],
      latDeg: at[1],
    };
    const wrong = fault('detection.updated', fact);
    if (wrong) return wrong;
    intake.detection(fact);
    return 'taken';
  };

  const takeProgress = (fact: Extract<Fact, { kind: 'progress' }>, offsetMs: number): Verdict => {
    const unitId = ours(fact.unitId);
    const incidentId =
      fact.incidentId ??
      (fact.externalId === null
        ? journal.latest('unit.updated', unitId)?.incidentId
        : journal.noted(externalKey(entry.id, fact.externalId)));
    if (incidentId === undefined || incidentId === null)
      return refusal('unknownIncident', 'unitId', `${fact.unitId} is sent to no incident`);
    const progress: Progress = {
      unitId,
      incidentId,
      ...(fact.step ? { step: fact.step } : {}),
      ...(fact.etaAtMs === null ? {} : { etaAtMs: fact.etaAtMs - offsetMs }),
      ...(fact.note === null ? {} : { note: fact.note }),
    };
    return intake.progress(progress)
      ? 'taken'
      : refusal('notNow', 'step', `${fact.step ?? 'an arrival time'} does not fit what ${fact.unitId} was sent to`);
  };

  return {
    /** @param offsetMs sender's clock less ours. @returns what became of it. */
    take(fact: Fact, offsetMs: number): Verdict {
      switch (fact.kind) {
        case 'fix':
          return takeFix(fact, offsetMs);
        case 'unit':
          return takeUnit(fact.unit);
        case 'camera': {
          const at = fact.at === null ? null : place(fact.at);
          if (isRefusal(at)) return at;
          const { camera } = fact;
          const told = {
            ...camera,
            id: ours(camera.id),
            unitId: oursOrNull(camera.unitId),
            lonDeg: at?.[0] ?? null,
            latDeg: at?.[1] ?? null,
          };
          const wrong = fault('camera.updated', told);
          if (wrong) return wrong;
          intake.camera(told);
          return 'taken';
        }
        case 'detection':
          return takeDetection(fact, offsetMs);
        case 'report':
          return takeReport(fact);
        case 'progress':
          return takeProgress(fact, offsetMs);
        case 'weather': {
          const told = { ...fact.weather, id: 'town', observedAtMs: Math.round(fact.weather.observedAtMs - offsetMs) };
          const wrong = fault('weather.updated', told);
          if (wrong) return wrong;
          intake.weather(told);
          return 'taken';
        }
        case 'mirror':
          return mirrors.take(fact, offsetMs);
        case 'mirrorWhole':
          return mirrors.keepOnly(fact.ids);
        default:
          return assertNever(fact);
      }
    },
  };
}

const fixReasons = {
  unknownUnit: (id: string) => `no unit ${id.slice(0, 64)} is known; a roster or "newUnit" in the sources file makes it one`,
  badField: (id: string) => `the fix of ${id.slice(0, 64)} is out of range`,
  future: (id: string) =>
    `the fix of ${id.slice(0, 64)} lies more than 5 s in the future (rule P-07): time zone, or the clock of the device?`,
  old: (id: string) => `the fix of ${id.slice(0, 64)} is older than the newest one (rule P-07)`,
} as const;
