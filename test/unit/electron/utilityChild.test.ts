import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { utilityChild } from '../../../electron/app/utilityChild.ts';

function setUp() {
  const child = Object.assign(new EventEmitter(), { postMessage: vi.fn(), kill: vi.fn(() => true) });
  const faults: string[] = [];
  return { child, faults, adapted: utilityChild(child, 2000, (message) => faults.push(message)) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('utilityChild', () => {
  it('says that V8 gave up, and lives on: the exit that follows starts another', () => {
    const { child, faults, adapted } = setUp();
    const exits: (number | null)[] = [];
    adapted.onExit((code) => exits.push(code));
    child.emit('error', 'FatalError', 'v8::Heap', '{}');
    child.emit('exit', 5);
    expect([faults, exits]).toEqual([['the gateway: FatalError in v8::Heap'], [5]]);
  });
  it('asks the gateway to stop, and kills it only when it does not', () => {
    const { child, adapted } = setUp();
    adapted.kill();
    expect(child.postMessage).toHaveBeenCalledWith('stop');
    child.emit('exit', 0);
    vi.advanceTimersByTime(5000);
    expect(child.kill).not.toHaveBeenCalled();
    adapted.kill();
    vi.advanceTimersByTime(2000);
    expect(child.kill).toHaveBeenCalledTimes(1);
  });
});
