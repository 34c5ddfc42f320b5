import { AppError } from './appError.ts';
import { createGateway } from './createGateway.ts';
import { parseOptions, usage } from './gatewayOptions.ts';
import { SceneError } from './scene/sceneError.ts';
import type { Gateway } from './http/openDoor.ts';

/** Something that the person who started it must correct: a flag, a scene file, the port. */
const EXIT_USAGE = 2;
const EXIT_BUG = 1;

let gateway: Gateway | null = null;
let stopping = false;

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await gateway?.close();
  process.exit(0);
}

function fail(error: unknown): never {
  if (error instanceof AppError || error instanceof SceneError) {
    console.error(`wanglou gateway: ${error.message}`);
    process.exit(EXIT_USAGE);
  }
  console.error('wanglou gateway:', error);
  process.exit(EXIT_BUG);
}

try {
  const options = parseOptions(process.argv.slice(2), process.env);
  if (!options) {
    console.log(usage);
    process.exit(0);
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
  // A child whose parent is gone has nobody to serve.
  process.on('disconnect', () => void stop());
  gateway = await createGateway({
    ...options,
    // Going on would mean to show what nobody keeps. Whoever started this gateway starts it again, and the start looks at the file.
    onBroken(error) {
      console.error(`wanglou gateway: ${error.message}`);
      process.exit(EXIT_BUG);
    },
  });
  const { url, feedUrl, token, port } = gateway;
  if (!/^(127\.|localhost$|::1$)/.test(options.host)) {
    console.error(`wanglou gateway: ${options.host} is not loopback: put a proxy with TLS in front, tokens travel in the clear`);
  }
  const what = options.relay ? `relay ${options.relay.url}` : `scene ${options.scene}`;
  // The fragment never leaves the browser: the token is in no request line and no log of a proxy.
  console.log(`wanglou gateway: ${url}/#token=${encodeURIComponent(token)}  ${what}`);
  process.send?.({ kind: 'ready', url, feedUrl, token, port });
} catch (error) {
  fail(error);
}
