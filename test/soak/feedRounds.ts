import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/freePort.ts';
import { startGateway } from '../support/startGateway.ts';
import { compareTold, isCaughtUp, printDifferences } from './compareTold.ts';
import type { Differences } from './compareTold.ts';
import { openProxyProcess } from './proxyProcess.ts';
import { startSoakDesk } from './soakDesk.ts';
import { startSoakSender } from './soakSender.ts';
import { openSoakWall } from './soakWall.ts';

/** Differences are summed over all walls. */
export interface FeedResult extends Differences {
  /** Connections of walls that were ended by force, over all walls. */
  disconnects: number;
  gatewayKills: number;
  proxyKills: number;
  freezes: number;
  holes: number;
  outages: number;
  /** Facts that the sender was told are kept. */
  sent: number;
  /** Changes of incidents that the desk was told are kept. */
  commands: number;
  /** Incidents that the desk changed. */
  incidents: number;
  /** Revisions of incidents that a wall was not told in their place. */
  revJumps: string[];
  repeats: number;
  /** Snapshots that walls needed again: what they replace cannot be compared. */
  snapshots: number;
  eventsPerS: number;
}

export interface FeedPlan {
  directory: string;
  walls: number;
  disconnects: number;
  eventsPerS: number;
  /** Every so many cuts: kill -9 of the gateway, kill -9 of the proxy, SIGSTOP of the gateway, SIGSTOP of the proxy (half open). 0 is never. */
  killEvery: number;
  proxyKillEvery: number;
  freezeEvery: number;
  holeEvery: number;
  /** Length of one outage in the middle, ms; 0 for none. */
  outageMs: number;
  onRound?(result: FeedResult): void;
}

const TOKEN = 'soak-token-of-the-wall';
const SENDER_TOKEN = 'soak-token-of-the-sender';
/** Longer than a wall waits for a word of the server (2.5 heartbeats), so that it notices by itself. */
const SILENCE_MS = 7000;
const CAUGHT_UP_WITHIN_MS = 60_000;

/**
 * Real walls and a desk on a real gateway through a network that fails: connections reset, gateway and proxy killed (-9) and frozen, an
 * outage. Afterwards each wall must have been told everything that the sender and the desk were told is kept, once and in order, and every
 * revision of every incident in its place.
 */
export async function feedRounds(plan: FeedPlan): Promise<FeedResult> {
  const sources = join(plan.directory, 'sources.json');
  const source = { id: 'load', kind: 'http', prefix: '', token: { clear: SENDER_TOKEN }, requestsPerS: 1000, adapter: 'json' };
  writeFileSync(sources, JSON.stringify({ sources: [source] }));
  const port = await freePort();
  const args = ['--port', String(port), '--sources', sources, '--data', join(plan.directory, 'data'), '--token', TOKEN];
  let gateway = await startGateway(args);
  const proxy = await openProxyProcess(port);
  const walls = Array.from({ length: plan.walls }, (_, n) => openSoakWall(proxy.port, TOKEN, `wall-${n}`));
  const result: FeedResult = {
    disconnects: 0,
    gatewayKills: 0,
    proxyKills: 0,
    freezes: 0,
    holes: 0,
    outages: 0,
    sent: 0,
    commands: 0,
    incidents: 0,
    revJumps: [],
    repeats: 0,
    lost: [],
    duplicated: [],
    outOfOrder: [],
    snapshots: 0,
    eventsPerS: 0,
  };
  /** How often each wall has been welcomed and has had everything since. */
  const welcomes = (): number[] => walls.map(({ feed }) => feed.counters.resumes + feed.counters.snapshots);
  /** Waits until every wall has come back since then: what is counted as a disconnect was a connection. */
  const back = async (before: readonly number[]): Promise<void> => {
    const untilMs = performance.now() + CAUGHT_UP_WITHIN_MS;
    while (!welcomes().every((n, i) => n > before[i]!)) {
      if (performance.now() > untilMs)
        throw new Error(`walls do not come back: ${walls.map(({ feed }) => JSON.stringify(feed.status())).join(' ')}`);
      await sleep(20);
    }
  };
  const every = (round: number, n: number): boolean => n > 0 && round % n === 0;
  await back(walls.map(() => 0));
  const startedMs = performance.now();
  const sender = startSoakSender({
    url: () => `http://127.0.0.1:${port}/in/load`,
    token: SENDER_TOKEN,
    eventsPerS: plan.eventsPerS,
  });
  const desk = startSoakDesk({ feedUrl: () => `ws://127.0.0.1:${proxy.port}/feed`, token: TOKEN });
  try {
    for (let round = 1; result.disconnects < plan.disconnects; round++) {
      await sleep(100 + Math.random() * 300);
      const before = welcomes();
      if (every(round, plan.killEvery)) {
        result.gatewayKills += 1;
        await gateway.kill();
        gateway = await startGateway(args);
      } else if (every(round, plan.proxyKillEvery)) {
        result.proxyKills += 1;
        await proxy.kill();
        await proxy.start();
      } else if (every(round, plan.freezeEvery)) {
        result.freezes += 1;
        process.kill(gateway.pid, 'SIGSTOP');
        await sleep(SILENCE_MS);
        process.kill(gateway.pid, 'SIGCONT');
      } else if (every(round, plan.holeEvery)) {
        result.holes += 1;
        proxy.freeze();
        await sleep(SILENCE_MS);
        proxy.thaw();
      } else if (plan.outageMs > 0 && result.outages === 0 && result.disconnects > plan.disconnects / 2) {
        result.outages += 1;
        proxy.wish('refuse');
        proxy.wish('cut');
        await sleep(plan.outageMs);
        proxy.wish('pass');
      } else proxy.wish('cut');
      await back(before);
      result.disconnects += walls.length;
      sender.check();
      desk.check();
      result.sent = sender.sent;
      result.commands = desk.acknowledged;
      plan.onRound?.(result);
    }
    await Promise.all([sender.stop(), desk.stop()]);
    result.eventsPerS = sender.sent / ((performance.now() - startedMs) / 1000);
    const untilMs = performance.now() + CAUGHT_UP_WITHIN_MS;
    const log = new Map([...sender.log, ...desk.log]);
    while (!walls.every(({ told }) => isCaughtUp(told, log)) && performance.now() < untilMs) await sleep(50);
    result.sent = sender.sent;
    result.repeats = sender.repeats;
    result.commands = desk.acknowledged;
    result.incidents = desk.log.size;
    for (const [n, wall] of walls.entries()) {
      compareTold(`wall-${n}`, wall.told, log, result);
      result.revJumps.push(...wall.revJumps.map((line) => `wall-${n} ${line}`));
      result.snapshots += wall.laterSnapshots;
    }
    printDifferences(result);
    return result;
  } finally {
    for (const wall of walls) wall.dispose();
    await Promise.allSettled([sender.stop(), desk.stop()]);
    await proxy.dispose();
    await gateway.stop();
  }
}
