import type { Adapter } from './adapter.ts';

/** Everything that understands bytes. A new one is a file and a line here. */
export const adapters = [] as const satisfies readonly Adapter[];
