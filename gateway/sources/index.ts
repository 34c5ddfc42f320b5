import type { ByteSource } from './byteSource.ts';
import { cotSource } from './cot.ts';
import { httpSource } from './http.ts';
import { jt808Source } from './jt808.ts';
import { mqttSource } from './mqtt.ts';
import { natsSource } from './nats.ts';
import { protocolSource } from './protocol.ts';

/** Every way in which bytes arrive from the field and orders leave. A new one is a file and a line here. The played scene is `scene/`. */
export const sources = [
  protocolSource,
  mqttSource,
  natsSource,
  httpSource,
  jt808Source,
  cotSource,
] as const satisfies readonly ByteSource[];
