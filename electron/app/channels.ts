/** Every channel between a page and the main process. The preload and the main process are the only two that know these names. */
export const CHANNELS = { config: 'wall:config', quit: 'wall:quit', log: 'wall:log' } as const;
