import { contextBridge, ipcRenderer } from 'electron';
import { CHANNELS } from './app/channels.ts';
import type { WallBridge, WallConfig } from './bridge.ts';

/** The whole bridge: the page gets these three functions and nothing of Electron or Node. */
const bridge: WallBridge = {
  config: () => ipcRenderer.invoke(CHANNELS.config) as Promise<WallConfig>,
  quit: (reason) => ipcRenderer.invoke(CHANNELS.quit, reason) as Promise<boolean>,
  log: (level, message) => ipcRenderer.send(CHANNELS.log, level, message),
};

contextBridge.exposeInMainWorld('wanglou', bridge);
