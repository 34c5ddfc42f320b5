import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import type { TrackPiece } from '../../../../protocol/queries/tracks.ts';
import type { QueryOptions, QueryResult } from '../../../../renderer/feed/feedTypes.ts';
import { useTrackStore } from '../../../../renderer/state/trackStore.ts';
import type { TrackPort, TrackQuestion } from '../../../../renderer/state/trackStore.ts';

type Answer = QueryResult<'tracksInSpan'>;
const piece = (unitId: string, n = 2): TrackPiece => ({
  unitId,
  joined: false,
  cut: false,
  lonDeg: new Array<number>(n).fill(120.5),
  latDeg: new Array<number>(n).fill(30.7),
  headingDeg: new Array<number>(n).fill(0),
  speedMps: new Array<number>(n).fill(1),
  observedAtMs: Array.from({ length: n }, (_, i) => i),
});
const all: TrackQuestion = { what: 'all', unitId: null, area: null, fromMs: 0, toMs: 3600 };

function setUp() {
  setActivePinia(createPinia());
  const asked: { kind: string; data: object; come(items: TrackPiece[]): void; end(answer: Answer): void }[] = [];
  const query = ((kind: string, data: object, options: QueryOptions<'tracksInSpan'>) =>
    new Promise<Answer>((end) => {
      asked.push({ kind, data, come: (items) => options.onItems!(items), end });
    })) as unknown as TrackPort['query'];
  const store = useTrackStore();
  store.connect({ query });
  return { store, asked };
}
let it0: ReturnType<typeof setUp>;
beforeEach(() => (it0 = setUp()));

describe('the question for recorded ways', () => {
  it('is drawn as the parts come, from the beginning to the end of the span', async () => {
    const { store, asked } = it0;
    const done = store.ask(all, 4);
    expect(asked[0]).toMatchObject({ kind: 'tracksInSpan', data: { fromMs: 0, toMs: 3600, toleranceM: 4 } });
    expect(asked[0]!.data).not.toHaveProperty('unitIds');
    asked[0]!.come([piece('a')]);
    expect(store.answer.kind).toBe('loading');
    expect(store.fixes).toBe(2);
    asked[0]!.come([piece('b', 3)]);
    asked[0]!.end({ ok: true, items: [] });
    await done;
    expect(store.answer.kind).toBe('shown');
    expect([store.units, store.fixes, store.headMs]).toEqual([2, 5, 3600]);
  });

  it('keeps the slider and the picture while finer detail of the same comes', async () => {
    const { store, asked } = it0;
    void store.ask(all, 16);
    asked[0]!.come([piece('a')]);
    asked[0]!.end({ ok: true, items: [] });
    await Promise.resolve();
    store.headMs = 1200;
    const finer = store.ask(all, 1, true);
    asked[1]!.come([piece('a', 9)]);
    expect(store.fixes).toBe(2);
    asked[1]!.end({ ok: true, items: [] });
    await finer;
    expect([store.fixes, store.headMs]).toEqual([9, 1200]);
  });

  it('forgets an answer that comes after another question, or after it was put away', async () => {
    const { store, asked } = it0;
    const first = store.ask(all, 4);
    void store.ask({ ...all, what: 'unit', unitId: 'car' }, 4);
    expect(asked[1]!.data).toMatchObject({ unitIds: ['car'] });
    asked[0]!.come([piece('late')]);
    asked[0]!.end({ ok: true, items: [] });
    await first;
    expect(store.fixes).toBe(0);
    store.clear();
    asked[1]!.come([piece('car')]);
    expect(store.pieces).toEqual([]);
    expect(store.answer.kind).toBe('none');
  });

  it('says why there is no answer', async () => {
    const { store, asked } = it0;
    const area = { westDeg: 1, eastDeg: 2, southDeg: 1, northDeg: 2 };
    const done = store.ask({ ...all, what: 'place', area }, 4);
    expect(asked[0]).toMatchObject({ kind: 'tracksInArea', data: { area } });
    asked[0]!.end({ ok: false, code: 'timeout', message: 'no answer' });
    await done;
    expect(store.answer).toMatchObject({ kind: 'failed', code: 'timeout' });
  });
});
