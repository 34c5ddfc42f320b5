import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseClientFrame } from '../../../../gateway/feed/parseClientFrame.ts';

const parse = (value: unknown) => parseClientFrame(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));

test('[P-09] never throws, whatever the bytes', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 500 }).map((b) => Buffer.from(b)),
        fc.json().map((s) => Buffer.from(s)),
      ),
      (bytes) => {
        const parsed = parseClientFrame(bytes);
        expect('frame' in parsed || parsed.fault.message.length <= 500).toBe(true);
      },
    ),
    { numRuns: 2000, seed: 4 },
  );
});

test('[P-08] depth 16 and 4,096 units pass, one more does not', () => {
  const deep = (n: number): unknown => (n === 0 ? 1 : { a: deep(n - 1) });
  const query = (data: unknown) => ({ frame: 'query', id: 'q', kind: 'x', data });
  expect(parse(query(deep(15)))).toHaveProperty('frame');
  expect(parse(query(deep(16)))).toHaveProperty('fault.code', 'tooDeep');
  expect(parse(query({ a: 'x'.repeat(4096) }))).toHaveProperty('frame');
  expect(parse(query({ a: ['x'.repeat(4097)] }))).toMatchObject({ fault: { code: 'tooLarge', path: 'data.a[0]' } });
});

test('[P-09] unknown fields are ignored, unknown frames are named', () => {
  expect(parse({ frame: 'ack', seq: 3, colour: 'red' })).toEqual({ frame: { frame: 'ack', seq: 3 } });
  expect(parse({ frame: 'dance' })).toMatchObject({ fault: { code: 'badFrame', path: 'frame', message: 'unknown frame "dance"' } });
  for (const notAFrame of ['[]', '1', 'null', '"x"']) expect(parse(notAFrame)).toMatchObject({ fault: { code: 'badFrame' } });
});

test('a command without a version 7 uuid is refused at its id', () => {
  const frame = { frame: 'cmd', id: '7f0c4c52-0000-4000-8000-000000000000', type: 'x', rev: null, expiresAtMs: 1, data: {}, reason: null };
  expect(parse(frame)).toMatchObject({ fault: { code: 'badField', path: 'id' } });
});
