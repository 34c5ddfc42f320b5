/** Parameters and results of the DevTools protocol, as far as they are not described here. */
export type Json = Record<string, unknown>;
type Handler = (params: Json) => void;

export interface Cdp {
  send(method: string, params?: Json, sessionId?: string): Promise<Json>;
  on(method: string, handler: Handler, sessionId?: string): void;
  /** Drops the handlers of a session that has ended. */
  forget(sessionId: string): void;
}

interface Answer {
  id?: number;
  sessionId?: string;
  method?: string;
  params?: Json;
  result?: Json;
  error?: { message: string };
}

/** The DevTools protocol over Node's own WebSocket, with flat sessions. Raw, because isolated worlds and crashes must be real. */
export async function connectCdp(url: string): Promise<Cdp> {
  const socket = new WebSocket(url);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', () => reject(new Error(`no DevTools at ${url}`)), { once: true });
  });
  let lastId = 0;
  const waiting = new Map<number, { method: string; resolve: (result: Json) => void; reject: (error: Error) => void }>();
  const handlers = new Map<string, Handler>();
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id === undefined) {
      handlers.get(`${answer.sessionId ?? ''}:${answer.method ?? ''}`)?.(answer.params ?? {});
      return;
    }
    const waiter = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.error !== undefined) waiter?.reject(new Error(`${waiter.method}: ${answer.error.message}`));
    else waiter?.resolve(answer.result ?? {});
  });
  socket.addEventListener('close', () => {
    for (const { method, reject } of waiting.values()) reject(new Error(`${method}: the connection to Chromium closed`));
    waiting.clear();
  });
  return {
    send(method, params = {}, sessionId = '') {
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        waiting.set(id, { method, resolve, reject });
        socket.send(JSON.stringify(sessionId === '' ? { id, method, params } : { id, method, params, sessionId }));
      });
    },
    on: (method, handler, sessionId = '') => void handlers.set(`${sessionId}:${method}`, handler),
    forget(sessionId) {
      for (const key of handlers.keys()) if (key.startsWith(`${sessionId}:`)) handlers.delete(key);
    },
  };
}
