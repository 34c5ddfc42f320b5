import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { heapBench } from './heapBench.ts';
import { startBench } from './startBench.ts';
import { printFigures } from './table.ts';
import type { Figure } from './table.ts';
import { wallBench } from './wallBench.ts';

/**
 * `npm run bench -- [wall] [start] [heap] [--minutes 10] [--write]`: the promised figures, measured in a real browser over a real gateway.
 * Exit code 1 when a budget is broken. `--write` keeps the figures in docs/bench.json; those of benches that did not run stay.
 */
const { values, positionals } = readFlags();
const minutes = Number(values.minutes);
const benches: Record<string, { title: string; run: () => Promise<Figure[]> }> = {
  wall: { title: 'A wall at work', run: wallBench },
  start: { title: 'From start to the first moving unit', run: startBench },
  heap: { title: 'Memory over time', run: () => heapBench(minutes) },
};
const unknown = positionals.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined || !(minutes > 0)) {
  console.error(
    unknown === undefined
      ? `--minutes: expected a number above 0, got "${values.minutes}"`
      : `bench: no "${unknown}"; there are ${Object.keys(benches).join(', ')}`,
  );
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
      options: { minutes: { type: 'string', default: '10' }, write: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
  } catch (error) {
    console.error(`bench: ${(error as Error).message.split('. ')[0]}`);
    process.exit(2);
  }
}
