/** Everything that crosses the preload bridge. Types only: no runtime code. The page finds it as `window.wanglou`, or undefined in a browser. */
export interface WallConfig {
  /** WebSocket address of the gateway's feed, e.g. `ws://127.0.0.1:8610/feed`. */
  feedUrl: string;
  /** HTTP address of the gateway, e.g. `http://127.0.0.1:8610`; `/town.json` is there. */
  gatewayUrl: string;
  token: string | null;
}
export interface WallBridge {
  config(): Promise<WallConfig>;
  quit(reason: string): Promise<boolean>;
  log(level: 'info' | 'warn' | 'error', message: string): void;
}
declare global {
  interface Window {
    readonly wanglou?: WallBridge;
  }
}
