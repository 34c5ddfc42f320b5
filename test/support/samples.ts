import { readFileSync } from 'node:fs';

const folder = new URL('../samples/', import.meta.url);

export const sampleText = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
/** A message a line, as hexadecimal digits. */
export const sampleFrames = (name: string): Buffer[] =>
  sampleText(name)
    .trim()
    .split('\n')
    .map((line) => Buffer.from(line, 'hex'));
