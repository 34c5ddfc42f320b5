import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Broker } from '../../scripts/installBrokers.ts';
import { startMosquitto, startNats, whyNoBroker } from '../support/brokers.ts';
import type { RunningBroker } from '../support/brokers.ts';

const START_LIMIT_MS = 20_000;

/** One real broker for the tests of a file; without it they are skipped, and say why. */
export function brokerOfTests(name: Broker): () => RunningBroker {
  const why = whyNoBroker(name);
  let broker: RunningBroker | null = null;
  beforeAll(async () => {
    if (why === null) broker = await (name === 'mosquitto' ? startMosquitto() : startNats());
  }, START_LIMIT_MS);
  beforeEach((context) => context.skip(why !== null, why ?? ''));
  afterAll(() => broker?.dispose());
  return () => broker!;
}
