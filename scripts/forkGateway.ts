import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { GatewayChild, pinAddress } from '../electron/app/gatewayProcess.ts';

/** Starts the built gateway as a plain Node process; its output goes to this one's. */
export function forkGateway(root: string, { args, env }: ReturnType<typeof pinAddress>): GatewayChild {
  const child = fork(join(root, 'dist/gateway/main.js'), args, {
    cwd: root,
    execArgv: [],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return {
    onMessage: (listener) => void child.on('message', listener),
    onExit(listener) {
      child.once('exit', listener);
      // A child that could not be started at all never exits; unheard, the event would end this process.
      child.once('error', (error) => {
        console.error(`wanglou: the gateway: ${error.message}`);
        if (child.pid === undefined) listener(null);
      });
    },
    kill() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 2000);
      child.once('exit', () => clearTimeout(late));
    },
  };
}
