import { app, BrowserWindow, screen, type WebContents } from 'electron';
import { isOwnUrl, ORIGIN } from './app/assets.ts';
import { planWindows, type DisplayChoice, type WindowPlan } from './app/displays.ts';
import { createHangWatch } from './app/hangWatch.ts';
import { createRecoveryPolicy } from './app/recovery.ts';

export interface WallWindows {
  isWall(sender: object): boolean;
  /** Brings the wall to the front, when somebody starts the program a second time. */
  focus(): void;
}

export interface WallWindowsOptions {
  preload: string;
  icon: string;
  kiosk: boolean;
  display: DisplayChoice;
  log(level: 'info' | 'warn' | 'error', message: string): void;
}

/** A page that does not answer for this long is taken for dead. */
const UNRESPONSIVE_MS = 15_000;
/** A window shows itself after this long even if its page never painted: a blank wall tells more than none. */
const SHOW_AFTER_MS = 5000;
/** Exit code of a program that starts itself anew. */
const RELAUNCH = 75;

/**
 * Opens the planned windows and keeps them to the plan while displays come and go.
 * BrowserWindow, not BaseWindow with WebContentsView: one window holds one page that fills it, and a BrowserWindow owns that page, shows
 * it when painted and closes it with itself. Views are for several pages in a window.
 */
export function createWallWindows({ preload, icon, kiosk, display, log }: WallWindowsOptions): WallWindows {
  const windows = new Map<string, { window: BrowserWindow; plan: WindowPlan }>();

  const open = (plan: WindowPlan) => {
    const window = new BrowserWindow({
      ...plan.bounds,
      kiosk: kiosk && display !== 'span', // a kiosk window fills one display; one across several is frameless instead
      frame: !kiosk,
      show: false,
      autoHideMenuBar: true,
      backgroundColor: '#0b1018',
      title: 'Wanglou',
      icon,
      webPreferences: {
        preload,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        navigateOnDragDrop: false,
        backgroundThrottling: false, // the wall shows the town also while a dialog of the system has the focus
        spellcheck: false,
      },
    });
    windows.set(plan.key, { window, plan });
    window.once('ready-to-show', () => window.show());
    const late = setTimeout(() => window.show(), SHOW_AFTER_MS);
    window.once('show', () => clearTimeout(late));
    window.once('closed', () => {
      clearTimeout(late);
      windows.delete(plan.key);
    });
    recover(window, plan.key);
    load(window);
  };

  const recover = (window: BrowserWindow, key: string) => {
    const policy = createRecoveryPolicy(Date.now);
    const again = (reason: string) => {
      const action = policy.onGone(reason);
      log(action.kind === 'none' ? 'info' : 'error', `${key}: page gone (${reason}): ${action.kind}`);
      if (action.kind === 'relaunch') {
        app.relaunch();
        app.exit(RELAUNCH);
      } else if (action.kind === 'reload') {
        setTimeout(() => load(window), action.delayMs);
      }
    };
    const hang = createHangWatch(UNRESPONSIVE_MS, () => window.webContents.forcefullyCrashRenderer());
    window.on('unresponsive', hang.hung);
    window.on('responsive', hang.over);
    window.once('closed', hang.over);
    window.webContents.on('render-process-gone', (_event, details) => {
      hang.over();
      again(details.reason);
    });
    window.webContents.on('did-fail-load', (_event, code, description, _url, isMainFrame) => {
      if (isMainFrame && code !== -3) again(`load-failed: ${description}`); // -3: our own reload took over
    });
  };

  const load = (window: BrowserWindow) => {
    if (window.isDestroyed()) return;
    // did-fail-load, above, decides what follows a failure.
    window.loadURL(`${ORIGIN}/index.html`).catch((error: unknown) => log('warn', `load: ${String(error)}`));
  };

  const sync = () => {
    const plans = planWindows(screen.getAllDisplays(), screen.getPrimaryDisplay().id, display, kiosk);
    if (plans.length === 0) return; // every display is off: keep the windows for when one returns
    for (const plan of plans) {
      const known = windows.get(plan.key);
      if (known === undefined) open(plan);
      else if (JSON.stringify(known.plan.bounds) !== JSON.stringify(plan.bounds)) {
        known.plan = plan;
        known.window.setBounds(plan.bounds);
      }
    }
    for (const [key, { window }] of windows) if (!plans.some((plan) => plan.key === key)) window.destroy();
  };
  app.on('web-contents-created', (_event, contents) => confine(contents));
  screen.on('display-added', sync);
  screen.on('display-removed', sync);
  screen.on('display-metrics-changed', sync);
  sync();

  return {
    isWall: (sender) => [...windows.values()].some(({ window }) => window.webContents === sender),
    focus() {
      for (const { window } of windows.values()) {
        if (window.isMinimized()) window.restore();
        window.focus();
      }
    },
  };
}

/** A page stays where it is, opens nothing, and embeds nothing. */
function confine(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event, url) => {
    if (!isOwnUrl(url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
