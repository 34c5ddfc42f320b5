import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/freePort.ts';
import type { ProxyWish } from './proxyChild.ts';

/** A fault proxy as a process of its own, always on the same port. */
export interface ProxyProcess {
  readonly port: number;
  /** What the proxy does from now on; `cut` resets what is connected. */
  wish(wish: ProxyWish): void;
  /** SIGKILL: the kernel closes its connections. */
  kill(): Promise<void>;
  /** After a kill. */
  start(): Promise<void>;
  /** SIGSTOP: connections stay open and carry nothing, new ones are made and never answered. */
  freeze(): void;
  thaw(): void;
  dispose(): Promise<void>;
}

const program = fileURLToPath(new URL('proxyChild.ts', import.meta.url));

export async function openProxyProcess(target: number): Promise<ProxyProcess> {
  const port = await freePort();
  let child: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    child = fork(program, [String(port), String(target)], { execArgv: [] });
    const [said] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
    if (said !== 'listening') throw new Error(`the fault proxy does not listen on ${port}`);
  };
  const kill = async (): Promise<void> => {
    const running = child;
    child = null;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, 'exit');
    running.kill('SIGKILL');
    await exited;
  };
  await start();
  return {
    port,
    wish: (wish) => void child!.send(wish),
    kill,
    start,
    freeze: () => void child!.kill('SIGSTOP'),
    thaw: () => void child!.kill('SIGCONT'),
    dispose: kill,
  };
}
