import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ev, ServerFrame, Snap } from '../../protocol/frames/server.ts';
import { openDesk } from './feedDesk.ts';
import { createToldState } from './toldState.ts';

/** What a wall was shown at one moment. */
interface Shown {
  atMs: number;
  facts: string;
  places: string;
}
/** A moment at which the live wall got positions: what it was shown then is known whole. */
interface Moment {
  atMs: number;
  /** Events that had been told. */
  events: number;
  places: ReadonlyMap<string, string>;
}
export interface ReplayResult {
  instants: number;
  /** One line for each instant that differs. */
  differentFacts: string[];
  differentPlaces: string[];
  events: number;
  units: number;
  /** Server time that the record spans, ms. */
  spanMs: number;
  /** From the question for a moment to its whole picture. */
  seekMs: number[];
}

/** Puts the positions of a frame where those before were. */
function takePlaces(places: Map<string, string>, frame: ServerFrame): void {
  if (frame.frame !== 'pos' || !('ids' in frame)) return;
  for (const [i, id] of frame.ids.entries()) {
    const { lonDeg, latDeg, altM, headingDeg, speedMps, observedAtMs } = frame;
    places.set(id, [lonDeg[i], latDeg[i], altM?.[i] ?? 0, headingDeg[i], speedMps[i], observedAtMs[i]].join(' '));
  }
}
const digestOf = (places: ReadonlyMap<string, string>): string =>
  createHash('sha256')
    .update(
      [...places]
        .map((entry) => entry.join(' '))
        .sort()
        .join('\n'),
    )
    .digest('hex');

/**
 * Watches a gateway live, then asks its record for random moments of that time: facts and positions must be the same, by hash.
 * @param liveMs How long it is watched, real ms.
 */
export async function replayRounds(options: {
  feedUrl: string;
  token: string;
  liveMs: number;
  instants: number;
  random(): number;
}): Promise<ReplayResult> {
  const events: Ev[] = [];
  const moments: Moment[] = [];
  const places = new Map<string, string>();
  const { feedUrl, token } = options;
  const live = await openDesk(feedUrl, {
    token,
    deskId: 'live',
    onEvent: (ev) => void events.push(ev),
    onFrame(frame) {
      takePlaces(places, frame);
      if (frame.frame === 'pos' && frame.atMs !== undefined)
        moments.push({ atMs: frame.atMs, events: events.length, places: new Map(places) });
    },
  });
  await sleep(options.liveMs);
  live.close();

  // From the first moment at which every unit had been told of to the last. The first frame of positions may be older than the snapshot.
  const whole = moments.filter((moment) => moment.places.size === places.size && moment.atMs >= live.snaps[0]!.atMs);
  const chosen = new Set<number>();
  while (chosen.size < Math.min(options.instants, whole.length)) chosen.add(Math.floor(options.random() * whole.length));
  const told = createToldState();
  told.begin(live.snaps);
  let applied = 0;
  const shown = whole.flatMap(({ atMs, events: count, places: then }, i): Shown[] => {
    for (; applied < count; applied++) told.apply(events[applied]!);
    return chosen.has(i) ? [{ atMs, facts: told.digest(), places: digestOf(then) }] : [];
  });

  const result: ReplayResult = {
    instants: 0,
    differentFacts: [],
    differentPlaces: [],
    events: events.length,
    units: places.size,
    spanMs: whole.at(-1)!.atMs - whole[0]!.atMs,
    seekMs: [],
  };
  let again = new Map<string, string>();
  let snaps: Snap[] = [];
  const past = await openDesk(feedUrl, {
    token,
    deskId: 'past',
    replayAtMs: shown[0]!.atMs,
    onFrame(frame) {
      if (frame.frame === 'welcome') {
        again = new Map();
        snaps = [];
      }
      if (frame.frame === 'snap') snaps.push(frame);
      takePlaces(again, frame);
    },
  });
  for (const { atMs, facts, places: then } of shown
    .map((one) => [options.random(), one] as const)
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one)) {
    const beganMs = performance.now();
    snaps = [];
    past.send({ frame: 'seek', atMs, rate: 0 });
    await past.until(() => snaps.at(-1)?.last === true && again.size >= places.size, `the picture of ${atMs}`);
    result.seekMs.push(performance.now() - beganMs);
    result.instants += 1;
    const replayed = createToldState();
    replayed.begin(snaps);
    if (replayed.digest() !== facts) result.differentFacts.push(new Date(atMs).toISOString());
    if (digestOf(again) !== then) result.differentPlaces.push(new Date(atMs).toISOString());
  }
  past.close();
  return result;
}
