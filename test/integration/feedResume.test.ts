import { expect, test } from 'vitest';
import type { Cursor } from '../../protocol/frames/client.ts';
import { serveTinyTown } from './testGateway.ts';
import { openWall } from './testWall.ts';
import { makeReport } from './tinyTown.ts';

/** A small seeded generator, so that a failure can be played again. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

test('[P-02] 100 forced cuts under 200 events a second: nothing lost, nothing twice, order kept', async () => {
  const gateway = await serveTinyTown();
  const random = createRandom(20_260_513);
  const startSeq = gateway.journal.headSeq;
  // Each report makes two events: the incident and the count of its channel.
  const feeding = setInterval(() => gateway.intake.report(makeReport({ typeId: random() < 0.5 ? 'dog' : 'digging' })), 10);
  const heard: number[] = [];
  let cursor: Cursor = { epoch: gateway.journal.epoch, seq: startSeq };
  let resumes = 0;
  const follow = async (cut: boolean): Promise<void> => {
    // A small window and late acknowledgements put cuts between events and their acknowledgements, too.
    const wall = openWall(gateway.feedUrl, { hello: { resume: cursor, window: 1 + Math.floor(random() * 20) }, strict: false });
    expect(await wall.welcome()).toMatchObject({ resumed: true });
    resumes += 1;
    const target = gateway.journal.headSeq;
    if (cut) await new Promise((done) => setTimeout(done, random() * 30));
    else await wall.until('the head', () => (wall.of('ev').at(-1)?.seq ?? cursor.seq) >= target);
    wall.socket.terminate();
    const events = wall.of('ev').map((ev) => ev.seq);
    heard.push(...events);
    cursor = { epoch: cursor.epoch, seq: events.at(-1) ?? cursor.seq };
  };
  for (let i = 0; i < 100; i++) await follow(true);
  clearInterval(feeding);
  await follow(false);
  const head = gateway.journal.headSeq;
  expect(resumes).toBe(101);
  expect(head - startSeq).toBeGreaterThan(200);
  expect(heard).toEqual(Array.from({ length: head - startSeq }, (_, i) => startSeq + 1 + i));
  expect(gateway.faults).toEqual([]);
}, 60_000);
