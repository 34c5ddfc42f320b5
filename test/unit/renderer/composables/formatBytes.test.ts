import { expect, it } from 'vitest';
import { formatBytes } from '../../../../renderer/composables/formatBytes.ts';

it.each([
  [0, '0 B'],
  [640, '640 B'],
  [999.6, '1.0 kB'],
  [1_240_000, '1.2 MB'],
  [9_960_000, '10 MB'],
  [37_400_000_000, '37 GB'],
  [5e15, '5000 TB'],
])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
