import type * as Electron from 'electron';
import { strict } from './strict.ts';
import { Emitter } from './world.ts';

type Handler = (event: object, ...args: unknown[]) => unknown;

class IpcMain extends Emitter {
  readonly handlers = new Map<string, Handler>();
  handle(channel: string, handler: Handler): void {
    if (this.handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.handlers.set(channel, handler);
  }
}

export const ipcState = new IpcMain();
export const ipcMain = strict('ipcMain', ipcState) satisfies Record<'handle', unknown> & Partial<Record<keyof Electron.IpcMain, unknown>>;

/** Every channel that the program listens on, and how. */
export function listChannels(): { channel: string; kind: 'invoke' | 'send' }[] {
  const invoked = [...ipcState.handlers.keys()].map((channel) => ({ channel, kind: 'invoke' as const }));
  return [...invoked, ...ipcState.eventNames().map((channel) => ({ channel: String(channel), kind: 'send' as const }))];
}

/** Calls the handler of a channel as Electron would. */
export async function invoke(channel: string, event: object, args: readonly unknown[]): Promise<unknown> {
  const handler = ipcState.handlers.get(channel);
  if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
  return await handler(event, ...args);
}
