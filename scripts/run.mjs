// Starts a TypeScript script on Node 24 or newer, which runs TypeScript as it is. `npm ci` installs that Node as the package `node`,
// beside whatever Node the machine has; a machine whose own Node is new enough uses its own.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const root = fileURLToPath(new URL('..', import.meta.url));
const local = fileURLToPath(new URL(`../node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`, import.meta.url));
const own = Number(process.versions.node.split('.')[0]);
const node = own >= NEEDED ? process.execPath : existsSync(local) ? local : null;
if (node === null) {
  console.error(
    `wanglou: needs Node ${NEEDED}; this is ${process.version} and the package "node" is not installed. Run \`npm ci\` without --ignore-scripts, or install Node ${NEEDED}.`,
  );
  process.exit(2);
}
const [script, ...args] = process.argv.slice(2);
const child = spawn(node, [script, ...args], { cwd: root, stdio: 'inherit' });
// Ctrl-C reaches the child by itself (same terminal); a plain kill does not. Either way this process waits, so that nothing outlives it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
// npm, killed, leaves its children behind; this one notices that it has a new parent, and ends what it started.
const parent = process.ppid;
if (process.env['npm_lifecycle_event'] !== undefined) setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref();
child.once('error', (error) => {
  console.error(`wanglou: ${script} could not start: ${error.message}`);
  process.exit(1);
});
child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
