import { expect, test } from 'vitest';
import { snapSchema } from '../../../../protocol/frames/server.ts';
import { encodeSnapshot } from '../../../../gateway/feed/encodeSnapshot.ts';
import { createMemoryJournal } from '../../../../gateway/journal/createMemoryJournal.ts';
import { makeReport } from '../../../integration/tinyTown.ts';
import { openTestDesk } from '../desk/openTestDesk.ts';

test('an empty journal gives one part that is first and last', () => {
  const { seq, parts } = encodeSnapshot(createMemoryJournal(), 0, 5);
  expect(seq).toBe(0);
  expect(parts.map((part) => snapSchema.parse(JSON.parse(part.toString())))).toMatchObject([
    { part: 0, last: true, atMs: 5, units: [], mode: null, weather: null },
  ]);
});

test('[P-08] whatever the limit, parts fit the schema, add up, and hold mode once', () => {
  const { intake, journal } = openTestDesk();
  for (let i = 0; i < 40; i++) intake.report(makeReport({ note: { zh: '记', en: 'n'.repeat(1 + i * 20) } }));
  for (const maxBytes of [18_000, 30_000, 1 << 20]) {
    const { seq, parts } = encodeSnapshot(journal, journal.headSeq, 5, maxBytes);
    const snaps = parts.map((part) => snapSchema.parse(JSON.parse(part.toString())));
    expect(seq).toBe(journal.headSeq);
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(maxBytes);
    expect(snaps.map((snap) => [snap.part, snap.last])).toEqual(snaps.map((_, i) => [i, i === snaps.length - 1]));
    expect(snaps.flatMap((snap) => snap.incidents)).toEqual([...journal.all('incident.updated')]);
    expect(snaps.flatMap((snap) => snap.units)).toEqual([...journal.all('unit.updated')]);
    expect(snaps.filter((snap) => snap.mode !== null)).toHaveLength(1);
  }
});
