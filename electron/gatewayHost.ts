import { pathToFileURL } from 'node:url';

/**
 * First module of the utility process. The gateway knows nothing of Electron: like any child it speaks through `process.send` and stops at
 * SIGTERM. A utility process has a message port instead of both, so this host translates, then loads the gateway by its path.
 */
const [gateway, ...args] = process.argv.slice(2);
if (gateway === undefined) throw new Error('gatewayHost: the path of the gateway is missing');

const port = process.parentPort;
process.send = (message: unknown) => {
  port.postMessage(message);
  return true;
};
port.on('message', ({ data }: { data: unknown }) => {
  if (data === 'stop') process.emit('SIGTERM');
});
process.argv = [process.argv[0] ?? '', gateway, ...args];
await import(pathToFileURL(gateway).href);
