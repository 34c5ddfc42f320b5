import { describe, expect, it } from 'vitest';
import { createRecoveryPolicy } from '../../../electron/app/recovery.ts';

describe('createRecoveryPolicy', () => {
  it('loads again, each time later', () => {
    const policy = createRecoveryPolicy(() => 0);
    expect([1, 2, 3].map(() => policy.onGone('crashed'))).toEqual([250, 500, 1000].map((delayMs) => ({ kind: 'reload', delayMs })));
  });
  it('starts the program anew after too many deaths', () => {
    const policy = createRecoveryPolicy(() => 0, 2);
    expect(['oom', 'crashed', 'killed'].map((reason) => policy.onGone(reason).kind)).toEqual(['reload', 'reload', 'relaunch']);
  });
  it('forgets deaths that lie long back', () => {
    let now = 0;
    const policy = createRecoveryPolicy(() => now, 2, 1000);
    policy.onGone('crashed');
    policy.onGone('crashed');
    now = 1001;
    expect(policy.onGone('crashed')).toEqual({ kind: 'reload', delayMs: 250 });
  });
  it('never waits longer than half a minute', () => {
    const policy = createRecoveryPolicy(() => 0, 100);
    const delays = Array.from({ length: 20 }, () => policy.onGone('crashed')).map((action) =>
      action.kind === 'reload' ? action.delayMs : -1,
    );
    expect(Math.max(...delays)).toBe(30_000);
  });
  it('leaves a page alone that went on purpose', () =>
    expect(createRecoveryPolicy(() => 0).onGone('clean-exit')).toEqual({ kind: 'none' }));
});
