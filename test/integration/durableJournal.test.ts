import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createMemoryJournal } from '../../gateway/journal/createMemoryJournal.ts';
import type { Journal } from '../../gateway/journal/journal.ts';
import { serveTinyTown } from './testGateway.ts';
import { openWall } from './testWall.ts';
import { makeReport } from './tinyTown.ts';

/** A journal that is safe only a while after `append` and reads slowly, as one on disk with group commits: the port must bear it. */
function createSlowJournal(commitMs: number): Journal & { readonly committedSeq: number } {
  const memory = createMemoryJournal();
  const listeners = new Set<() => void>();
  const waiting: { seq: number; done: () => void }[] = [];
  let committedSeq = 0;
  const commit = (seq: number): void => {
    committedSeq = Math.max(committedSeq, seq);
    for (const waiter of waiting.filter((one) => one.seq <= committedSeq)) {
      waiting.splice(waiting.indexOf(waiter), 1);
      waiter.done();
    }
    for (const listener of listeners) listener();
  };
  const committed = (seq: number): Promise<void> =>
    seq <= committedSeq ? Promise.resolve() : new Promise((done) => waiting.push({ seq, done }));
  return {
    ...memory,
    get headSeq() {
      return memory.headSeq;
    },
    get oldestSeq() {
      return memory.oldestSeq;
    },
    get firstAtMs() {
      return memory.firstAtMs;
    },
    get lastAtMs() {
      return memory.lastAtMs;
    },
    get resumeAtMs() {
      return memory.resumeAtMs;
    },
    get committedSeq() {
      return committedSeq;
    },
    append(message, atMs) {
      const seq = memory.append(message, atMs);
      setTimeout(() => commit(seq), commitMs);
      return seq;
    },
    committed,
    flushed: () => committed(memory.headSeq),
    async *since(seq) {
      const until = committedSeq;
      for await (const entry of memory.since(seq)) {
        if (entry.seq > until) return;
        await sleep(1);
        yield entry;
      }
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

test('[P-03] [P-05] nothing is told before it is safe: snapshot, events and answers wait for the commit', async () => {
  const journal = createSlowJournal(60);
  const gateway = await serveTinyTown({ journal });
  const incidentId = gateway.intake.report(makeReport());
  const wall = openWall(gateway.feedUrl);
  wall.socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as { frame: string; seq?: number | null };
    if (frame.seq !== undefined && frame.seq !== null)
      expect([frame.frame, frame.seq <= journal.committedSeq]).toEqual([frame.frame, true]);
  });
  await wall.snapshot();
  const before = performance.now();
  expect(await wall.command('incident.dispatch', { incidentId, unitIds: ['car-1'] })).toMatchObject({ status: 'applied' });
  expect(performance.now() - before).toBeGreaterThan(50);
  // The desk itself does not wait: it decides on what it has already written.
  gateway.intake.progress({ unitId: 'car-1', incidentId, step: 'setOut' });
  gateway.intake.progress({ unitId: 'car-1', incidentId, step: 'arrived' });
  await wall.event('incident.updated', (data) => data['state'] === 'onScene');
  const seqs = wall.of('ev').map((ev) => ev.seq);
  expect(seqs).toEqual(seqs.map((_, i) => seqs[0]! + i));
  expect(gateway.faults).toEqual([]);
});

test('[P-02] resume from a slow journal while events keep coming: all, once, in order', async () => {
  const gateway = await serveTinyTown({ journal: createSlowJournal(5) });
  await sleep(30);
  const first = openWall(gateway.feedUrl);
  await first.snapshot();
  const resume = first.cursor();
  first.socket.terminate();
  for (let i = 0; i < 30; i++) gateway.intake.report(makeReport());
  await sleep(20);
  const second = openWall(gateway.feedUrl, { hello: { resume, window: 7 } });
  for (let i = 0; i < 30; i++) {
    gateway.intake.report(makeReport());
    await sleep(2);
  }
  const head = gateway.journal.headSeq;
  await second.until('everything', () => second.of('ev').at(-1)?.seq === head, 10_000);
  expect(second.of('ev').map((ev) => ev.seq)).toEqual(Array.from({ length: head - resume.seq }, (_, i) => resume.seq + 1 + i));
});
