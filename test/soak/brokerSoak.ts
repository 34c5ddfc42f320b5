import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from '../bench/table.ts';
import { whyNoBroker } from '../support/brokers.ts';
import { brokerRounds } from './brokerRounds.ts';
import type { BrokerFault, BrokerResult } from './brokerRounds.ts';

const EVENTS_PER_S = 500;
const WALLS = 2;
const OUTAGE_MS = 60_000;
/** The source `mqtt` notices after one and a half keep-alives (7.5 s), `nats` after two heartbeats or pings. */
const SILENCE_MS = 9000;
/** What a killed broker forgets of what it had acknowledged, and what its users do about it. */
const brokerNotes = {
  mqtt: 'Mosquitto writes what it keeps once a second here, so the producer repeats its last 5 s after each kill of it',
  nats: 'nats-server acknowledges before its fsync (sync_interval, 2 min), so the producer repeats its last 5 s after each kill of it',
};

/** Mostly resets; each kind of fault many times, one outage in the middle. */
function faultsOf(disconnects: number): BrokerFault[] {
  return Array.from({ length: disconnects }, (_, i) => {
    const n = i + 1;
    if (n === Math.ceil(disconnects / 2)) return 'outage';
    if (n % 150 === 75) return 'freezeProxy';
    if (n % 150 === 149) return 'freezeBroker';
    if (n % 40 === 10) return 'killGateway';
    if (n % 40 === 30) return 'killBroker';
    if (n % 10 === 4) return 'killProxy';
    return 'reset';
  });
}
const total = ({ disconnects }: BrokerResult): number => Object.values(disconnects).reduce((sum, n) => sum + n, 0);

/** A source whose connection to its broker falls again and again while 500 facts a second come in. */
export async function brokerSoak(kind: 'mqtt' | 'nats', disconnects: number): Promise<Figure[]> {
  const why = whyNoBroker(kind === 'mqtt' ? 'mosquitto' : 'nats-server');
  if (why !== null) throw new Error(why);
  const directory = mkdtempSync(join(tmpdir(), `wanglou-${kind}-soak-`));
  let told = 0;
  try {
    const result = await brokerRounds({
      kind,
      directory,
      walls: WALLS,
      eventsPerS: EVENTS_PER_S,
      faults: faultsOf(disconnects),
      silenceMs: SILENCE_MS,
      outageMs: OUTAGE_MS,
      onRound(now) {
        if (total(now) < told + 50) return;
        told = total(now);
        console.log(`  ${told} of ${disconnects} disconnects, ${now.sent} messages acknowledged`);
      },
    });
    const { reset, killProxy, killGateway, killBroker, freezeProxy, freezeBroker, outage } = result.disconnects;
    const how = `${total(result)} disconnects: kill -9 of gateway ${killGateway}, broker ${killBroker}, proxy ${killProxy}; SIGSTOP of proxy ${freezeProxy}, broker ${freezeBroker}; ${outage} outage of 60 s; ${reset} resets`;
    const figure = (name: string, value: number, unit: string, budget: number | null, what: string): Figure => ({
      name,
      value,
      unit,
      budget,
      how: what,
    });
    return [
      figure('messages lost', result.lost.length, '', 0, how),
      figure('messages told twice', result.duplicated.length, '', 0, `${result.sent} in the producer's log, each told to ${WALLS} walls`),
      figure(
        'keys out of order',
        result.outOfOrder.length,
        '',
        0,
        `of ${result.keys}: each unit, each detection, the incidents among each other`,
      ),
      figure('messages refused', result.refused, '', 0, 'since the last start of the gateway'),
      figure('snapshots instead of a resume', result.snapshots, '', 0, 'after the first of each wall'),
      figure('longest way back', result.slowestReturnMs / 1000, 's', null, 'from the end of the fault to a connection that stands'),
      figure('messages acknowledged', result.eventsPerS, '/s', null, `${result.repeats} sent again: ${brokerNotes[kind]}`),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
