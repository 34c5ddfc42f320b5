import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { messageIds, readFrame, writeFrame } from '../../gateway/adapters/jt808/frame.ts';
import type { Frame } from '../../gateway/adapters/jt808/frame.ts';
import { createFrameSplitter } from '../../gateway/adapters/jt808/splitFrames.ts';
import { createClock } from '../../gateway/clock.ts';
import { readSourcesFile } from '../../gateway/hub/sourcesFile.ts';
import { createMemoryJournal } from '../../gateway/journal/createMemoryJournal.ts';
import type { Journal } from '../../gateway/journal/journal.ts';
import { freePort } from '../support/freePort.ts';
import { mangle, seeded } from '../support/mangle.ts';
import { sampleFrames } from '../support/samples.ts';
import { writeSources } from '../unit/gateway/hub/openTestHub.ts';
import { serveTinyTown } from './testGateway.ts';
import { tinyTown } from './tinyTown.ts';

const of2013 = sampleFrames('jt808/2013.hex');
const of2019 = sampleFrames('jt808/2019.hex');
const nowMs = Date.UTC(2026, 4, 13, 11, 21);

async function serve(change: object = {}, journal?: Journal) {
  const port = await freePort();
  const entry = {
    id: 'cars',
    kind: 'jt808',
    port,
    prefix: '',
    newUnit: { kind: 'vehicle', agencyId: 'ce' },
    messagesPerS: 1000,
    adapter: { id: 'jt808', terminals: { '13912345678': 'car-7', '13800001111': 'car-8' } },
    ...change,
  };
  const sources = await readSourcesFile(writeSources({ sources: [entry] }), tinyTown);
  const gateway = await serveTinyTown({ sources, clock: createClock(nowMs), ...(journal ? { journal } : {}) });
  const health = () => gateway.vitals.read().sources.find(({ kind }) => kind === 'jt808')!;
  const refused = (reason: string): number => health().refusedByReason.find(({ code }) => code === reason)?.count ?? 0;
  await vi.waitFor(() => expect(health().state).toBe('live'), { timeout: 15_000 });
  const dial = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };
  /** A terminal: sends frames and keeps what it was answered. */
  const terminal = async () => {
    const socket = await dial();
    const answers: Frame[] = [];
    const splitter = createFrameSplitter(
      (wire) => answers.push(readFrame(wire) as Frame),
      () => undefined,
    );
    socket.on('data', (bytes: Buffer) => splitter.push(bytes));
    const closed = once(socket, 'close');
    return {
      socket,
      answers,
      closed,
      /** The next answer after these bytes. */
      async ask(bytes: Uint8Array): Promise<Frame> {
        const before = answers.length;
        socket.write(bytes);
        await vi.waitFor(() => expect(answers.length).toBeGreaterThan(before), { interval: 5, timeout: 15_000 });
        return answers[before]!;
      },
    };
  };
  return { gateway, health, refused, dial, terminal, port };
}
const resultOf = ({ body }: Frame): [number, number, number] => [body.readUInt16BE(0), body.readUInt16BE(2), body[4]!];

test.each([
  ['2013', of2013, 'car-7', 6],
  ['2019', of2019, 'car-8', 10],
] as const)('%s: registers, authenticates, beats, and its position is on the wall', async (_edition, frames, unitId, numberBytes) => {
  const { terminal, gateway, health } = await serve({ authKey: { clear: 'a key' } });
  const car = await terminal();
  const registered = await car.ask(frames[0]!);
  expect(registered).toMatchObject({ id: messageIds.registerAnswer, is2019: numberBytes === 10 });
  expect([registered.terminalBcd.length, registered.body.readUInt16BE(0), registered.body[2]]).toEqual([numberBytes, 1, 0]);
  // The code in the sample is not the one that was given.
  expect(resultOf(await car.ask(frames[1]!))).toEqual([2, messageIds.authenticate, 1]);
  expect(resultOf(await car.ask(frames[3]!))).toEqual([4, messageIds.position, 1]);
  const code = registered.body.subarray(3);
  const asked = readFrame(frames[1]!.subarray(1, -1)) as Frame;
  const body = numberBytes === 10 ? Buffer.concat([Buffer.of(code.length), code, Buffer.alloc(35)]) : code;
  expect(resultOf(await car.ask(writeFrame({ ...asked, body })))).toEqual([2, messageIds.authenticate, 0]);
  expect(resultOf(await car.ask(frames[2]!))).toEqual([3, messageIds.heartbeat, 0]);
  expect(resultOf(await car.ask(frames[3]!))).toEqual([4, messageIds.position, 0]);
  expect(gateway.journal.latest('unit.updated', unitId)).toMatchObject({ kind: 'vehicle' });
  expect(health().accepted).toBe(1);
});

test('a batch, its parts and a message that nobody reads are answered each; old positions are refused and answered as done', async () => {
  const { terminal, refused, health } = await serve();
  const car = await terminal();
  await car.ask(of2019[1]!);
  expect(resultOf(await car.ask(of2019[4]!))).toEqual([5, messageIds.positionBatch, 0]);
  expect(resultOf(await car.ask(of2019[6]!))).toEqual([7, messageIds.positionBatch, 0]);
  expect(resultOf(await car.ask(of2019[7]!))).toEqual([8, messageIds.positionBatch, 0]);
  // Of the three of the second batch one is the newest again.
  expect([health().accepted, refused('old')]).toEqual([4, 2]);
  const other = writeFrame({ ...(readFrame(of2019[2]!.subarray(1, -1)) as Frame), id: 0x0900, serial: 9 });
  expect(resultOf(await car.ask(other))).toEqual([9, 0x0900, 3]);
  const broken = writeFrame({ ...(readFrame(of2019[3]!.subarray(1, -1)) as Frame), body: Buffer.alloc(5) });
  expect(resultOf(await car.ask(broken))).toEqual([4, messageIds.position, 2]);
});

