import type { Json } from './cdp.ts';
import { createCodec } from './codec.ts';
import { invoke, ipcState } from './ipcModule.ts';
import { strict } from './strict.ts';
import { Emitter, fromPageUrl } from './world.ts';

const { encode, decode } = createCodec();

/** The window that holds some contents. */
export interface Target {
  command(method: string, params?: Json): Promise<Json>;
  isDestroyed(): boolean;
  readonly ready: Promise<void>;
}

type OpenHandler = (details: { url: string }) => { action: 'allow' | 'deny' };

class WebContents extends Emitter {
  /** The page as DevTools sees it. `contextId` 0: no preload yet, or no more. */
  readonly state = { url: 'about:blank', frameId: '', contextId: 0 };
  private readonly target: Target;
  private openHandler: OpenHandler | null = null;
  /** What handlers get as `event.sender`: the guarded object that the program knows, not this one behind it. */
  outward: object = this;

  constructor(target: Target) {
    super();
    this.target = target;
  }
  getURL(): string {
    return fromPageUrl(this.state.url);
  }
  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler;
  }
  decideOpen(url: string): 'allow' | 'deny' {
    return this.openHandler?.({ url }).action ?? 'allow';
  }
  forcefullyCrashRenderer(): void {
    void this.target.ready.then(() => this.target.command('Page.crash')).catch(() => undefined); // a crashed page answers with an error
  }
  async executeJavaScript(expression: string): Promise<unknown> {
    const answer = await this.target.command('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    });
    const failure = answer['exceptionDetails'] as { text: string; exception?: { description?: string } } | undefined;
    if (failure !== undefined) throw new Error(failure.exception?.description ?? failure.text);
    return (answer['result'] as { value: unknown }).value;
  }
  /** A message of the preload. */
  hear(message: Json): void {
    const { kind, channel, id } = message as { kind: string; channel: string; id: number };
    const event = { sender: this.outward, senderFrame: { url: this.getURL(), parent: null } };
    const args = decode(message['args']) as unknown[];
    if (kind === 'send') {
      ipcState.emit(channel, event, ...args);
      return;
    }
    invoke(channel, event, args).then(
      (value) => this.reply({ id, ok: true, value: encode(value) }),
      (error: unknown) => this.reply({ id, ok: false, value: String(error) }),
    );
  }
  private reply(answer: object): void {
    const { contextId } = this.state;
    if (contextId === 0 || this.target.isDestroyed()) return; // the page that asked is gone
    const expression = `__standinReceive(${JSON.stringify(JSON.stringify(answer))})`;
    this.target.command('Runtime.evaluate', { expression, contextId }).catch(() => undefined); // gone meanwhile
  }
}
export type Contents = WebContents;

export function createContents(target: Target): Contents {
  const contents = new WebContents(target);
  contents.outward = strict('webContents', contents);
  return contents.outward as Contents;
}
