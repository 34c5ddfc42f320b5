import type { WallConfig } from '../bridge.ts';
import { isOwnUrl } from './assets.ts';
import { CHANNELS } from './channels.ts';

/** What a handler needs to know of who sent a message; Electron's `IpcMainEvent` and `IpcMainInvokeEvent` both have it. */
export interface SenderEvent {
  sender: object;
  senderFrame: { url: string; parent: object | null } | null;
}

/** The two registrations of Electron's ipcMain that are used, so that handlers run under test without Electron. */
export interface IpcRegistry {
  handle(channel: string, listener: (event: SenderEvent, ...args: unknown[]) => unknown): void;
  on(channel: string, listener: (event: SenderEvent, ...args: unknown[]) => void): void;
}

export interface IpcActions {
  /** Whether this `sender` is the contents of one of our own windows. */
  isWall(sender: object): boolean;
  config(): Promise<WallConfig>;
  quit(reason: string): void;
  log(level: 'info' | 'warn' | 'error', message: string): void;
  nowMs(): number;
}

const LONGEST_MESSAGE = 4096;
/** Lines a page may log in a second; the rest is counted and said once. */
const LOG_LINES_A_SECOND = 20;
const LEVELS = ['info', 'warn', 'error'] as const;

/** Registers every channel. Each one serves only the main frame of one of our windows while it shows our own page. */
export function handleIpc(ipc: IpcRegistry, actions: IpcActions): void {
  const refuse = (channel: string, event: SenderEvent): string | null => {
    const { senderFrame } = event;
    if (!actions.isWall(event.sender)) return `${channel}: not a window of the wall`;
    if (senderFrame === null || senderFrame.parent !== null) return `${channel}: not the main frame`;
    return isOwnUrl(senderFrame.url) ? null : `${channel}: not the wall's own page`;
  };
  const guarded = (channel: string, event: SenderEvent) => {
    const reason = refuse(channel, event);
    if (reason !== null) throw new Error(reason);
  };

  ipc.handle(CHANNELS.config, (event) => {
    guarded(CHANNELS.config, event);
    return actions.config();
  });
  ipc.handle(CHANNELS.quit, (event, reason) => {
    guarded(CHANNELS.quit, event);
    if (typeof reason !== 'string') throw new Error(`${CHANNELS.quit}: expected a reason`);
    actions.quit(reason.slice(0, LONGEST_MESSAGE));
    return true;
  });

  let second = 0;
  let lines = 0;
  ipc.on(CHANNELS.log, (event, level, message) => {
    const reason = refuse(CHANNELS.log, event);
    if (reason !== null) return actions.log('warn', reason);
    const known = LEVELS.find((name) => name === level);
    if (known === undefined || typeof message !== 'string') return actions.log('warn', `${CHANNELS.log}: expected a level and a text`);
    const now = Math.floor(actions.nowMs() / 1000);
    if (now !== second) {
      if (lines > LOG_LINES_A_SECOND) actions.log('warn', `${lines - LOG_LINES_A_SECOND} lines of the page were dropped`);
      second = now;
      lines = 0;
    }
    lines += 1;
    if (lines <= LOG_LINES_A_SECOND) actions.log(known, message.slice(0, LONGEST_MESSAGE));
  });
}
