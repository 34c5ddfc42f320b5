import { MAX_FIXES } from '../../protocol/frames/position.ts';
import { MAX_STRING } from '../../protocol/primitives.ts';

/** Limits of rule P-08, as `welcome.limits` repeats them. */
export const LIMITS = {
  maxDownBytes: 1 << 20,
  maxUpBytes: 64 << 10,
  maxFixes: MAX_FIXES,
  maxDepth: 16,
  maxStringLength: MAX_STRING,
} as const;

export interface FeedSettings {
  /** What `welcome` promises; 2.5 of these in silence and a wall gives up the connection. */
  heartbeatMs: number;
  /** A wall shows how old its newest server time is: after this long without positions it gets a heartbeat early. */
  freshMs: number;
  helloDeadlineMs: number;
  /** How often positions are looked at; what did not move is not sent, so a source of 1 Hz makes 1 Hz. */
  positionPeriodMs: number;
  /** A client that gives no sign of life for this long, no frame and no WebSocket pong, is cut (rule P-06). */
  silenceMs: number;
  /** A client that takes nothing for this long (no `ack`, a full socket) is cut. */
  stallMs: number;
  /** Above this many unsent bytes a socket gets no position tick and no further event. */
  highWaterBytes: number;
  /** A client that is further behind gets a snapshot: at 500 events a second this is three minutes, on an ordinary day a month. */
  maxResumeEvents: number;
  maxClients: number;
  /** Sustained rates a second of one client; each allows a burst of twice as many. */
  framesPerS: number;
  commandsPerS: number;
  queriesPerS: number;
  looksPerS: number;
  /** What `bye` asks for when the gateway stops. */
  retryDelayMs: number;
}
export const defaultFeedSettings: FeedSettings = {
  heartbeatMs: 2000,
  freshMs: 500,
  helloDeadlineMs: 5000,
  positionPeriodMs: 250,
  silenceMs: 9000,
  stallMs: 30_000,
  highWaterBytes: 1 << 20,
  maxResumeEvents: 100_000,
  maxClients: 64,
  framesPerS: 1000,
  commandsPerS: 20,
  queriesPerS: 20,
  looksPerS: 10,
  retryDelayMs: 1000,
};
