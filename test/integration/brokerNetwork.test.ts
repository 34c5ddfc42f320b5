import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { brokerRounds } from '../soak/brokerRounds.ts';
import type { BrokerFault } from '../soak/brokerRounds.ts';
import { whyNoBroker } from '../support/brokers.ts';

const kinds = {
  // With a keep-alive of one second a silent connection is noticed after one and a half.
  mqtt: { broker: 'mosquitto', source: { keepaliveS: 1 }, silenceMs: 2500 },
  // Two heartbeats of one second.
  nats: { broker: 'nats-server', source: {}, silenceMs: 4000 },
} as const;
const faults: BrokerFault[] = [
  'reset',
  'killProxy',
  'reset',
  'killGateway',
  'freezeProxy',
  'reset',
  'killBroker',
  'outage',
  'freezeBroker',
  'reset',
  'reset',
];

/** The first seconds of `npm run soak -- mqtt nats`. */
test.for(['mqtt', 'nats'] as const)(
  'what a broker acknowledged reaches every wall once and in order over %s, whoever is cut off, killed or frozen',
  { timeout: 120_000 },
  async (kind, { skip }) => {
    const { broker, source, silenceMs } = kinds[kind];
    const why = whyNoBroker(broker);
    skip(why !== null, why ?? '');
    const directory = mkdtempSync(join(tmpdir(), `wanglou-${kind}-network-`));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const result = await brokerRounds({ kind, directory, walls: 2, eventsPerS: 500, faults, silenceMs, outageMs: 1000, source });
    expect(result.disconnects).toEqual({
      reset: 5,
      killProxy: 1,
      killGateway: 1,
      killBroker: 1,
      freezeProxy: 1,
      freezeBroker: 1,
      outage: 1,
    });
    expect(result.sent).toBeGreaterThan(2000);
    expect(result.keys).toBe(118);
    const { lost, duplicated, outOfOrder, snapshots, refused } = result;
    expect({ lost, duplicated, outOfOrder, snapshots, refused }).toEqual({
      lost: [],
      duplicated: [],
      outOfOrder: [],
      snapshots: 0,
      refused: 0,
    });
  },
);
