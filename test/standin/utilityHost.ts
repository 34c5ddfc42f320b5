// Loaded before the module of a utility process: gives it `process.parentPort` and takes away Node's own channel, as in Electron.
import { EventEmitter } from 'node:events';

const send = process.send?.bind(process);
const port = Object.assign(new EventEmitter(), { postMessage: (message: unknown) => void send?.(message) });
process.on('message', (message: { data: unknown }) => port.emit('message', { data: message.data, ports: [] }));
process.once('disconnect', () => process.exit(0)); // a utility process dies with its program
Object.assign(process, { parentPort: port, send: undefined });
