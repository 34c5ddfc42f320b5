import { z } from 'zod';
import { idSchema, localTextSchema } from '../../protocol/primitives.ts';
import { unitKindSchema } from '../../protocol/messages/unit.ts';
import type { UnitStatus } from '../../protocol/messages/unit.ts';
import { defineAdapter, refusal } from './adapter.ts';
import type { Decoded, Fact, Refusal } from './adapter.ts';
import { readEvent } from './cot/event.ts';
import type { CotEvent } from './cot/event.ts';
import { createEventSplitter } from './cot/splitEvents.ts';

/** Phones that are remembered; the one that was silent longest makes room. */
const MOST_PHONES = 20_000;
const MOST_BYTES = 1 << 20;
const SWEEP_PERIOD_MS = 5000;

interface Phone {
  unitId: string;
  /** Null for a unit of the roster: the sources file tells what it is, not the phone. */
  told: { callsign: string; agencyId: string; status: UnitStatus } | null;
  staleMs: number;
  inEmergency: boolean;
}

/**
 * Cursor on Target events, as ATAK and its kin send them. A message is one event, or several. Phones that the configuration names are units of
 * the roster; with `automatic` every other one becomes a unit under its uid with its call sign as name. An event that is stale is refused.
 */
export const cotAdapter = defineAdapter({
  id: 'cot',
  config: z.strictObject({
    units: z.record(z.string().min(1).max(128), idSchema).default({}).describe('uid of the phone to id of the unit in the roster'),
    automatic: z
      .strictObject({
        agencyId: idSchema,
        agencyByGroup: z.record(z.string().min(1).max(64), idSchema).default({}).describe('Name of the team (__group) to agency'),
        kind: unitKindSchema.default('officer'),
        simulated: z.boolean().default(false),
      })
      .optional()
      .describe('Takes phones that are not named, each as a unit of its own'),
    types: z.array(z.string().min(1).max(64)).min(1).max(50).default(['a-f-G']).describe('Beginnings of the types that are units'),
    groundElevationM: z
      .number()
      .min(-500)
      .max(9000)
      .optional()
      .describe('Height of the town over the ellipsoid; without it units stay on the ground'),
    emergency: z
      .strictObject({ channelId: idSchema, typeId: idSchema, place: localTextSchema })
      .optional()
      .describe('What an emergency call becomes: a report of this channel and type'),
  }),
  open({ units, automatic, types, groundElevationM, emergency }) {
    const named = new Map(Object.entries(units));
    const phones = new Map<string, Phone>();
    let sweptAtMs = -Infinity;

    const unitFact = ({ unitId, told }: Phone): Fact => ({
      kind: 'unit',
      unit: {
        id: unitId,
        kind: automatic!.kind,
        name: { zh: told!.callsign, en: told!.callsign },
        agencyId: told!.agencyId,
        status: told!.status,
        crew: [],
        vehicleId: null,
        plate: null,
        postId: null,
        cameraIds: [],
        callAddress: null,
        talkGroup: null,
        simulated: automatic!.simulated,
      },
    });
    /** @returns the phone, remembered, or why it is none of ours. */
    const phoneOf = (uid: string): Phone | Refusal => {
      const known = phones.get(uid);
      if (known) {
        phones.delete(uid);
        phones.set(uid, known);
        return known;
      }
      const unitId = named.get(uid) ?? (automatic ? uid : undefined);
      if (unitId === undefined) return refusal('unknownUid', 'uid', `no phone ${uid} is named in the sources file`);
      const told = named.has(uid) ? null : { callsign: '', agencyId: '', status: 'available' as UnitStatus };
      const phone: Phone = { unitId, told, staleMs: 0, inEmergency: false };
      phones.set(uid, phone);
      if (phones.size > MOST_PHONES) phones.delete(phones.keys().next().value!);
      return phone;
    };
    /** Tells the unit where something about it is new. */
    const tell = (phone: Phone, next: Partial<NonNullable<Phone['told']>>, into: Decoded): void => {
      if (!phone.told) return;
      const told = { ...phone.told, ...next };
      const isSame = (['callsign', 'agencyId', 'status'] as const).every((field) => told[field] === phone.told![field]);
      phone.told = told;
      if (!isSame) into.facts.push(unitFact(phone));
    };

    const take = (event: CotEvent, nowMs: number, into: Decoded): void => {
      const { type, timeMs, staleMs, lonDeg, latDeg, courseDeg, speedMps, heightM } = event;
      const isAlert = type.startsWith('b-a-o');
      if (type === 't-x-d-d') {
        const gone = event.parentUid === null ? undefined : phones.get(event.parentUid);
        if (gone?.told) tell(gone, { status: 'offline' }, into);
        return;
      }
      // Questions of the connection itself, e.g. whether it lives.
      if (type.startsWith('t-')) return;
      if (!isAlert && !types.some((beginning) => type === beginning || type.startsWith(`${beginning}-`)))
        return void into.refusals.push(refusal('otherType', 'type', `events of type ${type.slice(0, 64)} are not read here`));
      if (staleMs < timeMs) return void into.refusals.push(refusal('badTime', 'stale', 'the event was stale before it was made'));
      if (staleMs < nowMs)
        return void into.refusals.push(refusal('stale', 'stale', `the event is stale since ${Math.round((nowMs - staleMs) / 1000)} s`));
      const uid = isAlert ? (event.parentUid ?? event.uid.replace(/-9-1-1$/, '')) : event.uid;
      const phone = phoneOf(uid);
      if ('reason' in phone) return void into.refusals.push(phone);
      phone.staleMs = Math.max(phone.staleMs, staleMs);

      const wasInEmergency = phone.inEmergency;
      if (event.emergency !== null) phone.inEmergency = event.emergency === 'called';
      const callsign =
        isAlert && phone.told?.callsign ? phone.told.callsign : (event.callsign ?? (phone.told?.callsign || uid.slice(0, 64)));
      const ofGroup = event.group === null ? undefined : automatic?.agencyByGroup[event.group];
      const agencyId = ofGroup ?? (phone.told?.agencyId || automatic?.agencyId) ?? '';
      tell(phone, { callsign, agencyId, status: phone.inEmergency ? 'emergency' : 'available' }, into);
      const altM = groundElevationM === undefined || heightM === null ? 0 : Math.max(0, heightM - groundElevationM);
      into.facts.push({
        kind: 'fix',
        unitId: phone.unitId,
        at: [lonDeg, latDeg],
        altM,
        headingDeg: courseDeg,
        speedMps,
        observedAtMs: timeMs,
      });
      if (!emergency || !phone.inEmergency || wasInEmergency) return;
      const note = { zh: `${callsign} 紧急呼叫`, en: `Emergency call of ${callsign}` };
      const externalId = `emergency-${timeMs}-${phone.unitId}`.slice(0, 128);
      into.facts.push({ kind: 'report', externalId, ...emergency, at: [lonDeg, latDeg], note, cameraIds: [], simulated: false });
    };

    /** Phones whose last event has become stale; looked for when something is heard. */
    const sweep = (nowMs: number, into: Decoded): void => {
      if (nowMs - sweptAtMs < SWEEP_PERIOD_MS) return;
      sweptAtMs = nowMs;
      for (const phone of phones.values()) if (phone.staleMs < nowMs && !phone.inEmergency) tell(phone, { status: 'offline' }, into);
    };

    return {
      decode(bytes, { nowMs }) {
        const decoded: Decoded = { facts: [], refusals: [] };
        let events = 0;
        const onEvent = (one: Buffer): void => {
          events += 1;
          const event = readEvent(one);
          if ('reason' in event) decoded.refusals.push(event);
          else take(event, nowMs, decoded);
        };
        const splitter = createEventSplitter(MOST_BYTES, onEvent, (why) => decoded.refusals.push(why));
        splitter.push(bytes);
        if (splitter.waiting > 0 || events + decoded.refusals.length === 0)
          decoded.refusals.push(refusal('cutOff', '', 'the message ends within an event: no </event> at its end'));
        sweep(nowMs, decoded);
        return decoded;
      },
    };
  },
});
