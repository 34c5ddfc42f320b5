import { describe, expect, it } from 'vitest';
import { createFrameScheduler } from '../../../../renderer/media/players/synthetic/frameScheduler.ts';

/** A clock that is moved by hand; painting may take time on it. */
function createHandClock() {
  let nowMs = 0;
  let serial = 0;
  const tasks = new Map<number, { dueMs: number; task: () => void }>();
  return {
    tasks,
    spend: (ms: number) => (nowMs += ms),
    clock: {
      nowMs: () => nowMs,
      after(delayMs: number, task: () => void) {
        const id = ++serial;
        tasks.set(id, { dueMs: nowMs + delayMs, task });
        return () => void tasks.delete(id);
      },
    },
    runUntil(endMs: number) {
      for (;;) {
        const next = [...tasks].sort((a, b) => a[1].dueMs - b[1].dueMs)[0];
        if (!next || next[1].dueMs > endMs) break;
        tasks.delete(next[0]);
        nowMs = Math.max(nowMs, next[1].dueMs);
        next[1].task();
      }
      nowMs = Math.max(nowMs, endMs);
    },
  };
}

describe('the scheduler of simulated cameras', () => {
  it('gives each of six cameras its rate with one timer', () => {
    const hand = createHandClock();
    const scheduler = createFrameScheduler(hand.clock);
    const painted = new Map<string, number>();
    for (let i = 0; i < 6; i++) scheduler.add(`c${i}`, 100, () => painted.set(`c${i}`, (painted.get(`c${i}`) ?? 0) + 1));
    expect(hand.tasks.size).toBe(1);
    hand.runUntil(10_000);
    for (const count of painted.values()) expect(count).toBeGreaterThanOrEqual(99);
    for (const count of painted.values()) expect(count).toBeLessThanOrEqual(102);
    expect(hand.tasks.size).toBe(1);
  });

  it('starves nobody when painting takes longer than there is time', () => {
    const hand = createHandClock();
    const scheduler = createFrameScheduler(hand.clock);
    const painted = new Map<string, number>();
    for (let i = 0; i < 6; i++) {
      scheduler.add(`c${i}`, 100, () => {
        hand.spend(40);
        painted.set(`c${i}`, (painted.get(`c${i}`) ?? 0) + 1);
      });
    }
    hand.runUntil(12_000);
    const counts = [...painted.values()];
    expect(counts).toHaveLength(6);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(3);
  });

  it('makes no burst to catch up after a stall', () => {
    const hand = createHandClock();
    const scheduler = createFrameScheduler(hand.clock);
    let painted = 0;
    scheduler.add('a', 100, () => painted++);
    hand.runUntil(1000);
    hand.spend(60_000);
    painted = 0;
    hand.runUntil(62_000);
    expect(painted).toBeLessThanOrEqual(13);
  });

  it('paints nothing out of view or while paused, and holds no timer then', () => {
    const hand = createHandClock();
    const scheduler = createFrameScheduler(hand.clock);
    const painted: string[] = [];
    scheduler.add('a', 100, () => painted.push('a'));
    scheduler.add('b', 100, () => painted.push('b'));
    scheduler.setVisible('a', false);
    hand.runUntil(1000);
    expect(new Set(painted)).toEqual(new Set(['b']));
    scheduler.setPaused(true);
    expect(hand.tasks.size).toBe(0);
    painted.length = 0;
    hand.runUntil(2000);
    expect(painted).toEqual([]);
    scheduler.setPaused(false);
    scheduler.setVisible('a', true);
    hand.runUntil(3000);
    expect(new Set(painted)).toEqual(new Set(['a', 'b']));
    scheduler.remove('a');
    scheduler.remove('b');
    expect(hand.tasks.size).toBe(0);
  });

  it('goes on after a painter that throws', () => {
    const hand = createHandClock();
    const scheduler = createFrameScheduler(hand.clock);
    let painted = 0;
    scheduler.add('a', 100, () => {
      painted++;
      throw new Error('paint');
    });
    expect(() => hand.runUntil(10)).toThrow('paint');
    expect(() => hand.runUntil(200)).toThrow('paint');
    expect(painted).toBe(2);
  });
});
