import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface RunningGateway {
  /** Address with the token in its fragment, as a person would open it. */
  wallUrl: string;
  port: number;
  token: string;
  pid: number;
  output: string[];
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Asks it to stop and waits until it has. */
  stop(): Promise<void>;
}

/**
 * Starts the real gateway as a process of its own, on loopback.
 * @param args Command-line flags; `--port 0` and the ordinary day of Wuzhen unless given.
 * @throws Error with what it printed when it ends before it listens, or says nothing for 20 s.
 */
export async function startGateway(args: readonly string[] = []): Promise<RunningGateway> {
  const defaults = [
    ...(args.includes('--scene') ? [] : ['--scene', 'wuzhen/ordinary']),
    ...(args.includes('--port') ? [] : ['--port', '0']),
  ];
  const child = spawn(process.execPath, ['gateway/main.ts', ...defaults, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  const exited = once(child, 'exit');
  const wallUrl = await new Promise<string>((resolve, reject) => {
    const fail = (why: string): void => {
      child.kill('SIGKILL');
      reject(new Error(`gateway ${args.join(' ')}: ${why}\n${output.join('')}`));
    };
    const timer = setTimeout(() => fail('no address within 20 s'), 20_000);
    const read = (chunk: Buffer): void => {
      output.push(chunk.toString());
      if (output.length > 500) output.shift();
      const url = /http:\/\/[^\s]+#token=[^\s]+/.exec(output.join(''))?.[0];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void exited.then(([code]) => {
      clearTimeout(timer);
      fail(`ended with code ${String(code)}`);
    });
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
  };
  const url = new URL(wallUrl);
  return {
    wallUrl,
    port: Number(url.port),
    token: new URLSearchParams(url.hash.slice(1)).get('token') ?? '',
    pid: child.pid!,
    output,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}
