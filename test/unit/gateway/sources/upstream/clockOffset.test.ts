import { expect, test } from 'vitest';
import { createClockOffset } from '../../../../../gateway/sources/upstream/clockOffset.ts';

test('[P-07] the exchange with the least delay among the last 16 decides, clocks that nearly agree are left alone', () => {
  const offset = createClockOffset(0);
  offset.exchange(1000, 1040, 1120, 1120);
  expect(offset.heldMs).toBe(0);
  // Upstream is 5 s ahead; what took a second on its way back proves little.
  offset.exchange(2000, 3000, 7000, 7000);
  expect(offset.heldMs).toBe(0);
  for (let n = 0; n < 16; n += 1) offset.exchange(4000, 4200, 9100, 9100);
  expect(offset.heldMs).toBe(5000);
  // A hair's breadth from it changes nothing: the times of facts stay what they were.
  for (let n = 0; n < 16; n += 1) offset.exchange(5000, 5010, 10_105, 10_105);
  expect(offset.heldMs).toBe(5000);
});

test('an exchange that cannot have been is not looked at', () => {
  const offset = createClockOffset(-700);
  offset.exchange(2000, 1000, 9000, 9000);
  offset.exchange(1000, 1010, 9000, 8000);
  offset.exchange(1000, 1010, 9000, 9500);
  expect(offset.heldMs).toBe(-700);
});
