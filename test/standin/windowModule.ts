import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import type * as Electron from 'electron';
import type { Json } from './cdp.ts';
import { app, appState, windowsOf } from './appModule.ts';
import { applyPermissions, passesFilter } from './sessionModule.ts';
import { strict } from './strict.ts';
import { createContents, type Contents, type Target } from './contentsModule.ts';
import { Emitter, ending, fromPageUrl, needReady, preventable, toPageUrl, world } from './world.ts';

const WORLD = 'Electron Isolated Context';
const readSource = (file: string) =>
  stripTypeScriptTypes(readFileSync(new URL(file, import.meta.url), 'utf8')).replaceAll(/^export |^import .*$/gm, '');
const pageCode = `${readSource('./codec.ts')}\n${readSource('./page/worlds.ts')}`;

const open = new Map<number, BrowserWindow>();
const byTarget = new Map<string, BrowserWindow>();
/** Requests that the session's filter stopped, and windows that pages asked for. */
export const stopped: string[] = [];
export const popups: { url: string; allowed: boolean }[] = [];
let lastId = 0;

export class BrowserWindow extends Emitter implements Target {
  readonly id = ++lastId;
  readonly webContents: Contents;
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly ready: Promise<void>;
  bounds: Electron.Rectangle;
  visible: boolean;
  minimized = false;
  focusCount = 0;
  targetId = '';
  private sessionId = '';
  private dead = false;
  private painted = false;
  /** A navigation that the program asked for: not `will-navigate`. */
  private ownNavigation = false;

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super();
    needReady('BrowserWindow');
    const { contextIsolation, sandbox, nodeIntegration } = options.webPreferences ?? {};
    if (contextIsolation === false || sandbox === false || nodeIntegration === true) {
      throw new Error('stand-in: only contextIsolation with sandbox and without nodeIntegration is modelled');
    }
    this.options = options;
    this.visible = options.show !== false;
    this.bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 };
    const contents = createContents(this);
    this.webContents = contents;
    open.set(this.id, this);
    this.ready = this.create();
    this.ready.catch((error: unknown) => {
      if (this.dead) return;
      console.error('stand-in: a window failed:', error);
      void ending.stop(70);
    });
    app.emit('browser-window-created', {}, this);
    app.emit('web-contents-created', {}, contents);
    return strict('BrowserWindow', this);
  }
  static getAllWindows(): BrowserWindow[] {
    return [...open.values()];
  }

  command(method: string, params: Json = {}): Promise<Json> {
    if (world.chromium === null || this.dead) return Promise.reject(new Error('the window is destroyed'));
    return world.chromium.cdp.send(method, params, this.sessionId);
  }

  private async create(): Promise<void> {
    const { chromium } = world;
    if (chromium === null) throw new Error('no Chromium');
    const { targetId } = await chromium.cdp.send('Target.createTarget', { url: 'about:blank', newWindow: true });
    this.targetId = String(targetId);
    byTarget.set(this.targetId, this);
    const { sessionId } = await chromium.cdp.send('Target.attachToTarget', { targetId, flatten: true });
    this.sessionId = String(sessionId);
    const state = this.webContents.state;
    const on = (method: string, handler: (params: Json) => void) => chromium.cdp.on(method, handler, this.sessionId);
    on('Runtime.executionContextCreated', ({ context }) => {
      const { id, name, auxData } = context as { id: number; name: string; auxData?: { frameId?: string } };
      if (name === WORLD && auxData?.frameId === state.frameId) state.contextId = id;
    });
    on('Runtime.executionContextsCleared', () => (state.contextId = 0));
    on('Runtime.bindingCalled', ({ name, executionContextId, payload }) => {
      if (name === '__standinSend' && executionContextId === state.contextId) this.webContents.hear(JSON.parse(String(payload)) as Json);
    });
    on('Page.frameNavigated', ({ frame }) => {
      const { url, parentId } = frame as { url: string; parentId?: string };
      if (parentId !== undefined) return;
      state.url = url;
      this.webContents.emit('did-navigate', {}, fromPageUrl(url));
    });
    on('Page.loadEventFired', () => {
      if (state.url !== 'about:blank') this.webContents.emit('did-finish-load', {});
    });
    on('Page.lifecycleEvent', ({ frameId, name }) => {
      if (frameId !== state.frameId || name !== 'firstPaint' || state.url === 'about:blank' || this.painted) return;
      this.painted = true;
      this.emit('ready-to-show');
    });
    on('Inspector.targetCrashed', () => {
      state.contextId = 0;
      this.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 133 });
    });
    on('Fetch.requestPaused', (params) => {
      this.answer(params).catch((error: unknown) => {
        if (!this.dead) console.error('stand-in: request:', String(error));
      });
    });
    const { frameTree } = await this.command('Page.getFrameTree');
    state.frameId = (frameTree as { frame: { id: string } }).frame.id;
    for (const domain of ['Page', 'Runtime', 'Inspector']) await this.command(`${domain}.enable`);
    await this.command('Page.setLifecycleEventsEnabled', { enabled: true });
    await this.command('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
    await this.command('Runtime.addBinding', { name: '__standinSend', executionContextName: WORLD });
    await this.command('Page.addScriptToEvaluateOnNewDocument', { source: `(() => {${pageCode}\njoinWorlds('main', createCodec);})()` });
    const { preload } = this.options.webPreferences ?? {};
    if (preload !== undefined) {
      const script = `(require, module, exports, process) => {${readFileSync(preload, 'utf8')}\n}`;
      const source = `(() => {${pageCode}\nrunPreload(joinWorlds, createCodec, ${script}, ${JSON.stringify(process.platform)});})()`;
      await this.command('Page.addScriptToEvaluateOnNewDocument', { worldName: WORLD, source });
    }
    await this.applyBounds();
  }

  /** Every request of the page passes here: navigation, the session's filter, the program's own schemes. */
  private async answer(params: Json): Promise<void> {
    const { requestId, resourceType, frameId } = params as { requestId: string; resourceType: string; frameId: string };
    const request = params['request'] as { url: string; method: string; headers: Record<string, string> };
    const url = fromPageUrl(request.url);
    const refuse = (errorReason: string) => this.command('Fetch.failRequest', { requestId, errorReason });
    const { frameId: mainFrameId, url: current } = this.webContents.state;
    if (resourceType === 'Document' && frameId === mainFrameId) {
      if (!this.ownNavigation && current !== 'about:blank') {
        const event = preventable();
        this.webContents.emit('will-navigate', event, url); // only what the page itself began, as in Electron
        if (event.defaultPrevented) return void (await refuse('Aborted'));
      }
      this.ownNavigation = false;
    }
    if (!(await passesFilter({ url, method: request.method, resourceType }))) {
      stopped.push(url);
      return void (await refuse('BlockedByClient'));
    }
    const scheme = url.slice(0, url.indexOf(':'));
    const handler = world.schemeHandlers.get(scheme);
    if (handler === undefined) {
      if (world.schemes.has(scheme)) await refuse('Failed');
      else await this.command('Fetch.continueRequest', { requestId });
      return;
    }
    const response = await handler(new Request(url, { method: request.method, headers: request.headers }));
    await this.command('Fetch.fulfillRequest', {
      requestId,
      responseCode: response.status,
      responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
      body: Buffer.from(await response.arrayBuffer()).toString('base64'),
    });
  }

  async loadURL(url: string): Promise<void> {
    await this.ready;
    const target = toPageUrl(url);
    if (world.chromium !== null && target.startsWith('https:')) await applyPermissions(world.chromium.cdp, new URL(target).origin);
    this.ownNavigation = true;
    const { errorText } = (await this.command('Page.navigate', { url: target })) as { errorText?: string };
    if (errorText === undefined) return;
    this.webContents.emit('did-fail-load', {}, -2, errorText, url, true);
    throw new Error(`${errorText} loading '${url}'`);
  }
  private async applyBounds(): Promise<void> {
    const { width, height } = this.bounds;
    await this.command('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  }
  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.bounds = { ...this.bounds, ...bounds };
    void this.ready.then(() => this.applyBounds());
  }
  show(): void {
    this.visible = true;
    this.emit('show');
  }
  focus(): void {
    this.focusCount += 1;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  restore(): void {
    this.minimized = false;
  }
  isDestroyed(): boolean {
    return this.dead;
  }
  close(): void {
    const event = preventable();
    if (!this.dead) this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }
  destroy(): void {
    if (this.dead) return;
    void this.ready.finally(() => world.chromium?.cdp.send('Target.closeTarget', { targetId: this.targetId })).catch(() => undefined); // closed with the browser
    this.forget();
  }
  /** The target is gone, or about to be. */
  forget(): void {
    if (this.dead) return;
    this.dead = true;
    open.delete(this.id);
    byTarget.delete(this.targetId);
    world.chromium?.cdp.forget(this.sessionId);
    this.webContents.emit('destroyed');
    this.emit('closed');
    if (open.size > 0 || world.isEnding || world.isQuitting) return;
    if (appState.listenerCount('window-all-closed') === 0) appState.quit();
    else app.emit('window-all-closed');
  }
}

windowsOf.closeAll = () =>
  BrowserWindow.getAllWindows().every((window) => {
    window.close();
    return window.isDestroyed();
  });
windowsOf.forgetAll = () => BrowserWindow.getAllWindows().forEach((window) => window.forget());

/** Windows that pages open, and windows that end by themselves. */
export async function watchTargets(): Promise<void> {
  const cdp = world.chromium?.cdp;
  if (cdp === undefined) return;
  cdp.on('Target.targetDestroyed', ({ targetId }) => byTarget.get(String(targetId))?.forget());
  cdp.on('Target.targetCreated', ({ targetInfo }) => {
    const { targetId, openerId, url } = targetInfo as { targetId: string; openerId?: string; url: string };
    const opener = openerId === undefined ? undefined : byTarget.get(openerId);
    if (opener === undefined) return;
    const allowed = opener.webContents.decideOpen(url) === 'allow';
    popups.push({ url: fromPageUrl(url), allowed });
    if (!allowed) void cdp.send('Target.closeTarget', { targetId });
  });
  await cdp.send('Target.setDiscoverTargets', { discover: true });
}
