import { countFault } from '../mediaCounters.ts';
import { MediaFault } from '../mediaFault.ts';
import type { Player } from './player.ts';
import { syntheticPlayer } from './syntheticPlayer.ts';

/** A new video protocol is a file and a line here. */
export const players = [syntheticPlayer] as const satisfies readonly Player[];

/** @throws MediaFault `noPlayer`, counted, when this build cannot play the protocol. */
export function findPlayer(protocol: string, list: readonly Player[] = players): Player {
  const player = list.find((p) => p.protocol === protocol);
  if (player) return player;
  const fault = new MediaFault('noPlayer', `no player for ${protocol} in this build`);
  countFault(fault, protocol);
  throw fault;
}

export type { Player } from './player.ts';
