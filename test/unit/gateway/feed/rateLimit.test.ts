import { expect, test } from 'vitest';
import { createRateLimit } from '../../../../gateway/feed/rateLimit.ts';

test('a burst of twice the rate, then the rate', () => {
  let nowMs = 0;
  const limit = createRateLimit(10, () => nowMs);
  const taken = (tries: number): number => Array.from({ length: tries }, () => limit.take()).filter(Boolean).length;
  expect(taken(100)).toBe(20);
  nowMs += 500;
  expect(taken(100)).toBe(5);
  nowMs += 3_600_000;
  expect(taken(100)).toBe(20);
});
