import { sceneSource } from './scene/index.ts';

/** Every way in which facts arrive and orders leave. A new one is a file and a line here. */
export const sources = [sceneSource] as const;
