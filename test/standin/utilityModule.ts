import { fork, type ChildProcess } from 'node:child_process';
import type * as Electron from 'electron';
import { strict } from './strict.ts';
import { Emitter, needReady, toPageUrl, world } from './world.ts';

const host = new URL('./utilityHost.ts', import.meta.url).href;
export const utilityChildren = new Set<ChildProcess>();

class UtilityProcess extends Emitter {
  private readonly child: ChildProcess;
  constructor(modulePath: string, args: readonly string[], options: Electron.ForkOptions) {
    super();
    // The page's origin has another spelling in Chromium, so a child that is told to allow it must hear that spelling.
    const mapped = args.map((arg) =>
      [...world.schemes].some((scheme) => arg.startsWith(`${scheme}://`)) ? new URL(toPageUrl(arg)).origin : arg,
    );
    this.child = fork(modulePath, mapped, {
      execArgv: ['--import', host],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...options.env },
    });
    utilityChildren.add(this.child);
    this.child.on('message', (message) => this.emit('message', message));
    this.child.once('spawn', () => this.emit('spawn'));
    this.child.once('exit', (code) => {
      utilityChildren.delete(this.child);
      this.emit('exit', code ?? 15); // Electron gives a number also for a signal
    });
  }
  get pid(): number | undefined {
    return this.child.pid;
  }
  postMessage(message: unknown): void {
    if (this.child.connected) this.child.send({ data: message });
  }
  kill(): boolean {
    return this.child.kill('SIGTERM');
  }
}

export const utilityProcess = strict('utilityProcess', {
  fork(modulePath: string, args: readonly string[] = [], options: Electron.ForkOptions = {}) {
    needReady('utilityProcess');
    return strict('UtilityProcess', new UtilityProcess(modulePath, args, options));
  },
});
