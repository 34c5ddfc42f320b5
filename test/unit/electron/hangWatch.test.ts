import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHangWatch } from '../../../electron/app/hangWatch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('createHangWatch', () => {
  it('ends a page that stays silent, once', () => {
    const kill = vi.fn();
    createHangWatch(15_000, kill).hung();
    vi.advanceTimersByTime(14_999);
    expect(kill).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60_000);
    expect(kill).toHaveBeenCalledTimes(1);
  });
  it('leaves the page alone that answers again, and the one that follows a page which crashed by itself', () => {
    const kill = vi.fn();
    const watch = createHangWatch(15_000, kill);
    watch.hung();
    vi.advanceTimersByTime(10_000);
    watch.over();
    vi.advanceTimersByTime(60_000);
    expect(kill).not.toHaveBeenCalled();
  });
  it('keeps one timer however often it is told', () => {
    const kill = vi.fn();
    const watch = createHangWatch(15_000, kill);
    watch.hung();
    watch.hung();
    watch.over();
    vi.advanceTimersByTime(60_000);
    expect(kill).not.toHaveBeenCalled();
  });
});
