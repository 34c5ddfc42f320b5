import type { Unit } from '../../../protocol/messages/index.ts';
import { hashText } from '../hash.ts';
import { MediaFault, toMediaFault } from '../mediaFault.ts';
import { createRadioVoice } from './createRadioVoice.ts';
import { openSyntheticStream } from '../players/syntheticPlayer.ts';
import type { CallAccount, CallMedia, CallProtocol, CallSession, CallSessionState, CallStats } from './call.ts';

/**
 * Calls to simulated officers, answered inside the page over a real pair of RTCPeerConnections, so that everything a field call needs
 * (negotiation, tracks, levels, muting, hanging up, failing) is exercised without a server.
 * On a machine without any network interface Chromium offers no candidate at all, unless it was started with
 * `--allow-loopback-in-peer-connection`; that is the fault `iceFailed`.
 */
export interface SimulatedCallOptions {
  createPeer(): RTCPeerConnection;
  /** Null when there is no microphone or the user refused. */
  microphone(signal: AbortSignal): Promise<MediaStream | null>;
  /** How long the officer lets it ring, in milliseconds. */
  ringMs(unitId: string, nth: number): number;
  /** When the officer hangs up by himself, in milliseconds after answering. */
  talkMs(unitId: string, nth: number): number;
}

const ICE_TIMEOUT_MS = 8000;
const MICROPHONE_TIMEOUT_MS = 1500;

/** A number in [0, 1) that is the same for the same call on every run. */
const fractionOf = (text: string) => hashText(text) / 2 ** 32;

/** No device, no permission and no answer are the same to the caller: no microphone, which the call desk shows. */
async function openMicrophone(signal: AbortSignal): Promise<MediaStream | null> {
  if (!navigator.mediaDevices?.getUserMedia) return null;
  const asked = navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
  const { promise, resolve } = Promise.withResolvers<MediaStream | null>();
  const give = () => resolve(null);
  const timer = setTimeout(give, MICROPHONE_TIMEOUT_MS);
  signal.addEventListener('abort', give, { once: true });
  asked.then(resolve, give);
  const stream = await promise;
  clearTimeout(timer);
  signal.removeEventListener('abort', give);
  // A permission prompt that nobody answers must not hold the call; a stream that comes after that is closed at once.
  if (!stream) asked.then((late) => late.getTracks().forEach((t) => t.stop())).catch(() => undefined);
  return stream;
}

export const defaultSimulation: SimulatedCallOptions = {
  createPeer: () => new RTCPeerConnection(),
  microphone: openMicrophone,
  ringMs: (unitId, nth) => 1500 + 1500 * fractionOf(`${unitId}/ring/${nth}`),
  talkMs: (unitId, nth) => 180_000 + 180_000 * fractionOf(`${unitId}/talk/${nth}`),
};

/** Why nobody can answer at this unit now, or null. */
function whyUnreachable(unitId: string, unit: Unit | null): string | null {
  if (!unit) return `unknown unit ${unitId}`;
  return unit.status === 'offline' ? `${unitId} is offline` : null;
}

