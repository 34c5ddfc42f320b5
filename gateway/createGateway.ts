import { join } from 'node:path';
import { AppError } from './appError.ts';
import type { LocalText } from '../protocol/primitives.ts';
import { openClip } from './clip/clipFile.ts';
import { openClipPlayer } from './clip/playClip.ts';
import { createClock, createLiveClock } from './clock.ts';
import type { GatewayOptions } from './gatewayOptions.ts';
import { defaultOptions } from './gatewayOptions.ts';
import { createSqliteJournal } from './journal/createSqliteJournal.ts';
import { openDataDirectory } from './journal/dataDirectory.ts';
import type { DataDirectory } from './journal/dataDirectory.ts';
import type { Journal } from './journal/journal.ts';
import { createRoadGraph } from './roads/roadGraph.ts';
import { createTraffic, freeFlow } from './roads/traffic.ts';
import { listScenes, loadScene } from './scene/loadScene.ts';
import type { Gateway } from './http/openDoor.ts';
import { findSourcesFile } from './hub/findSourcesFile.ts';
import { createReach, reachTownOf } from './reach/createReach.ts';
import { serveRelay } from './relay/serveRelay.ts';
import { serveTown } from './serveTown.ts';
import type { ServeOptions } from './serveTown.ts';
import { sceneSource } from './sources/scene/index.ts';
import { createSceneMemory } from './sources/scene/sceneMemory.ts';
import { createTrackStore } from './tracks/createTrackStore.ts';
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
async function sceneId({ scene, relay, scenesDirectory }: Pick<GatewayOptions, 'scene' | 'relay' | 'scenesDirectory'>): Promise<string> {
  if (!relay || scene.includes('/')) return scene;
  return (await listScenes(scenesDirectory)).find((id) => id.startsWith(`${scene}/`)) ?? scene;
}

/** Any day of the clip's town: its roads and places are what is needed. @throws {AppError} where there is none. */
async function sceneOfTown(townId: string, { scenesDirectory, clip }: GatewayOptions): Promise<string> {
  const found = (await listScenes(scenesDirectory)).find((id) => id.startsWith(`${townId}/`));
  if (found === undefined)
    throw new AppError('otherTown', `--clip ${clip}: it is of the town ${townId}, of which there is no scene in ${scenesDirectory}`);
  return found;
}
const clipTitle = ({ zh, en }: LocalText): LocalText => ({ zh: `${zh} · 片段`, en: `${en} · clip` });
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const warn = (warning: string): void => console.error(`wanglou gateway: ${warning}`);
/** How long tracks are kept unless --keep says otherwise. */
const TRACK_DAYS = 365;
/** Key of the note that says whose journal it is. */
const SCENE_NOTE = 'gateway/scene';

/** Opens what the gateway remembers. @throws {AppError} one line when the directory is in use, of another scene, or cannot be written. */
async function openMemory(
  { data, budgetBytes, keepDays, scene }: GatewayOptions,
  onBroken: (error: Error) => void,
): Promise<{ directory: DataDirectory; journal: Journal }> {
  const directory = openDataDirectory(data, { budgetBytes, onWarning: warn });
  try {
    const path = join(directory.path, 'journal.db');
    const journal = await createSqliteJournal({ path, keepDays, directory, onWarning: warn, onBroken });
    const written = journal.noted(SCENE_NOTE);
    if (written !== undefined && written !== scene) {
      await journal.dispose();
      throw new AppError('otherScene', `--data ${directory.path}: holds the journal of scene ${written}, not of ${scene}`);
    }
    if (written === undefined) journal.note(SCENE_NOTE, scene);
    return { directory, journal };
  } catch (error) {
    directory.dispose();
    throw error;
  }
}

/**
 * Loads the scene and serves it.
 * @param given.onBroken Told when the journal can no longer be written: whoever goes on then loses what he does.
 * @throws {AppError | SceneError} with one line for the user when a flag, a file, the directory or the port does not allow it.
 */
export async function createGateway(
  given: Partial<GatewayOptions> & Pick<Partial<ServeOptions>, 'feed' | 'onFault'> & { onBroken?(error: Error): void } = {},
): Promise<Gateway> {
  const { feed, onFault, onBroken = () => {}, ...rest } = given;
  const options: GatewayOptions = { ...defaultOptions(), ...rest };
  const { host, port, token, allowOrigins, rendererDirectory } = options;
  const clip = options.clip === null ? null : await openClip(options.clip);
  if (clip) options.scene = await sceneOfTown(clip.head.townId, options);
  const { town, scenario, traffic, triage, merging, alarms, reach } = await loadScene(options.scenesDirectory, await sceneId(options));
  const door = { host, port, token, allowOrigins, rendererDirectory, ...(feed ? { feed } : {}), ...(onFault ? { onFault } : {}) };
  const { relay } = options;
  if (relay) {
    return serveRelay({ ...door, town, upstream: relay }).catch((error: unknown) => {
      throw listenFault(error, port, host);
    });
  }
  const sources = clip ? null : await findSourcesFile(options, town);
  const play = sources === null || sources.playScene;
  if (sources && (options.rate !== 1 || options.atMin !== null)) {
    throw new AppError('badOption', `--rate and --at are for a played scene alone; ${sources.name} brings what happens now`);
  }
  // The journal is opened in its own thread: meanwhile this one builds the graph of the roads.
  const opening = openMemory(options, onBroken);
  opening.catch(() => undefined);
  const graph = createRoadGraph(town.roads, traffic ? createTraffic(traffic, town.scene.utcOffsetMin) : freeFlow);
  const { directory, journal } = await opening;
  // Time never falls: a journal with a past goes on where it stopped, whatever the scene or --at say.
  const startMs = clip?.head.fromMs ?? journal.resumeAtMs ?? startTimeMs(scenario.startAtMs, town.scene.utcOffsetMin, options.atMin);
  const clock = sources ? createLiveClock(journal.lastAtMs ?? 0) : createClock(startMs, options.rate);
  const reachTown = reachTownOf(town, traffic, reach);
  const extraUnits = Math.max(0, (options.units ?? 0) - scenario.units.length);
  try {
    const player =
      clip && (await openClipPlayer(clip.lines, { journal, clock, fromMs: clip.head.fromMs, onFault: (error) => warn(reasonOf(error)) }));
    const gateway = await serveTown({
      ...door,
      town,
      scene: clip
        ? { id: `${town.scene.id}/clip`, townId: town.scene.id, title: clipTitle(clip.head.title), simulated: clip.head.simulated }
        : { id: options.scene, townId: town.scene.id, title: scenario.title, simulated: play },
      recorded: clip !== null,
      clock,
      router: graph,
      journal,
      tracks: createTrackStore({
        directory: join(directory.path, 'tracks'),
        keepDays: options.keepDays.tracks ?? TRACK_DAYS,
        onWarning: warn,
      }),
      start: { mode: scenario.mode, leader: scenario.leader, simulated: play },
      reach: reachTown && createReach(reachTown),
      rules: { triage, merging },
      // A recording has its own alarms in it.
      alarms: clip ? null : alarms,
      openSource: (intake, signal) =>
        player
          ? player(intake)
          : play
            ? sceneSource.open({ town, scenario, graph, triage, extraUnits, memory: createSceneMemory(journal) }, intake, signal)
            : null,
      sources,
    });
    return {
      ...gateway,
      async close() {
        await gateway.close();
        directory.dispose();
      },
    };
  } catch (error) {
    // serveTown has closed the journal.
    directory.dispose();
    throw listenFault(error, port, host);
  }
}
