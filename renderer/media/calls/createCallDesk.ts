import { shallowRef, type ShallowRef } from 'vue';
import type { CommandData } from '../../../protocol/commands/index.ts';
import type { Unit } from '../../../protocol/messages/index.ts';
import type { MediaContext } from '../mediaContext.ts';
import { countFault, mediaCounters } from '../mediaCounters.ts';
import { MediaFault, toMediaFault } from '../mediaFault.ts';
import type { CallAgent, CallMedia, CallProtocol, CallSession, CallSessionState, CallStats } from './call.ts';
import { createRingBack } from './createRingBack.ts';
import { findCallProtocol } from './index.ts';
import { createUuid7 } from './uuid7.ts';

/** The one call of this desk. A new object with each change; times are server time. */
export interface CallDeskState {
  kind: 'idle' | 'ringing' | 'connected' | 'ended';
  callId: string | null;
  unitId: string | null;
  incidentId: string | null;
  media: CallMedia;
  startedAtMs: number | null;
  connectedAtMs: number | null;
  endedAtMs: number | null;
  muted: boolean;
  /** False: the microphone is absent or refused, the far end hears silence. */
  microphone: boolean;
  /** Who ended it; null while it lasts and when it failed. */
  endedBy: 'local' | 'remote' | null;
  fault: MediaFault | null;
  remoteStream: MediaStream | null;
}

export interface CallDesk {
  readonly state: Readonly<ShallowRef<CallDeskState>>;
  /** Resolves when it rings or has failed; the failure is in `state`. A second call while one lasts is refused with fault `busy`. */
  start(unit: Unit, media: CallMedia, incidentId?: string | null): Promise<MediaFault | null>;
  hangUp(): void;
  toggleMute(): void;
  /** Null while nothing is connected. */
  stats(): Promise<CallStats | null>;
  /** Puts an ended call away: back to idle. */
  clear(): void;
  dispose(): void;
}

export interface CallDeskOptions {
  context: MediaContext;
  unitOf(unitId: string): Unit | null;
  /** Becomes the command `call.report`, so that every wall sees the call and the journal keeps it. Must not throw. */
  report(call: CommandData['call.report']): void;
  protocols?: readonly CallProtocol[];
  ringBack?: { start(): void; stop(): void; dispose(): void };
  createCallId?: (nowMs: number) => string;
}

const idle: CallDeskState = {
  kind: 'idle',
  callId: null,
  unitId: null,
  incidentId: null,
  media: 'audio',
  startedAtMs: null,
  connectedAtMs: null,
  endedAtMs: null,
  muted: false,
  microphone: true,
  endedBy: null,
  fault: null,
  remoteStream: null,
};

export function createCallDesk(options: CallDeskOptions): CallDesk {
  const { context } = options;
  const state = shallowRef<CallDeskState>(idle);
  const ringBack = options.ringBack ?? createRingBack();
  const createCallId = options.createCallId ?? createUuid7;
  const agents = new Map<string, CallAgent>();
  let current: { abort: AbortController; session: CallSession | null; stopListening: () => void } | null = null;

  const set = (change: Partial<CallDeskState>) => {
    state.value = { ...state.value, ...change };
  };
  const report = (callState: CommandData['call.report']['state']) => {
    const { callId, unitId, incidentId, media } = state.value;
    if (callId && unitId) options.report({ callId, unitId, incidentId, media, state: callState });
  };
  const agentFor = (address: string): CallAgent => {
    const protocol = findCallProtocol(address, options.protocols);
    let agent = agents.get(protocol.protocol);
    if (!agent) agents.set(protocol.protocol, (agent = protocol.connect({ context, unitOf: (id) => options.unitOf(id) })));
    return agent;
  };
  const active = () => state.value.kind === 'ringing' || state.value.kind === 'connected';

  /** The only way out of a call, whoever ends it. */
  const finish = (by: 'local' | 'remote' | null, fault: MediaFault | null) => {
    if (!active()) return;
    ringBack.stop();
    current?.stopListening();
    current?.abort.abort();
    current = null;
    mediaCounters.callsEnded++;
    if (fault) countFault(fault, state.value.unitId ?? '');
    set({ kind: 'ended', endedAtMs: context.nowMs(), endedBy: by, fault, remoteStream: null });
    report(fault ? 'failed' : 'ended');
  };
  const hear = (session: CallSession, next: CallSessionState) => {
    switch (next.kind) {
      case 'ringing':
        return;
      case 'connected':
        if (state.value.kind !== 'ringing') return;
        ringBack.stop();
        set({ kind: 'connected', connectedAtMs: context.nowMs(), remoteStream: session.remoteStream, microphone: session.microphone });
        return report('connected');
      case 'ended':
        return finish(next.by, null);
      case 'failed':
        return finish(null, next.fault);
    }
  };

  return {
    state,
    async start(unit, media, incidentId = null) {
      if (active()) return new MediaFault('busy', `a call with ${state.value.unitId ?? 'someone'} is running`);
      const mine = { abort: new AbortController(), session: null as CallSession | null, stopListening: () => {} };
      current = mine;
      const nowMs = context.nowMs();
      mediaCounters.callsStarted++;
      state.value = { ...idle, kind: 'ringing', callId: createCallId(nowMs), unitId: unit.id, incidentId, media, startedAtMs: nowMs };
      report('ringing');
      try {
        if (unit.callAddress === null) throw new MediaFault('unreachable', `${unit.id} has no call address`);
        const session = await agentFor(unit.callAddress).call(unit.callAddress, { media, signal: mine.abort.signal });
        if (current !== mine) {
          session.hangUp();
          return null;
        }
        mine.session = session;
        mine.stopListening = session.onState((next) => hear(session, next));
        ringBack.start();
        hear(session, session.state);
        return state.value.fault;
      } catch (thrown) {
        const fault = toMediaFault(thrown);
        if (current === mine) finish(null, fault);
        return fault.code === 'aborted' ? null : fault;
      }
    },
    hangUp() {
      const session = current?.session;
      finish('local', null);
      session?.hangUp();
    },
    toggleMute() {
      if (!active()) return;
      const muted = !state.value.muted;
      current?.session?.mute(muted);
      set({ muted });
    },
    async stats() {
      return state.value.kind === 'connected' && current?.session ? current.session.stats() : null;
    },
    clear() {
      if (state.value.kind === 'ended') state.value = idle;
    },
    dispose() {
      this.hangUp();
      ringBack.dispose();
      for (const agent of agents.values()) agent.dispose();
      agents.clear();
    },
  };
}
