import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { feedBench } from './feedBench.ts';
import { heapBench } from './heapBench.ts';
import { roadBench } from './roadBench.ts';
import { startBench } from './startBench.ts';
import { printFigures } from './table.ts';
import type { Figure } from './table.ts';
import { trackBench } from './trackBench.ts';
import { wallBench } from './wallBench.ts';

/**
 * `npm run bench -- [wall] [start] [heap] [feed] [tracks] [roads] [--minutes 10] [--share 0.1] [--write]`: the promised figures, measured in a real browser over a real gateway.
 * `--share` is how much of a year of tracks is written, 1 for all of it. Exit code 1 when a budget is broken. `--write` keeps the figures in docs/bench.json; those of benches that did not run stay.
 */
const { values, positionals } = readFlags();
const minutes = Number(values.minutes);
const share = Number(values.share);
const benches: Record<string, { title: string; run: () => Promise<Figure[]> }> = {
  wall: { title: 'A wall at work', run: wallBench },
  start: { title: 'From start to the first moving unit', run: startBench },
  heap: { title: 'Memory over time', run: () => heapBench(minutes) },
  feed: { title: 'This feed, Socket.IO and MQTT', run: feedBench },
  roads: { title: 'A town of 20,000 edges', run: roadBench },
  tracks: { title: 'A year of tracks', run: () => trackBench(share) },
};
const unknown = positionals.find((name) => !Object.hasOwn(benches, name));
const wrong =
  unknown !== undefined
    ? `bench: no "${unknown}"; there are ${Object.keys(benches).join(', ')}`
    : !(minutes > 0)
      ? `--minutes: expected a number above 0, got "${values.minutes}"`
      : !(share > 0 && share <= 1)
        ? `--share: expected a number above 0, at most 1, got "${values.share}"`
        : null;
if (wrong !== null) {
  console.error(wrong);
  process.exit(2);
}
const results: Record<string, Figure[]> = {};
let kept = true;
for (const [name, bench] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const figures = await bench.run();
  results[name] = figures;
  kept = printFigures(bench.title, figures) && kept;
}
if (values.write) {
  const file = fileURLToPath(new URL('../../docs/bench.json', import.meta.url));
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Figure[]>) : {};
  writeFileSync(file, `${JSON.stringify({ ...before, ...results }, null, 2)}\n`);
}
process.exit(kept ? 0 : 1);

function readFlags() {
  try {
    return parseArgs({
      options: {
        minutes: { type: 'string', default: '10' },
        share: { type: 'string', default: '0.1' },
        write: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
  } catch (error) {
    console.error(`bench: ${(error as Error).message.split('. ')[0]}`);
    process.exit(2);
  }
}
