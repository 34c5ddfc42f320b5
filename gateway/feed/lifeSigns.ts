import type { WebSocket } from 'ws';

/** Between two WebSocket pings: every client answers them by itself, also one that has nothing to say. */
const PING_MS = 3000;
/** A look that comes this late says that this process was busy or asleep, not that the client was silent: what it said waits to be read. */
const LATE_MS = 2000;

/** When a client gave its last sign of life (rule P-06): any frame, or the answer to a ping. Times are monotonic. */
export function createLifeSigns(socket: WebSocket) {
  let heardAtMs = performance.now();
  let pingedAtMs = heardAtMs;
  let lookedAtMs = heardAtMs;
  const heard = (): void => {
    heardAtMs = performance.now();
  };
  socket.on('message', heard);
  socket.on('pong', heard);
  return {
    /** How long nothing has come. Call about twice a second: it also asks for a sign now and then. */
    silentForMs(nowMs: number): number {
      if (nowMs - lookedAtMs > LATE_MS) heardAtMs = nowMs;
      lookedAtMs = nowMs;
      if (nowMs - pingedAtMs >= PING_MS && socket.readyState === socket.OPEN) {
        pingedAtMs = nowMs;
        socket.ping();
      }
      return nowMs - heardAtMs;
    },
  };
}
