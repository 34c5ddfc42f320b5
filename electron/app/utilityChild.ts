import type { GatewayChild } from './gatewayProcess.ts';

/** What is used of Electron's `UtilityProcess`. */
interface UtilityLike {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  on(event: 'error', listener: (type: 'FatalError', location: string) => void): unknown;
  once(event: 'exit', listener: (code: number) => void): unknown;
  postMessage(message: unknown): void;
  kill(): boolean;
}

/** The gateway in a utility process. @param stopMs one that was asked to stop and has not after this long is killed. */
export function utilityChild(child: UtilityLike, stopMs: number, fault: (message: string) => void): GatewayChild {
  // V8 gave up, e.g. out of memory. `exit` follows and starts another; without a listener the event would throw here, in the shell.
  child.on('error', (type, location) => fault(`the gateway: ${type} in ${location}`));
  return {
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.on('exit', listener),
    kill() {
      child.postMessage('stop');
      const late = setTimeout(() => child.kill(), stopMs);
      child.once('exit', () => clearTimeout(late));
    },
  };
}
