import type { Codec } from '../codec.ts';

/**
 * What runs inside a page, as source text: each function refers to nothing outside itself. A page has two worlds that share only its DOM,
 * as in Electron: `main` is the wall, `isolated` holds the preload.
 */
type Message =
  | { kind: 'expose'; key: string; value: unknown }
  | { kind: 'call'; id: number; target: number; args: unknown }
  | { kind: 'return' | 'settle'; id: number; ok: boolean; value: unknown };

export interface WorldBridge {
  expose(key: string, api: unknown): void;
}

/** One end of contextBridge: values are copied, functions and promises are passed by reference, what arrives is frozen. */
export function joinWorlds(side: 'main' | 'isolated', createCodec: () => Codec): WorldBridge {
  const { encode, decode } = createCodec();
  const other = side === 'isolated' ? 'main' : 'isolated';
  const functions = new Map<number, (...args: unknown[]) => unknown>();
  const returned = new Map<number, { ok: boolean; value: unknown }>();
  const promised = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let lastId = 0;
  const post = (message: Message) => document.dispatchEvent(new CustomEvent(`standin:${other}`, { detail: JSON.stringify(message) }));
  const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

  const send = (value: unknown): unknown =>
    encode(value, (foreign) => {
      const id = ++lastId;
      if (typeof foreign === 'function') {
        functions.set(id, foreign as (...args: unknown[]) => unknown);
        return { $: 'function', id };
      }
      (foreign as Promise<unknown>).then(
        (result) => post({ kind: 'settle', id, ok: true, value: send(result) }),
        (error: unknown) => post({ kind: 'settle', id, ok: false, value: send(asError(error)) }),
      );
      return { $: 'promise', id };
    });
  const receive = (value: unknown): unknown =>
    decode(value, ({ $: kind, id: target }) => {
      if (kind === 'promise') return new Promise((resolve, reject) => promised.set(target, { resolve, reject }));
      return (...args: unknown[]): unknown => {
        const id = ++lastId;
        post({ kind: 'call', id, target, args: send(args) }); // answered before dispatchEvent returns
        const answer = returned.get(id);
        returned.delete(id);
        if (answer === undefined) throw new Error('the other world did not answer');
        const result = receive(answer.value);
        if (!answer.ok) throw asError(result);
        return result;
      };
    });
  const freeze = (value: unknown): unknown => {
    if (value !== null && typeof value === 'object') Object.values(value).forEach(freeze);
    return Object.freeze(value);
  };

  document.addEventListener(`standin:${side}`, (event) => {
    const message = JSON.parse((event as CustomEvent<string>).detail) as Message;
    switch (message.kind) {
      case 'expose':
        Object.defineProperty(window, message.key, {
          value: freeze(receive(message.value)),
          writable: false,
          configurable: false,
          enumerable: true,
        });
        break;
      case 'call':
        try {
          const result = functions.get(message.target)?.(...(receive(message.args) as unknown[]));
          post({ kind: 'return', id: message.id, ok: true, value: send(result) });
        } catch (error) {
          post({ kind: 'return', id: message.id, ok: false, value: send(asError(error)) });
        }
        break;
      case 'return':
        returned.set(message.id, message);
        break;
      case 'settle': {
        const waiter = promised.get(message.id);
        promised.delete(message.id);
        if (message.ok) waiter?.resolve(receive(message.value));
        else waiter?.reject(receive(message.value));
      }
    }
  });
  return { expose: (key, api) => void post({ kind: 'expose', key, value: send(api) }) };
}

export type PreloadScript = (require: (id: string) => unknown, module: { exports: object }, exports: object, process: object) => void;

/** `require('electron')` of a sandboxed preload, in the isolated world. Messages go through a DevTools binding that only this world has. */
export function runPreload(join: typeof joinWorlds, createCodec: () => Codec, preload: PreloadScript, platform: string): void {
  if (location.href === 'about:blank' || window !== window.top) return; // no preload in subframes, as by Electron's default
  const { encode, decode } = createCodec();
  const bridge = join('isolated', createCodec);
  const world = globalThis as unknown as { __standinSend(json: string): void; __standinReceive(json: string): void };
  const toMain = (message: object) => world.__standinSend(JSON.stringify(message));
  const waiting = new Map<number, { channel: string; resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  world.__standinReceive = (json) => {
    const answer = JSON.parse(json) as { id: number; ok: boolean; value: unknown };
    const waiter = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.ok) waiter?.resolve(decode(answer.value));
    else waiter?.reject(new Error(`Error invoking remote method '${waiter.channel}': ${String(answer.value)}`));
  };
  const unmodelled = (name: string, modelled: object) =>
    new Proxy(modelled, {
      get(target, key) {
        if (!(key in target)) throw new Error(`stand-in: electron's ${name}.${String(key)} is not modelled`);
        return Reflect.get(target, key) as unknown;
      },
    });
  const ipcRenderer = unmodelled('ipcRenderer', {
    invoke: (channel: string, ...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, { channel, resolve, reject });
        toMain({ kind: 'invoke', id, channel, args: encode(args) });
      }),
    send: (channel: string, ...args: unknown[]) => toMain({ kind: 'send', channel, args: encode(args) }),
  });
  const contextBridge = unmodelled('contextBridge', { exposeInMainWorld: (key: string, api: unknown) => bridge.expose(key, api) });
  const require = (id: string): unknown => {
    if (id === 'electron' || id === 'electron/renderer') return unmodelled('preload module', { contextBridge, ipcRenderer });
    throw new Error(`module not found: ${id} (a sandboxed preload has only electron)`);
  };
  const module = { exports: {} };
  preload(require, module, module.exports, { platform, type: 'renderer', sandboxed: true, contextIsolated: true, env: {}, argv: [] });
}
