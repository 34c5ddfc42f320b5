import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCameraRoom, type StudioPort } from '../../../../renderer/media/players/synthetic/createCameraRoom.ts';
import type { StudioMessage, StudioReport } from '../../../../renderer/media/players/synthetic/studioMessage.ts';
import { createCamera, createContext, createUnit } from './mediaFixtures.ts';

class FakeStream {}
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('MediaStream', FakeStream);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function createFakePort() {
  const posted: StudioMessage[] = [];
  const tracks: { live: boolean }[] = [];
  let tell: (report: StudioReport) => void = () => undefined;
  let breakDown: (message: string) => void = () => undefined;
  const port: StudioPort = {
    createTrack() {
      const state = { live: true };
      tracks.push(state);
      return { track: { stop: () => (state.live = false) } as unknown as MediaStreamTrack, writable: null };
    },
    post: (message) => posted.push(message),
    onReport: (listener) => (tell = listener),
    onBroken: (listener) => (breakDown = listener),
  };
  return { port, posted, tracks, tell: (report: StudioReport) => tell(report), breakDown: (message: string) => breakDown(message) };
}
const paint = () => () => [{ pixels: new ArrayBuffer(4), width: 1, left: 0, top: 0 }];
const subject = { camera: createCamera(), unit: createUnit(), size: 'tile' as const };

describe('the room of simulated cameras', () => {
  it('leaves no camera, track or timer behind after 500 openings', async () => {
    const fake = createFakePort();
    const room = createCameraRoom(() => fake.port, paint);
    const context = createContext();
    for (let i = 0; i < 500; i++) {
      const abort = new AbortController();
      const opened = room.open(subject, context, abort.signal);
      expect(room.size).toBe(1);
      if (i % 50 === 0) vi.advanceTimersByTime(600);
      abort.abort();
      expect(await opened.ended).toBeNull();
    }
    expect(room.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(fake.tracks).toHaveLength(500);
    expect(fake.tracks.every((t) => !t.live)).toBe(true);
    const kinds = fake.posted.map((m) => m.kind);
    expect(kinds.filter((k) => k === 'open')).toHaveLength(500);
    expect(kinds.filter((k) => k === 'close')).toHaveLength(500);
  });

  it('opens nothing for a signal that is aborted already', async () => {
    const fake = createFakePort();
    const room = createCameraRoom(() => fake.port, paint);
    const opened = room.open(subject, createContext(), AbortSignal.abort());
    expect(await opened.ended).toBeNull();
    expect(room.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sends a sight when a fix arrives, the text each second, and nothing while out of view', () => {
    let nowMs = 1_778_671_200_000;
    const fake = createFakePort();
    const context = createContext(() => nowMs);
    const room = createCameraRoom(() => fake.port, paint);
    const abort = new AbortController();
    const opened = room.open(subject, context, abort.signal);
    const count = (kind: StudioMessage['kind']) => fake.posted.filter((m) => m.kind === kind).length;
    expect([count('sight'), count('overlay')]).toEqual([1, 1]);
    const pass = (ms: number) => {
      for (let t = 0; t < ms; t += 250) {
        nowMs += 250;
        vi.advanceTimersByTime(250);
      }
    };
    pass(3000);
    expect([count('sight'), count('overlay')]).toEqual([1, 4]);
    context.pose.observedAtMs += 1000;
    pass(250);
    expect(count('sight')).toBe(2);
    opened.setVisible(false);
    pass(5000);
    expect([count('sight'), count('overlay')]).toEqual([2, 4]);
    opened.setVisible(true);
    expect(count('overlay')).toBe(5);
    abort.abort();
  });

  it('tells when the studio stopped by itself', async () => {
    const fake = createFakePort();
    const room = createCameraRoom(() => fake.port, paint);
    const opened = room.open(subject, createContext(), new AbortController().signal);
    const open = fake.posted.find((m) => m.kind === 'open')!;
    fake.tell({ kind: 'ended', id: open.id, message: 'no more frames' });
    expect(await opened.ended).toMatchObject({ code: 'streamEnded', message: 'no more frames' });
    expect(room.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends every picture when the studio is gone, and opens another for the next', async () => {
    const fakes = [createFakePort(), createFakePort()];
    let opened = 0;
    const room = createCameraRoom(() => fakes[opened++]!.port, paint);
    const watched = [1, 2].map(() => room.open(subject, createContext(), new AbortController().signal));
    fakes[0]!.breakDown('the script did not come');
    for (const { ended } of watched) expect(await ended).toMatchObject({ code: 'streamEnded', message: 'the script did not come' });
    expect([room.size, vi.getTimerCount()]).toEqual([0, 0]);
    room.open(subject, createContext(), new AbortController().signal);
    expect(fakes[1]!.posted.some((message) => message.kind === 'open')).toBe(true);
  });
});
