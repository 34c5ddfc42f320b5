import { makeFix } from '../integration/tinyTown.ts';
import { whyNoBroker } from '../support/brokers.ts';
import { openMqttArm, openOwnArm, openSocketIoArm, unitIds } from './feedArms.ts';
import type { FeedArm } from './feedArms.ts';
import { quantile } from './scripting.ts';
import type { Figure } from './table.ts';

const UNITS = 1000;
const ROUNDS = 7;
const FACTS = 10_000;
const TICKS = 10;

interface Round {
  factsPerS: number;
  bytesPerFix: number;
}

async function measure(arm: FeedArm, round: number): Promise<Round> {
  const startedMs = performance.now();
  await arm.tell(FACTS);
  const factsPerS = FACTS / ((performance.now() - startedMs) / 1000);
  const before = arm.downBytes();
  for (let tick = 0; tick < TICKS; tick++) {
    const atMs = Date.now();
    await arm.place(
      unitIds(UNITS).map((id, n) => ({
        ...makeFix(id, atMs, n * 3 + round * 40 + tick * 7),
        headingDeg: (n * 7.3) % 360,
        speedMps: n % 17,
      })),
    );
    // Two fixes of one unit within a millisecond would be one.
    await new Promise((done) => setTimeout(done, 20));
  }
  return { factsPerS, bytesPerFix: (arm.downBytes() - before) / (TICKS * UNITS) };
}

/**
 * Facts a second and bytes a fix of this feed (desk, journal on the disk, the wall's own client with all its checks) against Socket.IO with
 * connection-state recovery and against MQTT at QoS 1 over Mosquitto, each to one wall, in turns within one run. Neither of the others keeps
 * a journal, checks what it tells, or conflates positions.
 */
export async function feedBench(): Promise<Figure[]> {
  const missing = whyNoBroker('mosquitto');
  if (missing !== null) console.log(`  without MQTT: ${missing}`);
  const arms = [await openOwnArm(UNITS), await openSocketIoArm(UNITS), ...(missing === null ? [await openMqttArm(UNITS)] : [])];
  const rounds = new Map<FeedArm, Round[]>(arms.map((arm) => [arm, []]));
  try {
    for (const arm of arms) await measure(arm, 0); // warm
    for (let round = 1; round <= ROUNDS; round++) {
      // Each goes first in turn: whatever else this machine does falls on all of them.
      for (let i = 0; i < arms.length; i++) {
        const arm = arms[(round + i) % arms.length]!;
        rounds.get(arm)!.push(await measure(arm, round));
      }
    }
    const median = (arm: FeedArm, of: (round: Round) => number): number => quantile(rounds.get(arm)!.map(of), 0.5);
    const [own, ...others] = arms as [FeedArm, ...FeedArm[]];
    const how = `median of ${ROUNDS} rounds of ${FACTS} facts of ${UNITS} units, in turns`;
    const figure = (name: string, value: number, unit: string, what: string): Figure => ({ name, value, unit, budget: null, how: what });
    return [
      ...arms.map((arm) =>
        figure(
          `${arm.name}, facts told`,
          median(arm, (round) => round.factsPerS),
          '/s',
          arm === own
            ? `${how}; on the disk before they are told`
            : arm.name === 'MQTT'
              ? 'its database saved at each change'
              : 'in memory',
        ),
      ),
      ...others.map((arm) =>
        figure(
          `facts, this feed : ${arm.name}`,
          median(own, (r) => r.factsPerS) / median(arm, (r) => r.factsPerS),
          '×',
          'above 1 this feed is faster',
        ),
      ),
      ...arms.map((arm) =>
        figure(
          `${arm.name}, a fix on the wire`,
          median(arm, (round) => round.bytesPerFix),
          'bytes',
          arm === own ? `${TICKS} ticks of ${UNITS} fixes a round, headers of TCP not counted` : '',
        ),
      ),
      ...others.map((arm) =>
        figure(
          `bytes, ${arm.name} : this feed`,
          median(arm, (r) => r.bytesPerFix) / median(own, (r) => r.bytesPerFix),
          '×',
          'above 1 this feed is smaller',
        ),
      ),
    ];
  } finally {
    for (const arm of arms) await arm.dispose();
  }
}
