import { expect, test } from 'vitest';
import type { Decoded, Fact } from '../../../../gateway/adapters/adapter.ts';
import { jt808Adapter } from '../../../../gateway/adapters/jt808.ts';
import { MOST_WIRE_BYTES, readFrame, writeFrame } from '../../../../gateway/adapters/jt808/frame.ts';
import type { Frame } from '../../../../gateway/adapters/jt808/frame.ts';
import { createPartAssembly } from '../../../../gateway/adapters/jt808/partAssembly.ts';
import { createFrameSplitter } from '../../../../gateway/adapters/jt808/splitFrames.ts';
import { mangle, seeded } from '../../../support/mangle.ts';
import { sampleFrames } from '../../../support/samples.ts';

const nowMs = Date.UTC(2026, 4, 13, 11, 21);
const emergency = { channelId: 'public', typeId: 'digging', place: { zh: '车', en: 'Car' } };
const terminals = { '13912345678': 'car-7', '013800001111': 'car-8' };
const open = (change: object = {}) => {
  const adapter = jt808Adapter.open(jt808Adapter.config.parse({ terminals, emergency, ...change }));
  return (bytes: Uint8Array, atMs = nowMs): Decoded => adapter.decode(bytes, { from: 'test', nowMs: atMs, retained: false });
};
const of2013 = sampleFrames('jt808/2013.hex');
const of2019 = sampleFrames('jt808/2019.hex');
const frameOf = (bytes: Buffer): Frame => readFrame(bytes.subarray(1, -1)) as Frame;
const fix = {
  kind: 'fix',
  unitId: 'car-7',
  at: [120.4868, 30.7448],
  altM: 0,
  headingDeg: 90,
  speedMps: 10,
  observedAtMs: Date.UTC(2026, 4, 13, 11, 20),
} as const;

test('2013: registration, authentication and heartbeat say nothing; a position does; 0x7e and 0x7d in it are unescaped', () => {
  const decode = open();
  const [registration, authentication, heartbeat, position, escaped] = of2013.map((bytes) => decode(bytes));
  for (const nothing of [registration, authentication, heartbeat]) expect(nothing).toEqual({ facts: [], refusals: [] });
  expect(position).toEqual({ facts: [fix], refusals: [] });
  expect(escaped!.facts).toMatchObject([{ at: [0x072e7e7d / 1e6, 30.744832], speedMps: 0 }]);
  expect(frameOf(of2013[3]!)).toMatchObject({ id: 0x0200, is2019: false, terminal: '13912345678', serial: 4, part: null });
});

test('the emergency button is one report for each press, also where the terminal does not know where it is', () => {
  const decode = open();
  const [pressed, position] = [of2013[5]!, of2013[3]!];
  const kinds = (bytes: Buffer): string[] => decode(bytes).facts.map(({ kind }) => kind);
  expect(kinds(pressed)).toEqual(['fix', 'report']);
  expect(kinds(pressed)).toEqual(['fix']);
  expect(kinds(position)).toEqual(['fix']);
  const unlocated = frameOf(pressed);
  unlocated.body.writeUInt32BE(0, 4);
  const { facts, refusals } = decode(writeFrame(unlocated));
  expect(facts).toMatchObject([{ kind: 'report', externalId: `emergency-${fix.observedAtMs + 10_000}-car-7`, ...emergency }]);
  expect(refusals).toMatchObject([{ reason: 'notLocated' }]);
  expect(open({ emergency: undefined })(pressed).facts).toHaveLength(1);
});

test('2019: the longer header, a batch in the order of its times, south and west, a message in two parts', () => {
  const decode = open();
  const decoded = of2019.map((bytes) => decode(bytes));
  expect(decoded.flatMap(({ refusals }) => refusals)).toEqual([]);
  const [, , , position, batch, south, part1, part2] = decoded;
  expect(position!.facts).toEqual([{ ...fix, unitId: 'car-8' }]);
  const seconds = (facts: Fact[]): number[] => facts.map((one) => (one as typeof fix).observedAtMs).map((atMs) => (atMs / 1000) % 60);
  expect(seconds(batch!.facts)).toEqual([20, 30, 40]);
  // North is written 360 as well as 0.
  expect(batch!.facts[2]).toMatchObject({ headingDeg: 0 });
  expect(south!.facts).toMatchObject([{ at: [-151.2099, -33.865143] }]);
  expect([part1!.facts, seconds(part2!.facts)]).toEqual([[], [20, 30, 40]]);
  expect(frameOf(of2019[6]!)).toMatchObject({ is2019: true, version: 1, terminal: '13800001111', part: { total: 2, index: 1 } });
});

test('heights count from the ground of the town; without one, units stay on the ground', () => {
  expect(open({ groundElevationM: 4 })(of2013[3]!).facts).toMatchObject([{ altM: 8 }]);
  // -5 m over the sea.
  expect(open({ groundElevationM: 4 })(of2019[5]!).facts).toMatchObject([{ altM: 0 }]);
});

