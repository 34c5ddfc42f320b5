import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from '../bench/table.ts';
import { feedRounds } from './feedRounds.ts';

const EVENTS_PER_S = 500;

/** Walls that lose their connection again and again while 500 facts a second come in. */
export async function feedSoak(disconnects: number): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'wanglou-feed-soak-'));
  let told = 0;
  try {
    const result = await feedRounds({
      directory,
      walls: 4,
      disconnects,
      eventsPerS: EVENTS_PER_S,
      killEvery: 20,
      proxyKillEvery: 11,
      freezeEvery: 53,
      holeEvery: 47,
      outageMs: 60_000,
      onRound({ disconnects: n, sent, commands, gatewayKills }) {
        if (n < told + 100) return;
        told = n;
        console.log(
          `  ${n} of ${disconnects} disconnects, ${gatewayKills} of them kills of the gateway, ${sent} facts and ${commands} commands kept`,
        );
      },
    });
    const { gatewayKills, proxyKills, freezes, holes, outages } = result;
    const how = `${result.disconnects} disconnects of 4 walls in rounds: ${gatewayKills} kill -9 of the gateway, ${proxyKills} of the proxy, SIGSTOP ${freezes} and ${holes}, ${outages} outage of 60 s, else resets`;
    const count = (name: string, value: number, budget: number | null, what: string): Figure => ({
      name,
      value,
      unit: '',
      budget,
      how: what,
    });
    return [
      count('facts lost', result.lost.length, 0, how),
      count('facts told twice', result.duplicated.length, 0, `${result.sent} facts in the sender's log, ${result.commands} in the desk's`),
      count('told out of order', result.outOfOrder.length, 0, `100 units, ${result.incidents} incidents`),
      count('revisions of incidents missed', result.revJumps.length, 0, 'each is told, in its place'),
      count('snapshots instead of a resume', result.snapshots, 0, 'after the first of each wall'),
      {
        name: 'facts kept',
        value: result.eventsPerS,
        unit: '/s',
        budget: null,
        how: `outages of the gateway included; ${result.repeats} posts sent again`,
      },
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
