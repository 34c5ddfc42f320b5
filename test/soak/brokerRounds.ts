import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBusyMosquitto, startNats } from '../support/brokers.ts';
import { freePort } from '../support/freePort.ts';
import { startGateway } from '../support/startGateway.ts';
import { mqttChannel, natsChannel, SOAK_STREAM } from './brokerChannels.ts';
import { startBrokerSender } from './brokerSender.ts';
import { compareTold, isCaughtUp, printDifferences } from './compareTold.ts';
import type { Differences } from './compareTold.ts';
import { openProxyProcess } from './proxyProcess.ts';
import { openSoakWall } from './soakWall.ts';
import type { SoakWall } from './soakWall.ts';

/** What ends a connection between the broker and the gateway by force. `freeze` is SIGSTOP, `kill` is SIGKILL. */
export const brokerFaults = ['reset', 'killProxy', 'killGateway', 'killBroker', 'freezeProxy', 'freezeBroker', 'outage'] as const;
export type BrokerFault = (typeof brokerFaults)[number];

export interface BrokerPlan {
  kind: 'mqtt' | 'nats';
  directory: string;
  walls: number;
  eventsPerS: number;
  /** One after the other; each meets a connection that stands. */
  faults: readonly BrokerFault[];
  /** Longer than the source needs to notice that it hears nothing. */
  silenceMs: number;
  outageMs: number;
  /** Fields of the source beside those that the rounds need. */
  source?: object;
  onRound?(result: BrokerResult): void;
}

/** Differences are summed over all walls. */
export interface BrokerResult extends Differences {
  /** Connections of the source that stood, were ended by force and stood again, by fault. */
  disconnects: Record<BrokerFault, number>;
  /** Messages in the producer's log. */
  sent: number;
  repeats: number;
  keys: number;
  /** Snapshots that walls needed again. */
  snapshots: number;
  refused: number;
  /** Longest way back after the fault was over, ms. */
  slowestReturnMs: number;
  eventsPerS: number;
}

const TOKEN = 'soak-token-of-the-wall';
const BACK_WITHIN_MS = 60_000;
const CAUGHT_UP_WITHIN_MS = 180_000;
/** A connection carries something before it is ended. */
const HOLD_MS = [30, 150] as const;
const LOOK_MS = 20;

/** What the gateway says of its source: which connection stands, by the moment in which it came to stand. */
interface Standing {
  sinceMs: number;
  refused: number;
}
async function standing({ feed }: SoakWall): Promise<Standing | null> {
  const answer = await feed.query('vitals', {});
  const source = answer.ok ? answer.items[0]?.sources[0] : undefined;
  return source?.state === 'live' ? { sinceMs: source.sinceMs, refused: source.refused } : null;
}

/**
 * A producer at a real broker, a gateway that reads there through a network that fails, real walls. Afterwards each wall must have been told
 * everything that the broker acknowledged to the producer, once and in order.
 */
