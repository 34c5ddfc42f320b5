import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Unit } from '../../../../protocol/messages/index.ts';
import type { CallSessionState } from '../../../../renderer/media/calls/call.ts';
import { createSimulatedCalls, defaultSimulation } from '../../../../renderer/media/calls/simulatedCalls.ts';
import { createContext, createUnit } from './mediaFixtures.ts';

/** Only what the calls use; the real thing is tried in Chromium. */
class FakeTrack {
  readyState = 'live';
  enabled = true;
  readonly kind = 'audio';
  stop() {
    this.readyState = 'ended';
  }
}
class FakeStream {
  tracks: FakeTrack[] = [];
  getTracks = () => [...this.tracks];
  getAudioTracks = () => [...this.tracks];
  addTrack = (t: FakeTrack) => void this.tracks.push(t);
  removeTrack = (t: FakeTrack) => void this.tracks.splice(this.tracks.indexOf(t), 1);
}
const live = { peers: 0, audio: 0, tracks: [] as FakeTrack[] };
const newStream = () => {
  const stream = new FakeStream();
  const track = new FakeTrack();
  live.tracks.push(track);
  stream.addTrack(track);
  return stream;
};
const param = () => ({ value: 0, setTargetAtTime: () => undefined });
const node = () => ({
  frequency: param(),
  Q: param(),
  gain: param(),
  connect: (n: unknown) => n,
  disconnect: () => undefined,
  start() {},
  stop() {},
});
class FakeAudio {
  currentTime = 0;
  constructor() {
    live.audio++;
  }
  resume = () => Promise.resolve();
  close() {
    live.audio--;
    return Promise.resolve();
  }
  createOscillator = node;
  createBiquadFilter = node;
  createGain = node;
  createMediaStreamDestination = () => ({ stream: newStream() });
}
class FakePeer {
  connectionState = 'new';
  ontrack: ((e: { track: FakeTrack }) => void) | null = null;
  onicecandidate: unknown = null;
  onconnectionstatechange: (() => void) | null = null;
  localDescription = {};
  transceivers: unknown[] = [];
  constructor() {
    live.peers++;
    peers.push(this);
  }
  addTrack() {}
  addTransceiver() {}
  getTransceivers = () => [{ receiver: { track: { kind: 'audio' } }, sender: { replaceTrack: () => Promise.resolve() }, direction: '' }];
  setLocalDescription = () => Promise.resolve();
  setRemoteDescription = () => negotiated;
  close() {
    live.peers--;
  }
  become(state: string) {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}
let peers: FakePeer[] = [];
let negotiated = Promise.resolve();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('AudioContext', FakeAudio);
  vi.stubGlobal('MediaStream', FakeStream);
  Object.assign(live, { peers: 0, audio: 0, tracks: [] });
  peers = [];
  negotiated = Promise.resolve();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function setup(microphone: () => Promise<MediaStream | null> = () => Promise.resolve(newStream() as unknown as MediaStream)) {
  let unit: Unit | null = createUnit();
  const protocol = createSimulatedCalls({
    ...defaultSimulation,
    createPeer: () => new FakePeer() as unknown as RTCPeerConnection,
    microphone,
    talkMs: () => 60_000,
  });
  const agent = protocol.connect({ context: createContext(), unitOf: () => unit });
  const abort = new AbortController();
  const start = async () => {
    const session = await agent.call('sim:ce07', { media: 'audio', signal: abort.signal });
    const heard: CallSessionState[] = [];
    session.onState((s) => heard.push(s));
    return { session, heard, kinds: () => heard.map((s) => s.kind) };
  };
  return { agent, start, abort, setUnit: (next: Unit | null) => (unit = next) };
}
const settle = () => vi.advanceTimersByTimeAsync(3100);
const nothingLeft = () => {
  expect([live.peers, live.audio, vi.getTimerCount()]).toEqual([0, 0, 0]);
  expect(live.tracks.filter((t) => t.readyState === 'live')).toEqual([]);
};

describe('a call to a simulated officer', () => {
  it('is answered after 1.5 to 3 s of ringing, the same each time it is the same call', () => {
    const times = Array.from({ length: 50 }, (_, i) => defaultSimulation.ringMs('ce07', i));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(1500);
    expect(Math.max(...times)).toBeLessThan(3000);
    expect(new Set(times).size).toBeGreaterThan(40);
    expect(defaultSimulation.ringMs('ce07', 3)).toBe(times[3]);
  });

  it('connects, mutes, and is hung up here without leaving anything', async () => {
    const { start } = setup();
    const { session, kinds } = await start();
    await settle();
    peers[0]!.become('connected');
    expect(kinds()).toEqual(['connected']);
    session.mute(true);
    expect(session.localStream.getAudioTracks()[0]!.enabled).toBe(false);
    session.hangUp();
    session.hangUp();
    expect(session.state).toEqual({ kind: 'ended', by: 'local' });
    expect(kinds()).toEqual(['connected', 'ended']);
    nothingLeft();
  });

  it('ends when the officer hangs up', async () => {
    const { start } = setup();
    const { session } = await start();
    await settle();
    peers[0]!.become('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(session.state).toEqual({ kind: 'ended', by: 'remote' });
    nothingLeft();
  });

  it('works without a microphone and says so', async () => {
    const { start } = setup(() => Promise.resolve(null));
    const { session } = await start();
    expect(session.microphone).toBe(false);
    expect(session.localStream.getTracks()).toHaveLength(1);
    session.hangUp();
    nothingLeft();
  });

  it('fails when no media path is found, and says what to do', async () => {
    const { start } = setup();
    const { session } = await start();
    await settle();
    await vi.advanceTimersByTimeAsync(8000);
    expect(session.state).toMatchObject({ kind: 'failed', fault: { code: 'iceFailed' } });
    expect((session.state as { fault: Error }).fault.message).toContain('--allow-loopback-in-peer-connection');
    nothingLeft();
  });

  it('is refused for a unit that is offline or unknown, and fails for one that goes offline while it rings', async () => {
    const { start, setUnit } = setup();
    setUnit(null);
    await expect(start()).rejects.toMatchObject({ code: 'unreachable', message: 'unknown unit ce07' });
    setUnit(createUnit({ status: 'offline' }));
    await expect(start()).rejects.toMatchObject({ code: 'unreachable', message: 'ce07 is offline' });
    setUnit(createUnit());
    const { session } = await start();
    setUnit(createUnit({ status: 'offline' }));
    await settle();
    expect(session.state).toMatchObject({ kind: 'failed', fault: { code: 'unreachable' } });
    nothingLeft();
  });

  it('stops at once when the signal is aborted, while asking for the microphone or later', async () => {
    const asked = Promise.withResolvers<MediaStream | null>();
    const early = setup(() => asked.promise);
    const starting = early.start();
    early.abort.abort();
    asked.resolve(newStream() as unknown as MediaStream);
    await expect(starting).rejects.toMatchObject({ code: 'aborted' });
    nothingLeft();
    const late = setup();
    const { session } = await late.start();
    late.abort.abort();
    expect(session.state).toEqual({ kind: 'ended', by: 'local' });
    nothingLeft();
  });

  it('leaves nothing when it is hung up in the middle of the negotiation', async () => {
    const held = Promise.withResolvers<void>();
    negotiated = held.promise;
    const { start } = setup();
    const { session } = await start();
    await settle();
    session.hangUp();
    held.resolve();
    await vi.advanceTimersByTimeAsync(1);
    nothingLeft();
  });

  it('leaves nothing after 200 calls, ended at any moment', async () => {
    const { start } = setup();
    for (let i = 0; i < 200; i++) {
      const { session } = await start();
      await vi.advanceTimersByTimeAsync((i * 37) % 4000);
      if (i % 3 === 0) peers.at(-2)?.become('connected');
      session.hangUp();
    }
    await vi.advanceTimersByTimeAsync(1);
    nothingLeft();
  });
});
