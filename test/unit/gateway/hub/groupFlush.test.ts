import { expect, test, vi } from 'vitest';
import { createGroupFlush } from '../../../../gateway/hub/groupFlush.ts';

test('all who wait share one flush; who comes after it began waits for the next; a failure reaches them', async () => {
  const flush = vi.fn(() => Promise.resolve());
  const safe = createGroupFlush(flush, 20);
  await Promise.all(Array.from({ length: 100 }, () => safe()));
  expect(flush).toHaveBeenCalledTimes(1);
  await safe();
  expect(flush).toHaveBeenCalledTimes(2);
  flush.mockRejectedValueOnce(new Error('disk full'));
  await expect(Promise.all([safe(), safe()])).rejects.toThrow('disk full');
});
