import { z } from 'zod';
import { idSchema, localTextSchema } from '../../protocol/primitives.ts';
import { defineAdapter, refusal } from './adapter.ts';
import type { Decoded, Fact } from './adapter.ts';
import { messageIds, plainNumber, readFrame } from './jt808/frame.ts';
import type { Frame } from './jt808/frame.ts';
import { createPartAssembly } from './jt808/partAssembly.ts';
import { readBatch, readPosition } from './jt808/position.ts';
import type { Position } from './jt808/position.ts';
import { createFrameSplitter } from './jt808/splitFrames.ts';

const EMERGENCY_BIT = 0;
const MOST_PRESSED = 20_000;
const numberSchema = z.string().regex(/^\d{1,20}$/, 'expected the number of a terminal, digits alone');

/** Messages that say nothing about the town; the source answers them. */
const silent: ReadonlySet<number> = new Set([
  messageIds.terminalAnswer,
  messageIds.heartbeat,
  messageIds.logOut,
  messageIds.register,
  messageIds.authenticate,
]);

/**
 * JT/T 808-2013 and 808-2019, positions: 0x0200, its answer form 0x0201, the batch 0x0704. A message is one frame with its delimiters, or several.
 * Terminals are taken by their number; one that the configuration does not name is refused.
 */
export const jt808Adapter = defineAdapter({
  id: 'jt808',
  config: z.strictObject({
    terminals: z
      .record(numberSchema, idSchema)
      .default({})
      .describe('Number of the terminal to id of the unit; zeros in front count for nothing'),
    anyTerminal: z.boolean().default(false).describe('Takes terminals that are not named, each as a unit with its number as id'),
    utcOffsetMin: z.int().min(-840).max(840).default(480).describe('Time zone of the terminals; the standard says GMT+8'),
    groundElevationM: z
      .number()
      .min(-500)
      .max(9000)
      .optional()
      .describe('Height of the town above the sea; without it units stay on the ground'),
    emergency: z
      .strictObject({ channelId: idSchema, typeId: idSchema, place: localTextSchema })
      .optional()
      .describe('What the emergency button of a vehicle becomes: a report of this channel and type'),
  }),
  open({ terminals, anyTerminal, utcOffsetMin, groundElevationM, emergency }) {
    const unitIds = new Map(Object.entries(terminals).map(([number, unitId]) => [plainNumber(number), unitId]));
    const parts = createPartAssembly();
    /** Units whose emergency button is pressed: the bit stays set until the terminal is answered, and each press is one report. */
    const pressed = new Set<string>();

    /** Told also by a terminal that does not know where it is: the place is then the last one that it knew. */
    const emergencyOf = (unitId: string, { alarms, lonDeg, latDeg, observedAtMs }: Position): Fact[] => {
      if (!emergency) return [];
      if (!alarms.includes(EMERGENCY_BIT)) pressed.delete(unitId);
      if (!alarms.includes(EMERGENCY_BIT) || pressed.has(unitId)) return [];
      pressed.add(unitId);
      if (pressed.size > MOST_PRESSED) pressed.delete(pressed.values().next().value!);
      const note = { zh: `${unitId} 紧急报警`, en: `Emergency button of ${unitId}` };
      const externalId = `emergency-${observedAtMs}-${unitId}`.slice(0, 128);
      return [{ kind: 'report', externalId, ...emergency, at: [lonDeg, latDeg], note, cameraIds: [], simulated: false }];
    };
    const fixOf = (unitId: string, { lonDeg, latDeg, elevationM, headingDeg, speedMps, observedAtMs }: Position): Fact => {
      const altM = groundElevationM === undefined ? 0 : Math.max(0, elevationM - groundElevationM);
      return { kind: 'fix', unitId, at: [lonDeg, latDeg], altM, headingDeg, speedMps, observedAtMs };
    };

    const takePositions = (unitId: string, bodies: readonly Buffer[], into: Decoded): void => {
      const positions: Position[] = [];
      bodies.forEach((body, i) => {
        const read = readPosition(body, utcOffsetMin, bodies.length > 1 ? `[${i}]` : '');
        if ('reason' in read) into.refusals.push(read);
        else positions.push(read);
      });
      // Older ones first: the newest wins, and what is older than it is refused.
      positions.sort((a, b) => a.observedAtMs - b.observedAtMs);
      for (const position of positions) {
        if (position.located) into.facts.push(fixOf(unitId, position));
        else into.refusals.push(refusal('notLocated', 'status', 'the terminal does not know where it is'));
        into.facts.push(...emergencyOf(unitId, position));
      }
    };

    const takeBody = (unitId: string, { id }: Frame, body: Buffer, into: Decoded): void => {
      switch (id) {
        case messageIds.position:
          return takePositions(unitId, [body], into);
        case messageIds.positionAnswer:
          return takePositions(unitId, [body.subarray(2)], into);
        case messageIds.positionBatch: {
          const { bodies, fault } = readBatch(body);
          takePositions(unitId, bodies, into);
          if (fault) into.refusals.push(fault);
          return;
        }
        default:
          if (!silent.has(id))
            into.refusals.push(refusal('otherMessage', 'id', `message 0x${id.toString(16).padStart(4, '0')} is not read here`));
      }
    };

    return {
      decode(bytes, { nowMs }) {
        const decoded: Decoded = { facts: [], refusals: [] };
        const refuse = (why: (typeof decoded.refusals)[number]): void => void decoded.refusals.push(why);
        let frames = 0;
        const splitter = createFrameSplitter((wire) => {
          frames += 1;
          const frame = readFrame(wire);
          if ('reason' in frame) return refuse(frame);
          const unitId = unitIds.get(frame.terminal) ?? (anyTerminal ? frame.terminal : undefined);
          if (unitId === undefined)
            return refuse(refusal('unknownTerminal', 'terminal', `no terminal ${frame.terminal} is named in the sources file`));
          const body = frame.part ? parts.add(frame, nowMs, refuse) : frame.body;
          if (body) takeBody(unitId, frame, body, decoded);
        }, refuse);
        splitter.push(bytes);
        if (splitter.waiting > 0 || frames + decoded.refusals.length === 0)
          refuse(refusal('cutOff', '', 'the message ends within a frame: no 0x7e at its end'));
        return decoded;
      },
    };
  },
});
