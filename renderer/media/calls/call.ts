import type { Unit } from '../../../protocol/messages/index.ts';
import type { MediaContext } from '../mediaContext.ts';
import type { MediaFault } from '../mediaFault.ts';

export type CallMedia = 'audio' | 'video';

export type CallSessionState =
  { kind: 'ringing' } | { kind: 'connected' } | { kind: 'ended'; by: 'local' | 'remote' } | { kind: 'failed'; fault: MediaFault };

/** Levels are 0 to 1. Null where the browser has not measured yet. */
export interface CallStats {
  localLevel: number | null;
  remoteLevel: number | null;
  roundTripMs: number | null;
}

/** One call, from the moment the far end is rung. `ended` and `failed` are final; everything the call made is then already released. */
export interface CallSession {
  readonly state: CallSessionState;
  /** Returns a function that stops it. The listener hears changes only, never the present state. */
  onState(listener: (state: CallSessionState) => void): () => void;
  readonly localStream: MediaStream;
  /** Tracks are added as they arrive. */
  readonly remoteStream: MediaStream;
  /** False when the microphone is absent or was refused: a silent track is sent and the call works. */
  readonly microphone: boolean;
  mute(muted: boolean): void;
  stats(): Promise<CallStats>;
  /** Safe at any time, any number of times. */
  hangUp(): void;
}

/** Logged in, or whatever the protocol needs, at one account. */
export interface CallAgent {
  /**
   * Resolves when the far end rings; rejects with a MediaFault (`unreachable` when it is offline or unknown).
   * Aborting `signal` is the same as hanging up.
   */
  call(address: string, options: { media: CallMedia; signal: AbortSignal }): Promise<CallSession>;
  dispose(): void;
}

/** What an agent may ask of the application. Field protocols will add their credentials here. */
export interface CallAccount {
  context: MediaContext;
  unitOf(unitId: string): Unit | null;
}

/** `protocol` is the scheme of the addresses it can reach, e.g. `sim` for `sim:ce07`. */
export interface CallProtocol {
  readonly protocol: string;
  connect(account: CallAccount): CallAgent;
}
