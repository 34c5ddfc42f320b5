import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from '../bench/table.ts';
import { killRounds } from './killRounds.ts';

const START_BUDGET_MS = 2000;

/** Kill -9 of the gateway while six desks write, again and again on one directory. */
export async function killSoak(kills: number): Promise<Figure[]> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'wanglou-soak-'));
  try {
    const result = await killRounds({
      kills,
      dataDirectory,
      onRound: (round, { acknowledged, startMs }) => {
        if (round % 10 === 0)
          console.log(`  kill ${round} of ${kills}: ${acknowledged} acknowledged, last start ${startMs.at(-1)!.toFixed(0)} ms`);
      },
    });
    for (const line of [...result.lost, ...result.changed, ...result.doubled, ...result.differences].slice(0, 50)) console.log(`  ${line}`);
    // The first start makes the directory; those after a kill are what counts.
    const sorted = result.startMs.slice(1).sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
    const how = `${result.kills} kills, ${result.acknowledged} commands, ${result.events} events`;
    return [
      { name: 'acknowledged commands lost', value: result.lost.length, unit: '', budget: 0, how },
      {
        name: 'rounds without a command',
        value: result.idle,
        unit: '',
        budget: Math.ceil(kills / 20),
        how: 'killed before the first answer',
      },
      {
        name: 'told events changed',
        value: result.changed.length,
        unit: '',
        budget: 0,
        how: 'each event of a round read again from the disk',
      },
      { name: 'commands applied twice', value: result.doubled.length, unit: '', budget: 0, how: 'unanswered and answered ones sent again' },
      {
        name: 'facts that differ',
        value: result.differences.length,
        unit: '',
        budget: 0,
        how: `${result.compared} snapshots after a restart against what was told`,
      },
      { name: 'start after a kill, p50', value: at(0.5), unit: 'ms', budget: null, how: 'from fork to ready' },
      { name: 'start after a kill, p95', value: at(0.95), unit: 'ms', budget: START_BUDGET_MS, how: 'the same' },
      { name: 'start after a kill, max', value: at(1), unit: 'ms', budget: START_BUDGET_MS, how: 'the same' },
      { name: 'journal', value: statSync(join(dataDirectory, 'journal.db')).size / 1e6, unit: 'MB', budget: null, how: 'at the end' },
    ];
  } finally {
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}
