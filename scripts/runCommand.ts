import { spawn } from 'node:child_process';

export interface CommandResult {
  exitCode: number;
  /** Standard output and error together, in the order they came. Empty when the command was run `aloud`. */
  output: string;
  durationMs: number;
}

/** Children that run now; whoever ends this process early ends them too, by their own process ids. */
const running = new Set<() => void>();
export const stopCommands = (): void => running.forEach((stop) => stop());

/** Runs one command to its end. `aloud`: its output goes straight to the terminal. */
export function runCommand(
  command: readonly string[],
  options: { cwd: string; env?: Record<string, string>; aloud?: boolean },
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
    const settle = (exitCode: number) => {
      running.delete(stop);
      resolve({ exitCode, output, durationMs: performance.now() - startedMs });
    };
    child.once('error', (error) => {
      output += `${file}: ${error.message}\n`;
      settle(127);
    });
    child.once('close', (code) => settle(code ?? 143));
  });
}
