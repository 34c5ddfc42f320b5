import { setTimeout as sleep } from 'node:timers/promises';
import { newCommand, openDesk } from './feedDesk.ts';
import type { Command, FeedDesk } from './feedDesk.ts';

/** An operator who changes his mind: corrects the tier of one open incident after the other, asks again until he is answered, and writes his own log. */
export interface SoakDesk {
  /** Under `incident <id>` the numbers of the changes that were acknowledged, in order. */
  readonly log: ReadonlyMap<string, readonly string[]>;
  readonly acknowledged: number;
  /** @throws Error when the gateway said something that it should not. */
  check(): void;
  /** Stops after the command that is under way is answered. */
  stop(): Promise<void>;
}

interface Waiting {
  incidentId: string;
  command: Command;
}

const PAUSE_MS = 40;
/** An incident takes 180 steps at most, and a hurry has some of its own. */
const CHANGES_OF_ONE = 120;
/** In these states the tier can still be corrected. */
const OPEN: readonly unknown[] = ['reported', 'accepted', 'triaged'];

const keyOf = (incidentId: string): string => `incident ${incidentId}`;

/** @param feedUrl Asked at each connection: past the network that fails. */
export function startSoakDesk(options: { feedUrl(): string; token: string }): SoakDesk {
  const log = new Map<string, string[]>();
  const open = new Set<string>();
  let [acknowledged, number, stopping] = [0, 0, false];

  const note = (incident: Record<string, unknown>): void => {
    const id = String(incident['id']);
    if (OPEN.includes(incident['state']) && (log.get(keyOf(id))?.length ?? 0) < CHANGES_OF_ONE) open.add(id);
    else open.delete(id);
  };
  const connect = async (): Promise<FeedDesk | null> => {
    try {
      const desk = await openDesk(options.feedUrl(), {
        token: options.token,
        deskId: 'soak-operator',
        onEvent: ({ ce }) => {
          if (ce.type === 'incident.updated') note(ce.data);
        },
      });
      open.clear();
      for (const { incidents } of desk.snaps) incidents.forEach(note);
      return desk;
    } catch {
      // Killed, frozen or on its way up; `check` of the sender and the end of the soak notice one that stays away.
      return null;
    }
  };
  /** @returns whether the command was answered. */
  const ask = async (desk: FeedDesk, { command, incidentId }: Waiting): Promise<boolean> => {
    const res = await desk.command(command);
    if (res === null) return false;
    if (res.status === 'applied' || res.status === 'duplicate') {
      acknowledged += 1;
      const list = log.get(keyOf(incidentId));
      if (list) list.push(command.reason);
      else log.set(keyOf(incidentId), [command.reason]);
      if ((list?.length ?? 0) >= CHANGES_OF_ONE) open.delete(incidentId);
    } else if (res.error?.code === 'illegalStep' || res.error?.code === 'notFound') open.delete(incidentId);
    else throw new Error(`the gateway refuses what it should take: ${JSON.stringify(res)}`);
    return true;
  };
  const next = (): Waiting | null => {
    const [incidentId] = open;
    if (incidentId === undefined) return null;
    number += 1;
    const tier = number % 2 === 0 ? 'major' : 'simple';
    return { incidentId, command: newCommand('incident.triage', { incidentId, tier }, String(number)) };
  };
  const run = async (): Promise<void> => {
    let desk: FeedDesk | null = null;
    let waiting: Waiting | null = null;
    while (!stopping || waiting) {
      desk ??= await connect();
      waiting ??= next();
      if (desk && waiting) {
        if (await ask(desk, waiting)) waiting = null;
        else {
          desk.close();
          desk = null;
        }
      }
      await sleep(PAUSE_MS);
    }
    desk?.close();
  };
  let failure: Error | null = null;
  const running = run();
  running.catch((error: Error) => (failure = error));
  return {
    log,
    get acknowledged() {
      return acknowledged;
    },
    check(): void {
      if (failure) throw failure;
    },
    async stop() {
      stopping = true;
      await running;
    },
  };
}
