import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../../protocol/messages/index.ts';
import { channel, createBench, ev, hb, snap, welcome } from './fakes.ts';
import type { FakeSocket } from './fakes.ts';

/** A server's log and a network that duplicates, loses, garbles, cuts and forgets. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), id: fc.constantFrom('a', 'b', 'c') }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), back: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('garble' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('beat' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('silence' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('truncate' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);

describe('[P-02] any interleaving of duplicates, gaps and reconnects', () => {
  it('gives the state of the log, each event once and in order', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 120 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (steps, chance) => {
        const bench = createBench({ random: () => chance });
        const page = new Map<string, number>();
        let lastSeq = 0;
        bench.feed.listen({
          snapshot(snapshot) {
            page.clear();
            for (const item of snapshot.channels) page.set(item.id, item.rev);
            lastSeq = snapshot.seq;
          },
          event(message: Message, seq) {
            expect(seq).toBe(lastSeq + 1);
            lastSeq = seq;
            page.set(message.data.id, message.data.rev);
          },
        });

        let epoch = 1;
        let log: { id: string; rev: number }[] = [];
        let oldest = 1;
        const truth = new Map<string, number>();
        const served = new WeakMap<FakeSocket, { sentSeq: number }>();
        let revs = 0;

        /** Opens and greets the newest socket, as the rules say a server must. */
        function serve(): { socket: FakeSocket; sentSeq: number } {
          for (let waited = 0; bench.last().abandoned && waited < 400; waited++) bench.time.advance(100);
          const socket = bench.last();
          let state = served.get(socket);
          if (state === undefined) {
            socket.open();
            const resume = socket.of('hello')[0]?.resume as { epoch: string; seq: number } | null;
            const known = resume !== null && resume.epoch === `e${epoch}` && resume.seq >= oldest - 1 && resume.seq <= log.length;
            socket.say(welcome({ epoch: `e${epoch}`, resumed: known, gap: known ? null : { reason: 'noCursor', missed: null } }));
            if (!known) {
              const all = [...truth].map(([id, rev]) => channel(id, rev));
              socket.say(snap(log.length, { last: false, channels: all.slice(0, 1) }));
              socket.say(snap(log.length, { part: 1, channels: all.slice(1) }));
            }
            state = { sentSeq: known ? resume.seq : log.length };
            served.set(socket, state);
          }
          return Object.assign(state, { socket });
        }
        const event = (seq: number): object => ev(seq, channel(log[seq - 1]!.id, log[seq - 1]!.rev));

        for (const one of steps) {
          const state = serve();
          switch (one.do) {
            case 'append':
              revs += 1;
              log.push({ id: one.id, rev: revs });
              truth.set(one.id, revs);
              break;
            case 'deliver':
              for (let i = 0; i < one.count && state.sentSeq < log.length; i++) state.socket.say(event(++state.sentSeq));
              break;
            case 'repeat': {
              const seq = state.sentSeq - one.back + 1;
              if (seq >= 1) state.socket.say(event(seq));
              break;
            }
            case 'lose':
              if (state.sentSeq < log.length) state.sentSeq += 1;
              break;
            case 'garble':
              if (state.sentSeq < log.length) {
                state.sentSeq += 1;
                state.socket.say(JSON.stringify(event(state.sentSeq)).slice(0, 30));
              }
              break;
            case 'beat':
              state.socket.say(hb(state.sentSeq));
              break;
            case 'cut':
              state.socket.close();
              break;
            case 'silence':
              bench.time.advance(6000);
              break;
            case 'truncate':
              oldest = log.length + 1;
              break;
            case 'restart':
              state.socket.close();
              epoch += 1;
              log = [];
              oldest = 1;
              break;
          }
        }
        // At last the network behaves: everything is sent, and a beat says how far.
        for (let round = 0; round < 5; round++) {
          const state = serve();
          while (state.sentSeq < log.length) state.socket.say(event(++state.sentSeq));
          state.socket.say(hb(state.sentSeq));
        }
        expect(bench.feed.cursor()).toEqual({ epoch: `e${epoch}`, seq: log.length });
        expect(page).toEqual(truth);
        expect(bench.feed.status().kind).toBe('live');
        bench.feed.dispose();
        expect(bench.time.waiting()).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
