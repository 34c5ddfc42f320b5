import { describe, expect, it, vi } from 'vitest';
import type { CallProtocol, CallSession, CallSessionState } from '../../../../renderer/media/calls/call.ts';
import { createCallDesk } from '../../../../renderer/media/calls/createCallDesk.ts';
import { createUuid7 } from '../../../../renderer/media/calls/uuid7.ts';
import { MediaFault } from '../../../../renderer/media/mediaFault.ts';
import { createContext, createUnit } from './mediaFixtures.ts';

function createFakeCalls(refuse?: MediaFault) {
  const sessions: { session: CallSession; become(state: CallSessionState): void; hungUp: number; muted: boolean; signal: AbortSignal }[] =
    [];
  let hold: Promise<void> = Promise.resolve();
  const protocol: CallProtocol = {
    protocol: 'sim',
    connect: () => ({
      async call(_address, { signal }) {
        await hold;
        if (refuse) throw refuse;
        let state: CallSessionState = { kind: 'ringing' };
        const listeners = new Set<(s: CallSessionState) => void>();
        const mine = {
          hungUp: 0,
          muted: false,
          signal,
          become(next: CallSessionState) {
            if (state.kind === 'ended' || state.kind === 'failed') return;
            state = next;
            for (const l of [...listeners]) l(next);
          },
          session: {
            get state() {
              return state;
            },
            onState(l: (s: CallSessionState) => void) {
              listeners.add(l);
              return () => listeners.delete(l);
            },
            localStream: {} as MediaStream,
            remoteStream: {} as MediaStream,
            microphone: false,
            mute: (m: boolean) => void (mine.muted = m),
            stats: () => Promise.resolve({ localLevel: 0.1, remoteLevel: 0.2, roundTripMs: 1 }),
            hangUp() {
              mine.hungUp++;
              mine.become({ kind: 'ended', by: 'local' });
            },
          },
        };
        signal.addEventListener('abort', () => mine.become({ kind: 'ended', by: 'local' }));
        sessions.push(mine);
        return mine.session;
      },
      dispose: () => undefined,
    }),
  };
  return { protocol, sessions, holdUntil: (p: Promise<void>) => (hold = p) };
}
function setup(refuse?: MediaFault) {
  const calls = createFakeCalls(refuse);
  const reports: string[] = [];
  const ringBack = { start: vi.fn(), stop: vi.fn(), dispose: vi.fn() };
  let nowMs = 1000;
  let serial = 0;
  const desk = createCallDesk({
    context: createContext(() => (nowMs += 500)),
    unitOf: () => createUnit(),
    report: (r) => reports.push(`${r.callId} ${r.unitId} ${r.media} ${r.incidentId} ${r.state}`),
    protocols: [calls.protocol],
    ringBack,
    createCallId: () => `call-${++serial}`,
  });
  return { ...calls, desk, reports, ringBack };
}
const unit = createUnit();

