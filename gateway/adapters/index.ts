import type { Adapter } from './adapter.ts';
import { jsonAdapter } from './json.ts';

/** Everything that understands bytes. A new one is a file and a line here. */
export const adapters = [jsonAdapter] as const satisfies readonly Adapter[];
