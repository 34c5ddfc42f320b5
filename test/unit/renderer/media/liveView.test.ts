import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLiveView } from '../../../../renderer/media/createLiveView.ts';
import { MediaFault } from '../../../../renderer/media/mediaFault.ts';
import type { Player, PlayerStats } from '../../../../renderer/media/players/player.ts';
import { createCamera, createContext, createUnit } from './mediaFixtures.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function createFakePlayer() {
  const attachments: { stats: PlayerStats; signal: AbortSignal; end: (fault: MediaFault) => void }[] = [];
  const player: Player = {
    protocol: 'synthetic',
    async attach(_video, _stream, _context, signal) {
      const stats: PlayerStats = { firstFrameMs: null, frames: 0, lastFrameAtMs: null, width: 0, height: 0 };
      const { promise, resolve } = Promise.withResolvers<MediaFault | null>();
      signal.addEventListener('abort', () => resolve(null), { once: true });
      attachments.push({ stats, signal, end: resolve });
      await Promise.resolve();
      return { stats, ended: promise };
    },
  };
  return { player, attachments };
}
function setup(hidden = () => false) {
  const fake = createFakePlayer();
  let steady = 0;
  const view = createLiveView(document.createElement('video'), {
    context: createContext(),
    players: [fake.player],
    steadyMs: () => steady,
    hidden,
  });
  const pass = async (ms: number, frames = false) => {
    for (let t = 0; t < ms; t += 100) {
      steady += 100;
      const now = fake.attachments.at(-1);
      if (frames && now) {
        now.stats.frames++;
        now.stats.lastFrameAtMs = steady;
      }
      await vi.advanceTimersByTimeAsync(100);
    }
  };
  return { ...fake, view, pass };
}
const unit = createUnit();

describe('a live picture', () => {
  it('connects, is live, freezes after three seconds without a frame, and thaws', async () => {
    const { view, pass } = setup();
    view.show(createCamera(), unit, 'tile');
    expect(view.state.value.kind).toBe('connecting');
    await pass(1000, true);
    expect(view.state.value.kind).toBe('live');
    await pass(2500);
    expect(view.state.value.kind).toBe('live');
    await pass(1200);
    expect(view.state.value.kind).toBe('frozen');
    await pass(700, true);
    expect(view.state.value.kind).toBe('live');
    view.dispose();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not call a picture frozen that nobody could see', async () => {
    let hidden = false;
    const { view, pass } = setup(() => hidden);
    view.show(createCamera(), unit, 'tile');
    await pass(1000, true);
    hidden = true;
    await pass(20_000);
    hidden = false;
    await pass(500);
    expect(view.state.value.kind).toBe('live');
    view.dispose();
  });

  it('says so without a camera, offline, or without a player', async () => {
    const { view, pass, attachments } = setup();
    view.show(null, unit, 'tile');
    expect(view.state.value.kind).toBe('noCamera');
    view.show(createCamera({ online: false }), unit, 'tile');
    expect(view.state.value.kind).toBe('offline');
    view.show(createCamera({ stream: { protocol: 'whep', url: 'http://x' } }), unit, 'tile');
    await pass(200);
    expect(view.state.value).toMatchObject({ kind: 'fault', fault: { code: 'noPlayer', message: 'no player for whep in this build' } });
    await pass(60_000);
    expect(attachments).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tries again with growing patience after a stream ended', async () => {
    const { view, pass, attachments } = setup();
    view.show(createCamera(), unit, 'tile');
    await pass(200);
    attachments[0]!.end(new MediaFault('streamEnded', 'gone'));
    await pass(100);
    expect(view.state.value.kind).toBe('fault');
    expect(attachments[0]!.signal.aborted).toBe(true);
    await pass(1000);
    expect(attachments).toHaveLength(2);
    attachments[1]!.end(new MediaFault('streamEnded', 'gone'));
    await pass(1500);
    expect(attachments).toHaveLength(2);
    await pass(700);
    expect(attachments).toHaveLength(3);
    await pass(1000, true);
    expect(view.state.value.kind).toBe('live');
    view.dispose();
  });

  it('keeps the stream when a fact about the unit changes, and takes another camera over', async () => {
    const { view, pass, attachments } = setup();
    view.show(createCamera(), unit, 'tile');
    await pass(100);
    view.show(createCamera({ rev: 2 }), { ...unit, status: 'dispatched' }, 'tile');
    await pass(100);
    expect(attachments).toHaveLength(1);
    view.show(createCamera({ id: 'body-08' }), unit, 'tile');
    await pass(100);
    expect(attachments.map((a) => a.signal.aborted)).toEqual([true, false]);
    view.dispose();
    expect(attachments[1]!.signal.aborted).toBe(true);
  });

  it('leaves nothing after 500 openings, however early they are closed', async () => {
    const { view, attachments } = setup();
    for (let i = 0; i < 500; i++) {
      view.show(createCamera(), unit, 'tile');
      if (i % 2) await vi.advanceTimersByTimeAsync(i % 7 === 0 ? 700 : 1);
      view.dispose();
    }
    await vi.advanceTimersByTimeAsync(10);
    expect(attachments).toHaveLength(500);
    expect(attachments.every((a) => a.signal.aborted)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