test('what cannot be taken says why', () => {
  const reasons = sampleFrames('jt808/refused.hex').map((bytes) => open()(bytes).refusals.map(({ reason, path }) => [reason, path]));
  expect(reasons).toEqual([
    [['badChecksum', '']],
    [['cutOff', '']],
    [['garbage', '']],
    [['unknownTerminal', 'terminal']],
    [['badBody', 'body']],
    [['badTime', 'time']],
    [['notLocated', 'status']],
    [['badBody', 'items']],
    [['otherMessage', 'id']],
    [['badEscape', '']],
  ]);
  expect(open()(Buffer.of()).refusals).toMatchObject([{ reason: 'cutOff' }]);
  const encrypted = Buffer.from(of2013[3]!);
  // Properties: RSA; the checksum goes with it.
  encrypted[3]! ^= 0x04;
  encrypted[encrypted.length - 2]! ^= 0x04;
  expect(open()(encrypted).refusals).toMatchObject([{ reason: 'encrypted' }]);
  const batch = frameOf(of2019[4]!);
  batch.body.writeUInt16BE(4, 0);
  const { facts, refusals } = open()(writeFrame(batch));
  expect([facts.length, refusals]).toEqual([3, [expect.objectContaining({ reason: 'badBody', path: '[3]' })]]);
});

test('any terminal, where the file says so, comes under its own number', () => {
  expect(open({ terminals: {}, anyTerminal: true })(of2013[3]!).facts).toMatchObject([{ unitId: '13912345678' }]);
});

test('frames are found however the stream is cut, with shared delimiters, after garbage; what waits is bounded', () => {
  const stream = Buffer.concat([Buffer.from('noise'), of2013[3]!, of2013[4]!.subarray(1), Buffer.of(0x7e, 0x7e), of2013[5]!]);
  for (const step of [1, 2, 7, 1000]) {
    const found: string[] = [];
    const refused: string[] = [];
    const splitter = createFrameSplitter(
      (wire) => found.push(Buffer.from(wire).toString('hex')),
      ({ reason }) => refused.push(reason),
    );
    for (let i = 0; i < stream.length; i += step) splitter.push(stream.subarray(i, i + step));
    expect(found).toEqual([3, 4, 5].map((i) => of2013[i]!.subarray(1, -1).toString('hex')));
    expect([refused, splitter.waiting]).toEqual([['garbage'], 0]);
    for (let i = 0; i < 50; i += 1) splitter.push(Buffer.alloc(1000, 1));
    expect(refused).toEqual(['garbage', 'tooLong']);
    expect(splitter.waiting).toBeLessThanOrEqual(MOST_WIRE_BYTES);
    splitter.push(of2013[3]!);
    expect(found).toHaveLength(4);
  }
});

test('parts come in any order and twice; those that never become whole are given up and told', () => {
  const parts = createPartAssembly();
  const told: string[] = [];
  const add = (terminal: string, total: number, index: number, atMs = 0) =>
    parts.add(
      {
        id: 0x0704,
        is2019: false,
        terminal,
        terminalBcd: Buffer.alloc(6),
        version: 0,
        serial: 100 + index,
        part: { total, index },
        body: Buffer.of(index),
      },
      atMs,
      ({ reason }) => told.push(reason),
    );
  expect([add('1', 3, 3), add('1', 3, 1), add('1', 3, 1), add('1', 3, 2)]).toEqual([null, null, null, Buffer.of(1, 2, 3)]);
  expect([told, parts.sizeBytes]).toEqual([[], 0]);
  add('1', 300, 1);
  expect(told).toEqual(['tooManyParts']);
  for (let i = 0; i < 100; i += 1) add(`t${i}`, 2, 1, 1000);
  expect(told.filter((reason) => reason === 'partsMissing')).toHaveLength(36);
  expect(parts.sizeBytes).toBe(64);
  add('late', 2, 1, 400_000);
  expect([told.length, parts.sizeBytes]).toEqual([101, 1]);
});

test('10,000 mangled frames: none throws, each that brings nothing new says why, nothing piles up', () => {
  const random = seeded(808);
  const good = [...of2013, ...of2019, ...sampleFrames('jt808/refused.hex')];
  const decode = open();
  const reasons = new Map<string, number>();
  let facts = 0;
  for (let i = 0; i < 10_000; i += 1) {
    const decoded = decode(mangle(good, random), nowMs + i);
    facts += decoded.facts.length;
    for (const { reason, message } of decoded.refusals) {
      expect(message).not.toBe('');
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  }
  for (const reason of ['badChecksum', 'cutOff', 'garbage', 'unknownTerminal', 'badEscape', 'tooShort'])
    expect(reasons.get(reason)).toBeGreaterThan(10);
  expect(facts).toBeGreaterThan(1000);
});

test('10,000 bodies of chance behind a right header and checksum: none throws, and no fact is out of its range', () => {
  const random = seeded(2019);
  const decode = open();
  let refused = 0;
  for (let i = 0; i < 10_000; i += 1) {
    const frame = frameOf(of2019[i % of2019.length]!);
    const body = i % 2 === 0 ? mangle([frame.body.length > 0 ? frame.body : Buffer.of(0)], random).subarray(0, 1023) : frame.body;
    if (i % 2 === 1 && body.length > 0) body[Math.floor(random() * body.length)] = Math.floor(random() * 256);
    const id = [0x0200, 0x0201, 0x0704, frame.id][i % 4]!;
    const { facts, refusals } = decode(writeFrame({ ...frame, id, body }), nowMs + i * 100);
    refused += refusals.length;
    for (const fact of facts)
      if (fact.kind === 'fix') expect(fact.speedMps! >= 0 && fact.headingDeg! >= 0 && fact.headingDeg! < 360).toBe(true);
  }
  expect(refused).toBeGreaterThan(2000);
});
