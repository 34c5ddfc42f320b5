import { expect, it } from 'vitest';
import { createFaultBook } from '../../../../gateway/vitals/faultBook.ts';

it('counts every fault, and says the same one once a minute', () => {
  let nowMs = 0;
  const said: string[] = [];
  const book = createFaultBook(
    (error) => said.push((error as Error).message),
    () => nowMs,
  );
  expect(book.told()).toBeNull();
  for (let i = 0; i < 100; i++) {
    nowMs = i * 1000;
    book.note(new Error('tick'));
  }
  book.note(new Error('other'));
  expect(said).toEqual(['tick', 'tick', 'other']);
  expect(book.told()).toBe('101 tasks failed since the start; the last: other');
});

it('stays small whatever the messages', () => {
  let said = 0;
  const book = createFaultBook(() => (said += 1));
  for (let i = 0; i < 1000; i++) book.note(new Error(`fault ${i}`));
  book.note(new Error('fault 999'));
  expect(said).toBe(1000);
  book.note(new Error('fault 0'));
  expect(said).toBe(1001);
});
