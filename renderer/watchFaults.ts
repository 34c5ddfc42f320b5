import type { App } from 'vue';
import type { WallBridge } from '../electron/bridge.ts';

/**
 * Every error that nothing caught: into Diagnostics, and through the bridge into the shell's log. The browser still prints it, so a test
 * that forbids console errors fails on it. Vue's own go the same way: an error handler would otherwise swallow them.
 */
export function watchFaults(
  target: Pick<Window, 'addEventListener' | 'reportError'>,
  bridge: WallBridge | undefined,
  add: (thrown: unknown) => void,
): (app: App) => void {
  const take = (thrown: unknown): void => {
    add(thrown);
    bridge?.log('error', thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
  };
  target.addEventListener('error', (event) => take(event.error ?? event.message));
  target.addEventListener('unhandledrejection', (event) => take(event.reason));
  return (app) => {
    app.config.errorHandler = (thrown) => target.reportError(thrown);
  };
}
