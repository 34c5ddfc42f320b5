import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBroker } from '../../scripts/installBrokers.ts';
import type { Broker } from '../../scripts/installBrokers.ts';
import { freePort } from './freePort.ts';

/** A real broker on loopback with a data directory of its own, gone with the test. */
export interface RunningBroker {
  readonly tcpPort: number;
  readonly wsPort: number;
  /** Kills it at once; what it kept on disk stays. */
  kill(): Promise<void>;
  /** Starts it again on the same ports over the same data. */
  start(): Promise<void>;
  /** SIGSTOP: sockets stay open and nobody answers. */
  freeze(): void;
  thaw(): void;
  dispose(): Promise<void>;
}

const START_LIMIT_MS = 15_000;

/** Why a test of this broker cannot run here, or null. */
export const whyNoBroker = (name: Broker): string | null =>
  findBroker(name) === null ? `${name} is not installed: apt-get install ${name}, or npm test as root on Debian` : null;

interface Recipe {
  name: Broker;
  configuration(ports: { tcpPort: number; wsPort: number }, directory: string): string;
  args(file: string): string[];
}

/**
 * Its queue is long enough for an outage of minutes. Mosquitto writes all that it keeps at once: at every change, or every second.
 */
const mosquitto = (isSavedEverySecond: boolean): Recipe => ({
  name: 'mosquitto',
  configuration: ({ tcpPort, wsPort }, directory) => `per_listener_settings false
listener ${tcpPort} 127.0.0.1
listener ${wsPort} 127.0.0.1
protocol websockets
allow_anonymous true
persistence true
persistence_location ${directory}/
autosave_interval 1
autosave_on_changes ${isSavedEverySecond ? 'false' : 'true'}
max_queued_messages 1000000
max_inflight_messages 500
set_tcp_nodelay true
log_type error
`,
  args: (file) => ['-c', file],
});
const nats: Recipe = {
  name: 'nats-server',
  configuration: ({ tcpPort, wsPort }, directory) => `listen: "127.0.0.1:${tcpPort}"
ping_interval: "2s"
ping_max: 2
jetstream { store_dir: "${directory}", max_mem_store: 64MB, max_file_store: 1GB }
websocket { listen: "127.0.0.1:${wsPort}", no_tls: true }
`,
  args: (file) => ['-c', file],
};

/** Keeps each change before the next, as long as there are few. */
export const startMosquitto = (): Promise<RunningBroker> => run(mosquitto(false));
/** For a load: killed, it has lost at most what it took in its last two seconds. */
export const startBusyMosquitto = (): Promise<RunningBroker> => run(mosquitto(true));
export const startNats = (): Promise<RunningBroker> => run(nats);

async function run({ name, configuration, args }: Recipe): Promise<RunningBroker> {
  const program = findBroker(name);
  if (program === null) throw new Error(whyNoBroker(name)!);
  const directory = mkdtempSync(join(tmpdir(), `wanglou-${name}-`));
  const [tcpPort, wsPort] = [await freePort(), await freePort()];
  const file = join(directory, 'broker.conf');
  writeFileSync(file, configuration({ tcpPort, wsPort }, directory));
  let child: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    const output: string[] = [];
    // Mosquitto as root drops to its own user, who may not read a directory of root's.
    const user = name === 'mosquitto' && process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    if ('uid' in user) giveTo(directory, user.uid);
    const started = spawn(program, args(file), { stdio: ['ignore', 'pipe', 'pipe'], ...user });
    started.stdout.on('data', (bytes: Buffer) => output.push(bytes.toString()));
    started.stderr.on('data', (bytes: Buffer) => output.push(bytes.toString()));
    child = started;
    const untilMs = performance.now() + START_LIMIT_MS;
    for (const port of [tcpPort, wsPort]) {
      while (!(await answers(port))) {
        if (started.exitCode !== null || performance.now() > untilMs)
          throw new Error(`${name} does not listen on ${port}: ${output.join('')}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  const kill = async (): Promise<void> => {
    const running = child;
    child = null;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  };
  await start();
  return {
    tcpPort,
    wsPort,
    kill,
    start,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async dispose() {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function giveTo(directory: string, uid: number): void {
  chmodSync(directory, 0o755);
  for (const path of [directory, ...readdirSync(directory).map((name) => join(directory, name))]) chownSync(path, uid, uid);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
