import type { Adapter } from './adapter.ts';
import { cotAdapter } from './cot.ts';
import { feedAdapter } from './feed.ts';
import { geojsonAdapter } from './geojson.ts';
import { jsonAdapter } from './json.ts';
import { jt808Adapter } from './jt808.ts';

/** Everything that understands bytes. A new one is a file and a line here. */
export const adapters = [jsonAdapter, geojsonAdapter, jt808Adapter, cotAdapter, feedAdapter] as const satisfies readonly Adapter[];
