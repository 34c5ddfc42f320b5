import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerChannel, OpenBrokerChannel } from './brokerChannels.ts';

/** A producer that numbers its facts, sends them in order, and keeps a log of those that the broker acknowledged. */
export interface BrokerSender {
  /** By key: what was acknowledged, in the order in which it was sent. */
  log(): ReadonlyMap<string, readonly string[]>;
  readonly sent: number;
  /** Sent again, because their connection fell before the broker's answer or less than five seconds after it. */
  readonly repeats: number;
  /** Sends what is due and waits until the broker has acknowledged it all. */
  stop(): Promise<void>;
}

const UNITS = 97;
const DETECTIONS = 20;
const REPORT_EVERY = 500;
const DETECTION_EVERY = 5;
const MOST_IN_FLIGHT = 500;
/** What a killed broker may have forgotten although it had acknowledged it; twice what Mosquitto needs here to write it down. */
const REPEATED_MS = 5000;
const STOP_WITHIN_MS = 60_000;
const where = { lonDeg: 120.4868, latDeg: 30.7448 };

interface Numbered {
  key: string;
  row: object;
}
/** The n-th fact: most are of units, some change a detection, one a second is a new incident. */
function factOf(n: number): Numbered {
  const text = String(n);
  const both = { zh: text, en: text };
  if (n % REPORT_EVERY === 0) {
    // Of a type whose reports are never taken for one matter.
    const row = { fact: 'report', externalId: `r-${n}`, channelId: 'public', typeId: 'price_dispute', place: both, note: both, ...where };
    return { key: 'reports', row };
  }
  if (n % DETECTION_EVERY === 1) {
    const key = `d-${Math.floor(n / DETECTION_EVERY) % DETECTIONS}`;
    const row = {
      fact: 'detection',
      id: key,
      channelId: 'ai_street',
      typeId: 'road_damage',
      place: both,
      detectedAtMs: Date.now(),
      ...where,
    };
    return { key, row };
  }
  const key = `s-${n % UNITS}`;
  return { key, row: { fact: 'unit', id: key, kind: 'vehicle', name: { zh: key, en: key }, agencyId: 'ce', plate: text } };
}

/** Every message is a fact of its own; its number is its name. */
export function startBrokerSender(open: OpenBrokerChannel, eventsPerS: number): BrokerSender {
  const sentAtMs: number[] = [];
  const acknowledged: boolean[] = [];
  let [next, repeats, stopping] = [0, 0, false];
  /** Everything below is acknowledged. */
  let below = 0;
  let inFlight = 0;
  let channel: BrokerChannel | null = null;
  const startedMs = performance.now();

  /** From here on the broker may not have it. */
  const unsafeFrom = (lostAtMs: number): number => {
    let from = below;
    while (from > 0 && sentAtMs[from - 1]! > lostAtMs - REPEATED_MS) from -= 1;
    return from;
  };
  const lose = (one: BrokerChannel): void => {
    if (channel !== one) return;
    channel = null;
    inFlight = 0;
    next = unsafeFrom(performance.now());
    one.close();
  };
  const publish = (one: BrokerChannel, n: number): void => {
    if (sentAtMs[n] !== undefined) repeats += 1;
    sentAtMs[n] = performance.now();
    inFlight += 1;
    const { key, row } = factOf(n);
    one.publish(key, String(n), JSON.stringify(row)).then(
      () => {
        if (channel !== one) return;
        inFlight -= 1;
        acknowledged[n] = true;
        while (acknowledged[below]) below += 1;
      },
      () => lose(one),
    );
  };
  const run = async (): Promise<void> => {
    let due = 0;
    let mayEndMs = Infinity;
    while (!stopping || next < due || inFlight > 0) {
      if (!stopping) due = Math.floor(((performance.now() - startedMs) / 1000) * eventsPerS);
      else mayEndMs = Math.min(mayEndMs, performance.now() + STOP_WITHIN_MS);
      if (performance.now() > mayEndMs) throw new Error(`the broker acknowledged ${below} of ${due} messages`);
      if (channel === null) {
        try {
          const opened = await open();
          channel = opened;
          void opened.over.then(() => lose(opened));
        } catch {
          await sleep(50); // killed or frozen: it comes back
        }
        continue;
      }
      for (; next < due && inFlight < MOST_IN_FLIGHT && channel !== null; next += 1) publish(channel, next);
      await sleep(10);
    }
    channel?.close();
  };
  const running = run();
  running.catch(() => undefined);
  return {
    log() {
      const log = new Map<string, string[]>();
      for (let n = 0; n < below; n += 1) {
        const { key } = factOf(n);
        const list = log.get(key);
        if (list) list.push(String(n));
        else log.set(key, [String(n)]);
      }
      return log;
    },
    get sent() {
      return below;
    },
    get repeats() {
      return repeats;
    },
    async stop() {
      stopping = true;
      await running;
    },
  };
}
