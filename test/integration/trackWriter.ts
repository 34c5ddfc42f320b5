import { writeSync } from 'node:fs';
import { createBatchMaker } from '../../gateway/tracks/fixBatch.ts';
import { quantiseFix } from '../../gateway/tracks/quantiseFix.ts';
import { createTrackEngine } from '../../gateway/tracks/trackEngine.ts';

/** A process that writes fix after fix, packs often, and says which is safe, until it is killed: `trackWriter.ts DIRECTORY FIRST`. */
const [directory = '', first = '0'] = process.argv.slice(2);
const engine = createTrackEngine({ directory, keepDays: 365, mostRecentFixes: 25, onWarning: (warning) => console.error(warning) });
const maker = createBatchMaker();
for (let n = Number(first); ; n++) {
  const observedAtMs = Date.UTC(2026, 4, 13, 10) + n * 1000;
  const fix = { id: 'car', lonDeg: 120.49 + n * 1e-6, latDeg: 30.74, altM: 0, headingDeg: 90, speedMps: 1, observedAtMs };
  maker.add(quantiseFix(fix), observedAtMs + 100);
  for (const batch of engine.admit(maker.take())) engine.commit(batch);
  // At once and whole: a line in a buffer of ours would die with us.
  writeSync(1, `${n}\n`);
  engine.tidy();
}
