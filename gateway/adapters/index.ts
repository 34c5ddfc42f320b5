import type { Adapter } from './adapter.ts';
import { cotAdapter } from './cot.ts';
import { jsonAdapter } from './json.ts';
import { jt808Adapter } from './jt808.ts';

/** Everything that understands bytes. A new one is a file and a line here. */
export const adapters = [jsonAdapter, jt808Adapter, cotAdapter] as const satisfies readonly Adapter[];
