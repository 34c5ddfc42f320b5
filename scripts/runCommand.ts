import { spawn } from 'node:child_process';

export interface CommandResult {
  exitCode: number;
  /** Standard output and error together, in the order they came. Empty when the command was run `aloud`. */
  output: string;
  durationMs: number;
}

/** Exit code of a command that was stopped at its limit, as of `timeout` in GNU coreutils. */
const OVER_LIMIT = 124;
/** A command that was asked to stop has this long to end what it started. */
const STOP_MS = 5000;

/** Children that run now; whoever ends this process early ends them too, by their own process ids. */
const running = new Set<() => void>();
export const stopCommands = (): void => running.forEach((stop) => stop());

/**
 * Runs one command to its end. `aloud`: its output goes straight to the terminal. One that hangs is stopped after `limitMs` and says so:
 * whoever waits for it would else wait for ever, without a word.
 */
export function runCommand(
  command: readonly string[],
  options: { cwd: string; limitMs: number; env?: Record<string, string>; aloud?: boolean },
): Promise<CommandResult> {
  const startedMs = performance.now();
  const [file = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: options.aloud ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    const stop = () => child.kill('SIGTERM');
    running.add(stop);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    let overLimit = false;
    let kill: NodeJS.Timeout | undefined;
    const limit = setTimeout(() => {
      overLimit = true;
      stop();
      kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    }, options.limitMs);
    const settle = (ended: number) => {
      clearTimeout(limit);
      clearTimeout(kill);
      running.delete(stop);
      const exitCode = overLimit ? OVER_LIMIT : ended;
      if (overLimit) output += `${command.join(' ')}: stopped after ${options.limitMs / 1000} s\n`;
      resolve({ exitCode, output, durationMs: performance.now() - startedMs });
    };
    child.once('error', (error) => {
      output += `${file}: ${error.message}\n`;
      settle(127);
    });
    child.once('close', (code) => settle(code ?? 143));
    // What it started may outlive it and hold its output open.
    child.once('exit', (code) => {
      if (overLimit) settle(code ?? 143);
    });
  });
}
