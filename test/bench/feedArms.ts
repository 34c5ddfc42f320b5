import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { createClock } from '../../gateway/clock.ts';
import type { UnitReport } from '../../gateway/desk/fleet.ts';
import { createSqliteJournal } from '../../gateway/journal/createSqliteJournal.ts';
import { openDataDirectory } from '../../gateway/journal/dataDirectory.ts';
import { serveTown } from '../../gateway/serveTown.ts';
import type { Intake } from '../../gateway/sources/source.ts';
import type { Fix } from '../../protocol/frames/position.ts';
import { makeUnit, straightRouter, tinyTown } from '../integration/tinyTown.ts';
import { openSoakWall } from '../soak/soakWall.ts';
import { startMosquitto } from '../support/brokers.ts';
import { openCountingProxy } from './countingProxy.ts';

/** One way from a server to a wall. */
export interface FeedArm {
  readonly name: string;
  /** Tells `n` facts of units as fast as they are taken; resolves when the last was heard. */
  tell(n: number): Promise<void>;
  /** Tells where the units are, once; resolves when the last of them was heard. */
  place(fixes: readonly Fix[]): Promise<void>;
  /** Bytes that came down to the wall so far. */
  downBytes(): number;
  dispose(): Promise<void>;
}

const TOKEN = 'a-token-of-the-bench';
/** Facts handed over before others get a turn. */
const TURN = 200;
const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
export const unitIds = (count: number): string[] => Array.from({ length: count }, (_, n) => `unit-${n}`);
const reports = (count: number): UnitReport[] => unitIds(count).map((id) => makeUnit(id));

/** Waits until a count that only grows has grown by so much. */
function createWait(count: () => number) {
  return async (target: number): Promise<void> => {
    while (count() < target) await new Promise((done) => setTimeout(done, 1));
  };
}

/** This product: desk, journal on the disk, feed, and the wall's own client. */
export async function openOwnArm(units: number): Promise<FeedArm> {
  const path = mkdtempSync(join(tmpdir(), 'wanglou-feed-bench-'));
  const directory = openDataDirectory(join(path, 'data'));
  const journal = await createSqliteJournal({ path: join(directory.path, 'journal.db'), directory });
  const held: { intake: Intake | null } = { intake: null };
  const all = reports(units);
  const gateway = await serveTown({
    town: tinyTown,
    scene: { id: 'tiny/bench', townId: 'tiny', title: { zh: '测', en: 'Bench' }, simulated: true },
    clock: createClock(),
    router: straightRouter,
    start: { mode: 'routine', leader: { zh: '长', en: 'Leader' }, simulated: true },
    journal,
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    allowOrigins: [],
    rendererDirectory: path,
    // A bench of bytes and not of waiting: positions go out as soon as they are there.
    feed: { positionPeriodMs: 5 },
    openSource(intake) {
      held.intake = intake;
      for (const unit of all) intake.unit(unit);
      return { order: () => undefined, dispose: () => undefined };
    },
  });
  const proxy = await openCountingProxy(gateway.port);
  const wall = openSoakWall(proxy.port, TOKEN, 'wall');
  const heard = createWait(() => wall.feed.counters.events);
  const placed = createWait(() => wall.feed.counters.fixes);
  while (wall.feed.cursor() === null) await turn();
  let told = 0;
  return {
    name: 'this feed',
    async tell(n) {
      const target = wall.feed.counters.events + n;
      for (let i = 0; i < n; i++) {
        told += 1;
        held.intake!.unit({ ...all[told % units]!, plate: String(told) });
        if (i % TURN === TURN - 1) await turn();
      }
      await heard(target);
    },
    async place(fixes) {
      const target = wall.feed.counters.fixes + fixes.length;
      held.intake!.fixes(fixes);
      await placed(target);
    },
    downBytes: () => proxy.downBytes,
    async dispose() {
      wall.dispose();
      await gateway.close();
      directory.dispose();
      await proxy.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Socket.IO with connection-state recovery, as its guide sets it up; facts and positions as objects. */
export async function openSocketIoArm(units: number): Promise<FeedArm> {
  const http = createServer();
  const server = new Server(http, { connectionStateRecovery: { maxDisconnectionDuration: 120_000 }, transports: ['websocket'] });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const proxy = await openCountingProxy((http.address() as AddressInfo).port);
  const client = io(`http://127.0.0.1:${proxy.port}`, { transports: ['websocket'] });
  let [facts, places, told] = [0, 0, 0];
  client.on('fact', () => (facts += 1));
  client.on('positions', (list: unknown[]) => (places += list.length));
  await once(client as never, 'connect');
  const all = reports(units);
  const heard = createWait(() => facts);
  const placed = createWait(() => places);
  return {
    name: 'Socket.IO',
    async tell(n) {
      const target = facts + n;
      for (let i = 0; i < n; i++) {
        told += 1;
        server.emit('fact', { seq: told, type: 'unit.updated', data: { ...all[told % units]!, plate: String(told), rev: told } });
        if (i % TURN === TURN - 1) await turn();
      }
      await heard(target);
    },
    async place(fixes) {
      const target = places + fixes.length;
      server.emit('positions', fixes);
      await placed(target);
    },
    downBytes: () => proxy.downBytes,
    async dispose() {
      client.close();
      await server.close();
      await proxy.close();
    },
  };
}

/** MQTT 5 at QoS 1 over a real Mosquitto: a topic a unit, as its estates do. */
export async function openMqttArm(units: number): Promise<FeedArm> {
  const broker = await startMosquitto();
  const proxy = await openCountingProxy(broker.tcpPort);
  const sender = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.tcpPort}`, { protocolVersion: 5 });
  const wall = await mqtt.connectAsync(`mqtt://127.0.0.1:${proxy.port}`, { protocolVersion: 5, properties: { receiveMaximum: 500 } });
  let [facts, places, told] = [0, 0, 0];
  wall.on('message', (topic, payload) => {
    // What a wall does with it at least.
    JSON.parse(payload.toString());
    if (topic.startsWith('town/fact/')) facts += 1;
    else places += 1;
  });
  await wall.subscribeAsync(['town/fact/+', 'town/position/+'], { qos: 1 });
  const all = reports(units);
  const heard = createWait(() => facts);
  const placed = createWait(() => places);
  return {
    name: 'MQTT',
    async tell(n) {
      const target = facts + n;
      const sending: Promise<unknown>[] = [];
      for (let i = 0; i < n; i++) {
        told += 1;
        const unit = { ...all[told % units]!, plate: String(told), rev: told };
        sending.push(sender.publishAsync(`town/fact/${unit.id}`, JSON.stringify(unit), { qos: 1 }));
        if (i % TURN === TURN - 1) await turn();
      }
      await Promise.all(sending);
      await heard(target);
    },
    async place(fixes) {
      const target = places + fixes.length;
      await Promise.all(fixes.map(({ id, ...fix }) => sender.publishAsync(`town/position/${id}`, JSON.stringify(fix), { qos: 0 })));
      await placed(target);
    },
    downBytes: () => proxy.downBytes,
    async dispose() {
      await Promise.all([sender.endAsync(true), wall.endAsync(true)]);
      await proxy.close();
      await broker.dispose();
    },
  };
}