describe('the call desk', () => {
  it('rings, connects, is muted, and is hung up here', async () => {
    const { desk, sessions, reports, ringBack } = setup();
    expect(desk.state.value.kind).toBe('idle');
    expect(await desk.start(unit, 'video', 'inc-1')).toBeNull();
    expect(desk.state.value).toMatchObject({
      kind: 'ringing',
      callId: 'call-1',
      unitId: 'ce07',
      media: 'video',
      incidentId: 'inc-1',
      connectedAtMs: null,
    });
    expect(ringBack.start).toHaveBeenCalledTimes(1);
    expect(await desk.stats()).toBeNull();
    sessions[0]!.become({ kind: 'connected' });
    expect(desk.state.value).toMatchObject({ kind: 'connected', microphone: false, fault: null });
    expect(desk.state.value.connectedAtMs).toBeGreaterThan(desk.state.value.startedAtMs!);
    expect(ringBack.stop).toHaveBeenCalled();
    expect(await desk.stats()).toEqual({ localLevel: 0.1, remoteLevel: 0.2, roundTripMs: 1 });
    desk.toggleMute();
    expect([desk.state.value.muted, sessions[0]!.muted]).toEqual([true, true]);
    desk.toggleMute();
    expect([desk.state.value.muted, sessions[0]!.muted]).toEqual([false, false]);
    desk.hangUp();
    expect(desk.state.value).toMatchObject({ kind: 'ended', endedBy: 'local', fault: null, remoteStream: null });
    expect(sessions[0]!.signal.aborted).toBe(true);
    desk.hangUp();
    expect(reports).toEqual(['ringing', 'connected', 'ended'].map((s) => `call-1 ce07 video inc-1 ${s}`));
    desk.clear();
    expect(desk.state.value.kind).toBe('idle');
  });

  it('hears the far end hang up', async () => {
    const { desk, sessions, reports } = setup();
    await desk.start(unit, 'audio');
    sessions[0]!.become({ kind: 'connected' });
    sessions[0]!.become({ kind: 'ended', by: 'remote' });
    expect(desk.state.value).toMatchObject({ kind: 'ended', endedBy: 'remote' });
    expect(reports.at(-1)).toBe('call-1 ce07 audio null ended');
  });

  it('reports a failure while ringing and while connected', async () => {
    const { desk, sessions, reports, ringBack } = setup();
    await desk.start(unit, 'audio');
    sessions[0]!.become({ kind: 'failed', fault: new MediaFault('iceFailed', 'no path') });
    expect(desk.state.value).toMatchObject({ kind: 'ended', endedBy: null, fault: { code: 'iceFailed' } });
    await desk.start(unit, 'audio');
    sessions[1]!.become({ kind: 'connected' });
    sessions[1]!.become({ kind: 'failed', fault: new MediaFault('failed', 'x') });
    expect(reports.map((r) => r.split(' ').at(-1))).toEqual(['ringing', 'failed', 'ringing', 'connected', 'failed']);
    expect(ringBack.stop.mock.calls.length).toBeGreaterThanOrEqual(2);
  });

  it('reports a unit that cannot be reached, has no address, or has one of an unknown kind', async () => {
    const refused = setup(new MediaFault('unreachable', 'ce07 is offline'));
    expect(await refused.desk.start(unit, 'audio')).toMatchObject({ code: 'unreachable' });
    expect(refused.desk.state.value).toMatchObject({ kind: 'ended', fault: { code: 'unreachable' } });
    const { desk, reports } = setup();
    expect(await desk.start(createUnit({ callAddress: null }), 'audio')).toMatchObject({ code: 'unreachable' });
    expect(await desk.start(createUnit({ callAddress: 'sip:1@x' }), 'audio')).toMatchObject({ code: 'noAgent' });
    expect(reports.map((r) => r.split(' ').at(-1))).toEqual(['ringing', 'failed', 'ringing', 'failed']);
  });

  it('refuses a second call while one lasts and keeps the first', async () => {
    const { desk, sessions, reports } = setup();
    await desk.start(unit, 'audio');
    expect(await desk.start(createUnit({ id: 'ce08' }), 'video')).toMatchObject({ code: 'busy' });
    expect(desk.state.value).toMatchObject({ kind: 'ringing', unitId: 'ce07', media: 'audio' });
    expect([sessions.length, reports.length]).toEqual([1, 1]);
  });

  it('hangs up before it rang: the late session is closed and changes nothing', async () => {
    const { desk, sessions, reports, holdUntil, ringBack } = setup();
    const gate = Promise.withResolvers<void>();
    void holdUntil(gate.promise);
    const started = desk.start(unit, 'audio');
    desk.hangUp();
    expect(desk.state.value).toMatchObject({ kind: 'ended', endedBy: 'local' });
    gate.resolve();
    expect(await started).toBeNull();
    expect(sessions[0]!.hungUp).toBe(1);
    expect(ringBack.start).not.toHaveBeenCalled();
    expect(reports).toHaveLength(2);
    void holdUntil(Promise.resolve());
    await desk.start(unit, 'audio');
    expect(desk.state.value).toMatchObject({ kind: 'ringing', callId: 'call-2' });
  });

  it('hangs up when it is disposed of', async () => {
    const { desk, sessions, ringBack } = setup();
    await desk.start(unit, 'audio');
    desk.dispose();
    expect(sessions[0]!.signal.aborted).toBe(true);
    expect(ringBack.dispose).toHaveBeenCalled();
  });
});

describe('call ids', () => {
  it('are UUIDs of version 7 that sort by time', () => {
    const a = createUuid7(1_778_671_200_000);
    expect(a).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(parseInt(a.replace('-', '').slice(0, 12), 16)).toBe(1_778_671_200_000);
    expect(createUuid7(1_778_671_200_001) > a).toBe(true);
    expect(createUuid7(1_778_671_200_000)).not.toBe(a);
  });
});
