import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonErrorOffset } from '../../../../gateway/scene/jsonErrorOffset.ts';

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('jsonErrorOffset', () => {
  it.each([
    ['{"a":x}', 5],
    ['{\n "a": 1\n "b": 2}', 11],
    ['{"a":', 5],
    ['', 0],
    ['[1,]', 3],
    ['{"a":1,}', 7],
    ['{a:1}', 1],
    ['01', 1],
    ['"a\nb"', 0],
    ['[1] 2', 4],
    ['nul', 0],
  ])('finds where %j goes wrong', (text, offset) => expect(jsonErrorOffset(text)).toBe(offset));

  it('agrees with JSON.parse on what is JSON', () => {
    fc.assert(fc.property(fc.json(), (text) => jsonErrorOffset(text) === -1));
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom('', ',', ']', '"', '0', '\\', ' ', 'e', '-'), (text, at, put) => {
        const i = at % (text.length + 1);
        const broken = text.slice(0, i) + put + text.slice(i + 1);
        return (jsonErrorOffset(broken) === -1) === isJson(broken);
      }),
      { numRuns: 500 },
    );
  });
});