test('a position is answered only after the journal has committed; a journal that fails answers nothing and ends the connection', async () => {
  const journal = createMemoryJournal();
  let settle = { resolve: (): void => undefined, reject: (_error: Error): void => undefined };
  let isHeld = false;
  const flushed = (): Promise<void> =>
    isHeld ? new Promise<void>((resolve, reject) => (settle = { resolve: () => resolve(), reject })) : Promise.resolve();
  const { terminal, gateway, refused, health } = await serve({}, Object.create(journal, { flushed: { value: flushed } }) as Journal);
  const car = await terminal();
  await car.ask(of2013[1]!);
  isHeld = true;
  car.socket.write(of2013[3]!);
  await vi.waitFor(() => expect(health().accepted).toBe(1), { timeout: 15_000 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(car.answers).toHaveLength(1);
  settle.resolve();
  await vi.waitFor(() => expect(car.answers).toHaveLength(2), { timeout: 15_000 });
  car.socket.write(of2013[4]!);
  await vi.waitFor(() => expect(health().accepted).toBe(2), { timeout: 15_000 });
  settle.reject(new Error('disk full'));
  await car.closed;
  expect([car.answers.length, refused('notKept')]).toEqual([2, 1]);
  isHeld = false;
  expect(gateway.faults).toEqual([]);
});

test('a terminal that nobody named is told so and let go; one that comes again replaces its old connection', async () => {
  const { terminal, refused } = await serve();
  const stranger = await terminal();
  const number = Buffer.from('000000000099', 'hex');
  const answered = await stranger.ask(writeFrame({ ...(readFrame(of2013[0]!.subarray(1, -1)) as Frame), terminalBcd: number }));
  expect([answered.id, answered.body[2]]).toEqual([messageIds.registerAnswer, 4]);
  await stranger.closed;
  expect(refused('unknownTerminal')).toBe(1);
  const [first, second] = [await terminal(), await terminal()];
  await first.ask(of2013[1]!);
  // Another terminal's words on its connection.
  expect(resultOf(await first.ask(of2019[3]!))[2]).toBe(1);
  expect(refused('otherTerminal')).toBe(1);
  await second.ask(of2013[1]!);
  await first.closed;
  expect(resultOf(await second.ask(of2013[3]!))[2]).toBe(0);
});

test('limits: connections of one address, silence, no authentication, a flood', async () => {
  const { terminal, dial, refused } = await serve({ maxPerAddress: 2, authenticateWithinS: 1, messagesPerS: 5 });
  const [car, idle] = [await terminal(), await terminal()];
  await car.ask(of2013[1]!);
  await once(await dial(), 'close');
  expect(refused('tooManyConnections')).toBe(1);
  await idle.closed;
  expect(refused('notAuthenticated')).toBe(1);
  car.socket.write(Buffer.concat(Array.from({ length: 100 }, () => of2013[2]!)));
  await vi.waitFor(() => expect(refused('tooFast')).toBeGreaterThan(80), { timeout: 15_000 });
});

test('a port that is taken is a status, not the end', async () => {
  const { port } = await serve();
  const entry = { id: 'twice', kind: 'jt808', port, adapter: 'jt808' };
  const sources = await readSourcesFile(writeSources({ sources: [entry] }), tinyTown);
  const gateway = await serveTinyTown({ sources, clock: createClock(nowMs) });
  await vi.waitFor(
    () =>
      expect(gateway.vitals.read().sources.find(({ id }) => id === 'twice')).toMatchObject({
        state: 'closed',
        reason: `port ${port} on 127.0.0.1 is taken`,
      }),
    { timeout: 15_000 },
  );
});

test('10,000 mangled frames over real connections: every refusal counted, the gateway goes on, and no connection stays', async () => {
  const { dial, health, terminal, gateway } = await serve({ maxPerAddress: 2000 });
  const sockets = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
  const before = sockets();
  const random = seeded(7);
  const good = [...of2013, ...of2019, ...sampleFrames('jt808/refused.hex')];
  for (let round = 0; round < 20; round += 1) {
    const socket = await dial();
    socket.resume();
    const noise = Array.from({ length: 500 }, () => mangle(good, random));
    socket.end(Buffer.concat([...(round % 2 === 0 ? [of2013[1]!] : []), ...noise]));
    await once(socket, 'close');
  }
  const { refusedByReason, refused, lastRefusals } = health();
  expect(refusedByReason.reduce((sum, { count }) => sum + count, 0)).toBe(refused);
  expect(refused).toBeGreaterThan(5000);
  expect(lastRefusals.length).toBeLessThanOrEqual(20);
  await vi.waitFor(() => expect(sockets()).toBe(before), { timeout: 15_000 });
  const car = await terminal();
  expect(resultOf(await car.ask(of2013[1]!))[2]).toBe(0);
  expect(gateway.faults).toEqual([]);
});
