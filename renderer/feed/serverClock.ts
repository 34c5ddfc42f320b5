/** Exchanges looked back on (rule P-07). */
const MOST_SAMPLES = 16;

interface Sample {
  /** Server time at the middle of the exchange, and this machine's time then. */
  serverMs: number;
  localMs: number;
  /** Real time that the exchange was under way, without the server's own share. */
  delayMs: number;
}

export interface ServerClock {
  /** Server time now; this machine's time until the first exchange. */
  nowMs(): number;
  /** Real time from `nowMs` of this machine until server time `serverMs` is `(serverMs - nowMs()) / rate`. */
  readonly rate: number;
  /** Server time minus this machine's time, and the bound of its error in server ms; null before the first exchange. */
  reading(): { skewMs: number; boundMs: number; rate: number } | null;
  /**
   * One exchange: sent and received in this machine's time, read by the server in between.
   * An exchange that received before it was sent, or that claims more server time than passed here, is ignored.
   */
  exchange(sentMs: number, receivedMs: number, serverReceivedMs: number, serverSentMs: number): void;
  /** Forgets everything: the server, or its clock, is another one. */
  reset(rate: number): void;
}

/** Server time from the exchange with the least delay; the server advances `rate` seconds in each real one. */
export function createServerClock(localNowMs: () => number): ServerClock {
  let samples: Sample[] = [];
  let best: Sample | null = null;
  let rate = 1;
  const at = (sample: Sample, localMs: number): number => sample.serverMs + (localMs - sample.localMs) * rate;
  return {
    get rate() {
      return rate;
    },
    nowMs() {
      const localMs = localNowMs();
      return best === null ? localMs : at(best, localMs);
    },
    reading() {
      if (best === null) return null;
      const localMs = localNowMs();
      return { skewMs: at(best, localMs) - localMs, boundMs: (best.delayMs / 2) * rate, rate };
    },
    exchange(sentMs, receivedMs, serverReceivedMs, serverSentMs) {
      const heldMs = rate > 0 ? (serverSentMs - serverReceivedMs) / rate : 0;
      const delayMs = receivedMs - sentMs - heldMs;
      // A millisecond of grace: both ends round their times.
      if (receivedMs < sentMs || heldMs < 0 || delayMs < -1) return;
      const sample = {
        serverMs: (serverReceivedMs + serverSentMs) / 2,
        localMs: (sentMs + receivedMs) / 2,
        delayMs: Math.max(0, delayMs),
      };
      samples = [...samples.slice(1 - MOST_SAMPLES), sample];
      best = samples.reduce((least, next) => (next.delayMs < least.delayMs ? next : least));
    },
    reset(nextRate) {
      samples = [];
      best = null;
      rate = nextRate;
    },
  };
}
