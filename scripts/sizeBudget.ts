import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** Fails when the built wall outgrows its budget. Sizes are KiB; gzip is what a browser would fetch over a network. */

interface Budget {
  name: string;
  limitKiB: number;
  measure(files: readonly BuiltFile[]): number;
}
interface BuiltFile {
  path: string;
  bytes: Buffer;
}

const sum = (files: readonly BuiltFile[], size: (file: BuiltFile) => number) => files.reduce((total, file) => total + size(file), 0);
const raw = ({ bytes }: BuiltFile) => bytes.length;
const gzipped = ({ bytes }: BuiltFile) => gzipSync(bytes).length;
const own = (extension: string) => (file: BuiltFile) => extname(file.path) === extension && !file.path.startsWith('cesium/');

/** The limits, about a tenth above what the wall needs. Raise one only with the reason in the commit. */
export const BUDGETS: readonly Budget[] = [
  { name: 'everything in dist/renderer', limitKiB: 14_000, measure: (files) => sum(files, raw) },
  { name: 'scripts, gzip', limitKiB: 1150, measure: (files) => sum(files.filter(own('.js')), gzipped) },
  { name: 'largest script, gzip', limitKiB: 880, measure: (files) => Math.max(0, ...files.filter(own('.js')).map(gzipped)) },
  { name: 'styles, gzip', limitKiB: 54, measure: (files) => sum(files.filter(own('.css')), gzipped) },
];

/** One line a budget. */
export function measureBudgets(folder: string): { line: string; ok: boolean }[] {
  const files = readFiles(folder, '');
  return BUDGETS.map(({ name, limitKiB, measure }) => {
    const sizeKiB = measure(files) / 1024;
    const ok = sizeKiB <= limitKiB && files.length > 0;
    return { ok, line: `${ok ? 'ok  ' : 'OVER'} ${name}: ${sizeKiB.toFixed(0)} of ${limitKiB} KiB` };
  });
}

function readFiles(folder: string, under: string): BuiltFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${under}${entry.name}`;
    if (entry.isDirectory()) return readFiles(join(folder, entry.name), `${path}/`);
    return [{ path, bytes: readFileSync(join(folder, entry.name)) }];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const results = measureBudgets(fileURLToPath(new URL('../dist/renderer', import.meta.url)));
  for (const { line } of results) console.log(line);
  process.exit(results.every(({ ok }) => ok) ? 0 : 1);
}
