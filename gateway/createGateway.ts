import { AppError } from './appError.ts';
import { createClock, createLiveClock } from './clock.ts';
import type { GatewayOptions } from './gatewayOptions.ts';
import { defaultOptions } from './gatewayOptions.ts';
import { createRoadGraph } from './roads/roadGraph.ts';
import { listScenes, loadScene } from './scene/loadScene.ts';
import type { Gateway } from './http/openDoor.ts';
import { findSourcesFile } from './hub/findSourcesFile.ts';
import { serveRelay } from './relay/serveRelay.ts';
import { serveTown } from './serveTown.ts';
import type { ServeOptions } from './serveTown.ts';
import { sceneSource } from './sources/scene/index.ts';
import { startTimeMs } from './startTime.ts';

/** Names what cannot be had of an address instead of an errno. */
function listenFault(error: unknown, port: number, host: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') {
    return new AppError('portTaken', `port ${port} on ${host} is taken: choose another with --port N, or --port 0 for a free one`, {
      cause: error,
    });
  }
  if (code === 'EACCES')
    return new AppError('portForbidden', `port ${port} needs more rights: choose one above 1023 with --port N`, { cause: error });
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new AppError('badHost', `--host ${host}: this machine has no such address`, { cause: error });
  }
  return error;
}

/** The scene to load: a relay needs the town only and takes any day of it. */
async function sceneId({ scene, relay, scenesDirectory }: GatewayOptions): Promise<string> {
  if (!relay || scene.includes('/')) return scene;
  return (await listScenes(scenesDirectory)).find((id) => id.startsWith(`${scene}/`)) ?? scene;
}

/**
 * Loads the scene and serves it.
 * @throws {AppError | SceneError} with one line for the user when a flag, a file or the port does not allow it.
 */
export async function createGateway(
  given: Partial<GatewayOptions> & Pick<Partial<ServeOptions>, 'feed' | 'onFault'> = {},
): Promise<Gateway> {
  const { feed, onFault, ...rest } = given;
  const options: GatewayOptions = { ...defaultOptions(), ...rest };
  const { host, port, token, allowOrigins, rendererDirectory } = options;
  const { town, scenario } = await loadScene(options.scenesDirectory, await sceneId(options));
  const door = { host, port, token, allowOrigins, rendererDirectory, ...(feed ? { feed } : {}), ...(onFault ? { onFault } : {}) };
  const { relay } = options;
  if (relay) {
    return serveRelay({ ...door, town, upstream: relay }).catch((error: unknown) => {
      throw listenFault(error, port, host);
    });
  }
  const sources = await findSourcesFile(options, town);
  const play = sources === null || sources.playScene;
  if (sources && (options.rate !== 1 || options.atMin !== null)) {
    throw new AppError('badOption', `--rate and --at are for a played scene alone; ${sources.name} brings what happens now`);
  }
  const clock = sources
    ? createLiveClock()
    : createClock(startTimeMs(scenario.startAtMs, town.scene.utcOffsetMin, options.atMin), options.rate);
  const graph = createRoadGraph(town.roads);
  const extraUnits = Math.max(0, (options.units ?? 0) - scenario.units.length);
  try {
    return await serveTown({
      ...door,
      town,
      scene: { id: options.scene, townId: town.scene.id, title: scenario.title, simulated: play },
      clock,
      router: graph,
      start: { mode: scenario.mode, leader: scenario.leader, simulated: play },
      openSource: (intake, signal) => (play ? sceneSource.open({ town, scenario, graph, extraUnits }, intake, signal) : null),
      sources,
    });
  } catch (error) {
    throw listenFault(error, port, host);
  }
}
