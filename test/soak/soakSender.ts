import { setTimeout as sleep } from 'node:timers/promises';

/** A sender of the field that posts to the gateway's `http` source, sends again until it is told that everything is kept, and writes its own log. */
export interface SoakSender {
  /** What was acknowledged of each unit, and of new incidents under `reports`, in order. */
  readonly log: ReadonlyMap<string, readonly string[]>;
  readonly sent: number;
  /** Posts that had no answer, or another than 200, and were sent again. */
  readonly repeats: number;
  /** @throws Error when the gateway refused what it should take. */
  check(): void;
  /** Stops after the post that is under way. */
  stop(): Promise<void>;
}

const UNITS = 100;
const BATCH = 25;
/** One of so many batches reports a new incident as well: those that a desk works on. */
const REPORT_EVERY = 20;
const ANSWER_WITHIN_MS = 15_000;

const unitRow = (id: string, plate: string) => ({
  fact: 'unit',
  id,
  kind: 'vehicle',
  name: { zh: id, en: id },
  agencyId: 'ce',
  plate,
});
/** Far enough from one another that no two are taken for one. */
const reportRow = (number: string) => ({
  fact: 'report',
  externalId: `r-${number}`,
  channelId: 'public',
  typeId: 'road_damage',
  place: { zh: number, en: number },
  note: { zh: number, en: number },
  lonDeg: 120.44 + (Number(number) % 97) * 0.001,
  latDeg: 30.7 + (Math.floor(Number(number) / 97) % 71) * 0.001,
});

/** @param url Asked at each post: the gateway may have moved. */
export function startSoakSender(options: { url(): string; token: string; eventsPerS: number }): SoakSender {
  const log = new Map<string, string[]>();
  let [sent, repeats, stopping, batch] = [0, 0, false, 0];
  const write = (key: string, value: string): void => {
    const list = log.get(key);
    if (list) list.push(value);
    else log.set(key, [value]);
  };

  const post = async (key: string, body: string): Promise<boolean> => {
    try {
      const response = await fetch(options.url(), {
        method: 'POST',
        headers: { Authorization: `Bearer ${options.token}`, 'Content-Type': 'application/json', 'Idempotency-Key': key },
        body,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      const text = await response.text();
      if (response.status === 200) return true;
      if (response.status < 500 && response.status !== 429) throw new TypeError(`the gateway refuses what it should take: ${text}`);
      return false;
    } catch (error) {
      if (error instanceof TypeError && error.message.startsWith('the gateway refuses')) throw error;
      return false; // killed, frozen or on its way up
    }
  };
  const run = async (): Promise<void> => {
    const startedMs = performance.now();
    while (!stopping) {
      const rows = Array.from({ length: BATCH }, (_, i) => unitRow(`s-${(batch * BATCH + i) % UNITS}`, String(batch)));
      const report = batch % REPORT_EVERY === 0 ? String(batch) : null;
      const body = JSON.stringify(report === null ? rows : [...rows, reportRow(report)]);
      while (!(await post(`batch-${batch}`, body))) {
        repeats += 1;
        await sleep(100);
      }
      for (const { id, plate } of rows) write(id, plate);
      if (report !== null) write('reports', report);
      sent += BATCH + (report === null ? 0 : 1);
      batch += 1;
      const aheadMs = (sent / options.eventsPerS) * 1000 - (performance.now() - startedMs);
      if (aheadMs > 0) await sleep(aheadMs);
    }
  };
  let failure: Error | null = null;
  const running = run();
  running.catch((error: Error) => (failure = error));
  return {
    log,
    get sent() {
      return sent;
    },
    /** Throws when the gateway refuses what it should take. */
    check(): void {
      if (failure) throw failure;
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
