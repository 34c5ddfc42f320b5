import { parseArgs } from 'node:util';
import { AppError } from '../gateway/appError.ts';
import { backupDirectory } from '../gateway/journal/backupDirectory.ts';

/** `npm run backup -- --data DIR --to NEW_DIR`: copies a data directory while its gateway runs. Exit code 2 for what a person must correct. */
const beganMs = performance.now();
try {
  const { data, to } = readFlags();
  const { files, bytes } = await backupDirectory(data, to);
  const tookS = ((performance.now() - beganMs) / 1000).toFixed(1);
  console.log(
    `backup: ${files} files, ${(bytes / 1e6).toFixed(1)} MB in ${tookS} s, each looked through; npm start -- --data ${to} goes on from it`,
  );
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.error(`backup: ${error.message}`);
  process.exitCode = 2;
}

function readFlags(): { data: string; to: string } {
  let values;
  try {
    ({ values } = parseArgs({ options: { data: { type: 'string' }, to: { type: 'string' } } }));
  } catch (error) {
    throw new AppError('badOption', (error as Error).message.split('. ')[0]!, { cause: error });
  }
  const { data, to } = values;
  if (!data || !to) throw new AppError('badOption', 'usage: npm run backup -- --data DIR --to NEW_DIR');
  return { data, to };
}
