import { expect, it } from 'vitest';
import { runCommand } from '../../../scripts/runCommand.ts';

const node = (code: string, limitMs = 20_000) => runCommand([process.execPath, '-e', code], { cwd: process.cwd(), limitMs });

it('gives the exit code and everything that was said', async () =>
  expect(await node("console.log('a'); console.error('b'); process.exit(3)")).toMatchObject({ exitCode: 3, output: 'a\nb\n' }));

it('names a program that is not there', async () =>
  expect(await runCommand(['/nonexistent/program'], { cwd: process.cwd(), limitMs: 1000 })).toMatchObject({
    exitCode: 127,
    output: expect.stringContaining('ENOENT') as string,
  }));

it('stops a command at its limit, says so, and keeps what it said before', async () => {
  const { exitCode, output } = await node("console.log('begun'); setInterval(() => {}, 1000)", 1500);
  expect(exitCode).toBe(124);
  expect(output).toMatch(/^begun\n.*: stopped after 1\.5 s\n$/);
});

it('does not wait for what a stopped command left behind with its output open', async () => {
  const left = "require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 8000)'], { stdio: 'inherit' })";
  const { exitCode, durationMs } = await node(`${left}; setInterval(() => {}, 1000)`, 1000);
  expect(exitCode).toBe(124);
  expect(durationMs).toBeLessThan(6000);
});