export async function brokerRounds(plan: BrokerPlan): Promise<BrokerResult> {
  const { kind } = plan;
  const broker = await (kind === 'mqtt' ? startBusyMosquitto() : startNats());
  const proxy = await openProxyProcess(broker.tcpPort);
  const channel = kind === 'mqtt' ? mqttChannel(broker.tcpPort) : natsChannel(broker.tcpPort);
  // The stream must be there, and so must the session that collects for the gateway, before anything is sent.
  (await channel()).close();
  const adapter = kind === 'nats' ? 'json' : { id: 'json', messageId: messageIdOfRow };
  const source = {
    id: 'load',
    kind,
    prefix: '',
    url: `${kind}://127.0.0.1:${proxy.port}`,
    ...(kind === 'mqtt' ? { topics: ['soak/#'] } : { stream: SOAK_STREAM }),
    // A gateway waits longer after each failure, as it should; a thousand of them would take hours.
    redialMostMs: 250,
    adapter,
    ...plan.source,
  };
  const file = join(plan.directory, 'sources.json');
  writeFileSync(file, JSON.stringify({ sources: [source] }));
  const port = await freePort();
  const args = ['--port', String(port), '--sources', file, '--data', join(plan.directory, 'data'), '--token', TOKEN];
  let gateway = await startGateway(args);
  const walls = Array.from({ length: plan.walls }, (_, n) => openSoakWall(port, TOKEN, `wall-${n}`));
  const [first] = walls as [SoakWall, ...SoakWall[]];
  const result: BrokerResult = {
    disconnects: Object.fromEntries(brokerFaults.map((fault) => [fault, 0])) as Record<BrokerFault, number>,
    sent: 0,
    repeats: 0,
    keys: 0,
    snapshots: 0,
    refused: 0,
    slowestReturnMs: 0,
    eventsPerS: 0,
    lost: [],
    duplicated: [],
    outOfOrder: [],
  };
  /** Waits until another connection than that one stands. */
  const stands = async (before: Standing | null): Promise<Standing> => {
    const fromMs = performance.now();
    for (;;) {
      const now = await standing(first);
      if (now && now.sinceMs !== before?.sinceMs) {
        if (before) result.slowestReturnMs = Math.max(result.slowestReturnMs, performance.now() - fromMs);
        return now;
      }
      if (performance.now() - fromMs > BACK_WITHIN_MS)
        throw new Error(`the source does not come back: ${JSON.stringify(await sourceOf(first))}`);
      await sleep(LOOK_MS);
    }
  };
  const inflict: Record<BrokerFault, () => Promise<void> | void> = {
    reset: () => proxy.wish('cut'),
    async killProxy() {
      await proxy.kill();
      await proxy.start();
    },
    async killGateway() {
      await gateway.kill();
      gateway = await startGateway(args);
    },
    async killBroker() {
      await broker.kill();
      await broker.start();
    },
    async freezeProxy() {
      proxy.freeze();
      await sleep(plan.silenceMs);
      proxy.thaw();
    },
    async freezeBroker() {
      broker.freeze();
      await sleep(plan.silenceMs);
      broker.thaw();
    },
    async outage() {
      proxy.wish('refuse');
      proxy.wish('cut');
      await sleep(plan.outageMs);
      proxy.wish('pass');
    },
  };
  let sender: ReturnType<typeof startBrokerSender> | null = null;
  try {
    let connection = await stands(null);
    const startedMs = performance.now();
    sender = startBrokerSender(channel, plan.eventsPerS);
    // Mosquitto has written the session down by then.
    await sleep(SETTLE_MS);
    for (const fault of plan.faults) {
      await sleep(HOLD_MS[0] + (HOLD_MS[1] - HOLD_MS[0]) * Math.random());
      await inflict[fault]();
      connection = await stands(connection);
      result.disconnects[fault] += 1;
      result.sent = sender.sent;
      plan.onRound?.(result);
    }
    await sender.stop();
    const sentMs = performance.now() - startedMs;
    const log = sender.log();
    const untilMs = performance.now() + CAUGHT_UP_WITHIN_MS;
    while (!walls.every(({ told }) => isCaughtUp(told, log)) && performance.now() < untilMs) await sleep(50);
    result.sent = sender.sent;
    result.repeats = sender.repeats;
    result.keys = log.size;
    result.eventsPerS = sender.sent / (sentMs / 1000);
    result.refused = (await standing(first))?.refused ?? NaN;
    for (const [n, wall] of walls.entries()) {
      compareTold(`wall-${n}`, wall.told, log, result);
      result.snapshots += wall.laterSnapshots;
    }
    printDifferences(result);
    return result;
  } finally {
    for (const wall of walls) wall.dispose();
    broker.thaw();
    await sender?.stop().catch(() => undefined);
    await proxy.dispose();
    await gateway.stop();
    await broker.dispose();
  }
}

const SETTLE_MS = 2500;
/** The number of a fact, wherever its row carries it; MQTT itself names no message. */
const messageIdOfRow = {
  join: [
    { path: 'plate', default: '' },
    { path: 'place.en', default: '' },
  ],
};
async function sourceOf({ feed }: SoakWall): Promise<unknown> {
  const answer = await feed.query('vitals', {});
  return answer.ok ? answer.items[0]?.sources[0] : answer;
}