async function startSession(
  account: CallAccount,
  unit: Unit,
  nth: number,
  media: CallMedia,
  outer: AbortSignal,
  options: SimulatedCallOptions,
): Promise<CallSession> {
  const abort = new AbortController();
  const { signal } = abort;
  const listeners = new Set<(state: CallSessionState) => void>();
  const remoteStream = new MediaStream();
  const audio = new AudioContext();
  // Calls begin with a click, which allows sound; where it is not allowed the officer is silent and the call works.
  audio.resume().catch(() => undefined);
  let caller: RTCPeerConnection | null = null;
  let officer: RTCPeerConnection | null = null;
  let iceTimer: ReturnType<typeof setTimeout> | undefined;
  let talkTimer: ReturnType<typeof setTimeout> | undefined;
  let state: CallSessionState = { kind: 'ringing' };

  const releaseLocal = (stream: MediaStream | null) => stream?.getTracks().forEach((t) => t.stop());
  const finish = (next: CallSessionState) => {
    if (state.kind === 'ended' || state.kind === 'failed') return;
    state = next;
    clearTimeout(iceTimer);
    clearTimeout(talkTimer);
    clearTimeout(ringTimer);
    outer.removeEventListener('abort', onOuterAbort);
    for (const peer of [caller, officer]) {
      if (!peer) continue;
      peer.ontrack = peer.onicecandidate = peer.onconnectionstatechange = null;
      peer.close();
    }
    releaseLocal(localStream);
    for (const track of remoteStream.getTracks()) {
      track.stop();
      remoteStream.removeTrack(track);
    }
    abort.abort();
    audio.close().catch(() => undefined); // already closed: nothing is left to release
    for (const listener of [...listeners]) listener(state);
    listeners.clear();
  };
  const fail = (thrown: unknown) => finish({ kind: 'failed', fault: toMediaFault(thrown) });
  const onOuterAbort = () => finish({ kind: 'ended', by: 'local' });
  let localStream = new MediaStream();

  const opened = await options.microphone(outer);
  if (outer.aborted) {
    releaseLocal(opened);
    await audio.close();
    throw new MediaFault('aborted', 'hung up before it rang');
  }
  outer.addEventListener('abort', onOuterAbort, { once: true });
  // Without a microphone a silent track is sent, so that the negotiation and the far end are the same as with one.
  localStream = opened ?? audio.createMediaStreamDestination().stream;

  const answer = async () => {
    const near = (caller = options.createPeer());
    const far = (officer = options.createPeer());
    const hand = (to: RTCPeerConnection) => (event: RTCPeerConnectionIceEvent) => {
      if (event.candidate && state.kind === 'ringing') to.addIceCandidate(event.candidate).catch(fail);
    };
    near.onicecandidate = hand(far);
    far.onicecandidate = hand(near);
    near.ontrack = ({ track }) => remoteStream.addTrack(track);
    near.onconnectionstatechange = () => {
      if (near.connectionState === 'failed') fail(new MediaFault('iceFailed', noPath));
      if (near.connectionState !== 'connected' || state.kind !== 'ringing') return;
      clearTimeout(iceTimer);
      talkTimer = setTimeout(() => finish({ kind: 'ended', by: 'remote' }), options.talkMs(unit.id, nth));
      state = { kind: 'connected' };
      for (const listener of [...listeners]) listener(state);
    };
    far.onconnectionstatechange = () => far.connectionState === 'failed' && fail(new MediaFault('iceFailed', noPath));
    for (const track of localStream.getTracks()) near.addTrack(track, localStream);
    if (media === 'video') near.addTransceiver('video', { direction: 'recvonly' });

    await near.setLocalDescription();
    await far.setRemoteDescription(near.localDescription!);
    // Hung up meanwhile: what is made now would hear of no end any more.
    if (signal.aborted) return;
    const voice = createRadioVoice(audio, unit.id, signal);
    const sent = [...voice.getTracks()];
    if (media === 'video')
      sent.push(...openSyntheticStream({ camera: null, unit, size: 'large' }, account.context, signal).stream.getTracks());
    for (const transceiver of far.getTransceivers()) {
      const track = sent.find((t) => t.kind === transceiver.receiver.track.kind);
      if (!track) continue;
      await transceiver.sender.replaceTrack(track);
      transceiver.direction = track.kind === 'audio' ? 'sendrecv' : 'sendonly';
    }
    await far.setLocalDescription();
    await near.setRemoteDescription(far.localDescription!);
    if (signal.aborted) return;
    iceTimer = setTimeout(() => fail(new MediaFault('iceFailed', noPath)), ICE_TIMEOUT_MS);
  };
  const noPath = 'no media path inside this machine; without a network interface start Chromium with --allow-loopback-in-peer-connection';
  const ringTimer = setTimeout(
    () => {
      const why = whyUnreachable(unit.id, account.unitOf(unit.id));
      if (why) return fail(new MediaFault('unreachable', why));
      // Hanging up in the middle of the negotiation closes the peers under it; that rejection is not news.
      answer().catch((thrown) => state.kind === 'ringing' && fail(thrown));
    },
    options.ringMs(unit.id, nth),
  );

  return {
    get state() {
      return state;
    },
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    localStream,
    remoteStream,
    microphone: opened !== null,
    mute(muted) {
      for (const track of localStream.getAudioTracks()) track.enabled = !muted;
    },
    stats: () => readStats(state.kind === 'connected' ? caller : null),
    hangUp: () => finish({ kind: 'ended', by: 'local' }),
  };
}

async function readStats(peer: RTCPeerConnection | null): Promise<CallStats> {
  const stats: CallStats = { localLevel: null, remoteLevel: null, roundTripMs: null };
  if (!peer) return stats;
  for (const entry of (await peer.getStats()).values() as Iterable<Record<string, unknown>>) {
    const level = typeof entry.audioLevel === 'number' ? entry.audioLevel : null;
    if (entry.type === 'media-source' && entry.kind === 'audio') stats.localLevel = level;
    if (entry.type === 'inbound-rtp' && entry.kind === 'audio') stats.remoteLevel = level;
    if (entry.type === 'candidate-pair' && entry.nominated === true && typeof entry.currentRoundTripTime === 'number')
      stats.roundTripMs = entry.currentRoundTripTime * 1000;
  }
  return stats;
}

/** @param options Tests shorten the ringing and replace the microphone. */
export function createSimulatedCalls(options: SimulatedCallOptions = defaultSimulation): CallProtocol {
  return {
    protocol: 'sim',
    connect(account) {
      const sessions = new Set<CallSession>();
      const callsTo = new Map<string, number>();
      return {
        async call(address, { media, signal }) {
          const unitId = address.slice(address.indexOf(':') + 1);
          const unit = account.unitOf(unitId);
          const why = whyUnreachable(unitId, unit);
          if (!unit || why) throw new MediaFault('unreachable', why ?? unitId);
          const nth = callsTo.get(unitId) ?? 0;
          callsTo.set(unitId, nth + 1);
          const session = await startSession(account, unit, nth, media, signal, options);
          sessions.add(session);
          session.onState((s) => (s.kind === 'ended' || s.kind === 'failed') && sessions.delete(session));
          return session;
        },
        dispose() {
          for (const session of [...sessions]) session.hangUp();
        },
      };
    },
  };
}

export const simulatedCalls = createSimulatedCalls();
