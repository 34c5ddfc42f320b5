import { describe, expect, it } from 'vitest';
import { createAgenda } from '../../../../../gateway/sources/scene/agenda.ts';
import { createTickingClock } from './tickingClock.ts';

describe('agenda', () => {
  it('runs tasks in order of their time, those of one time in the order they were put down', () => {
    const clock = createTickingClock(0);
    const agenda = createAgenda(clock);
    const ran: string[] = [];
    agenda.at(300, () => ran.push('c'));
    agenda.at(100, () => ran.push('a'));
    agenda.at(300, () => ran.push('d'));
    agenda.at(200, () => ran.push('b'));
    clock.advance(1000);
    expect(ran).toEqual(['a', 'b', 'c', 'd']);
  });

  it('shows a late task the time for which it was put down, and what that task puts down follows from there', () => {
    const clock = createTickingClock(0, 60_000);
    const agenda = createAgenda(clock);
    const seen: number[] = [];
    const again = (): void => {
      seen.push(agenda.nowMs());
      if (seen.length < 4) agenda.at(agenda.nowMs() + 7000, again);
    };
    agenda.at(5000, again);
    clock.advance(60_000);
    expect(seen).toEqual([5000, 12_000, 19_000, 26_000]);
    expect(agenda.nowMs()).toBe(60_000);
  });

  it('strikes tasks off, also from within another one', () => {
    const clock = createTickingClock(0);
    const agenda = createAgenda(clock);
    const ran: string[] = [];
    const strike = agenda.at(200, () => ran.push('never'));
    agenda.at(100, strike);
    clock.advance(500);
    expect(ran).toEqual([]);
    expect(agenda.size).toBe(0);
  });

  it('goes on after a task that throws', () => {
    const clock = createTickingClock(0);
    const agenda = createAgenda(clock);
    const ran: string[] = [];
    agenda.at(100, () => {
      throw new Error('broken');
    });
    agenda.at(200, () => ran.push('next'));
    expect(() => clock.advance(150)).toThrow('broken');
    clock.advance(500);
    expect(ran).toEqual(['next']);
  });

  it('keeps one timer at most, and none after it is disposed', () => {
    const clock = createTickingClock(0);
    const agenda = createAgenda(clock);
    for (let i = 0; i < 50; i += 1) agenda.at(1000 - i, () => {});
    expect(clock.waiting).toBe(1);
    agenda.dispose();
    expect(clock.waiting).toBe(0);
    agenda.at(10, () => {
      throw new Error('it was disposed');
    });
    clock.advance(5000);
    expect(agenda.size).toBe(0);
  });
});
