import { parseArgs } from 'node:util';
import { printFigures } from '../bench/table.ts';
import type { Figure } from '../bench/table.ts';
import { brokerSoak } from './brokerSoak.ts';
import { crowdSoak } from './crowdSoak.ts';
import { feedSoak } from './feedSoak.ts';
import { killSoak } from './killSoak.ts';
import { replaySoak } from './replaySoak.ts';

/**
 * `npm run soak -- NAME... [--kills 100] [--disconnects 1000] [--minutes 10] [--instants 1000]`: what takes too long for every test run.
 * Exit code 1 when a budget is broken. A new one is a file and a line here.
 */
const { values, positionals } = readFlags();
const [kills, disconnects, instants] = [whole('kills'), whole('disconnects'), whole('instants')];
const minutes = Number(values.minutes);
const soaks: Record<string, { title: string; run: () => Promise<Figure[]> }> = {
  crowd: { title: '20,000 units at 1 Hz on three walls', run: () => crowdSoak(minutes) },
  feed: { title: 'A feed over a network that fails', run: () => feedSoak(disconnects) },
  mqtt: { title: 'MQTT over a network that fails', run: () => brokerSoak('mqtt', disconnects) },
  nats: { title: 'NATS JetStream over a network that fails', run: () => brokerSoak('nats', disconnects) },
  replay: { title: 'The past as it was live', run: () => replaySoak(instants, minutes) },
  kills: { title: 'Kill -9 of the gateway while desks write', run: () => killSoak(kills) },
};
const unknown = positionals.find((name) => !Object.hasOwn(soaks, name));
if (unknown !== undefined || positionals.length === 0) refuse(`no "${unknown ?? ''}"; there are ${Object.keys(soaks).join(', ')}`);
if (!(minutes > 0)) refuse(`--minutes: expected a number above 0, got "${values.minutes}"`);

let kept = true;
for (const name of positionals) {
  const { title, run } = soaks[name]!;
  console.log(`soak: ${title} ...`);
  kept = printFigures(title, await run()) && kept;
}
process.exit(kept ? 0 : 1);

function whole(name: 'kills' | 'disconnects' | 'instants'): number {
  const number = Number(values[name]);
  return Number.isInteger(number) && number > 0 ? number : refuse(`--${name}: expected a whole number above 0, got "${values[name]}"`);
}
function refuse(reason: string): never {
  console.error(`soak: ${reason}`);
  process.exit(2);
}
function readFlags() {
  try {
    return parseArgs({
      options: {
        kills: { type: 'string', default: '100' },
        disconnects: { type: 'string', default: '1000' },
        minutes: { type: 'string', default: '10' },
        instants: { type: 'string', default: '1000' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    return refuse((error as Error).message.split('. ')[0]!);
  }
}
