import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { actions } from '../../../../renderer/keys/actions.ts';
import type { KeyContext } from '../../../../renderer/keys/actions.ts';
import { bindings, mapKeys } from '../../../../renderer/keys/bindings.ts';
import { listenKeys } from '../../../../renderer/keys/listenKeys.ts';
import { en } from '../../../../renderer/i18n/en.ts';

const control = {
  move: vi.fn(),
  openFirst: vi.fn(),
  dispatchCandidate: vi.fn(),
  accept: vi.fn(),
  nextTier: vi.fn(),
  recallLast: vi.fn(),
  askClose: vi.fn(),
  call: vi.fn(),
  hangUp: vi.fn(),
  toggleMute: vi.fn(),
  toggleCamera: vi.fn(),
  toggleTrack: vi.fn(),
  goHome: vi.fn(),
  toggleUnit: vi.fn(),
  moveUnit: vi.fn(),
  dismissNotices: vi.fn(),
  back: vi.fn(),
  askingMode: { value: false },
};
const context = {
  control,
  toggleLanguage: vi.fn(),
  nextLight: vi.fn(),
  toggleDialog: vi.fn(),
  dialogOpen: vi.fn(() => false),
  closeDialog: vi.fn(() => false),
  toggleFullScreen: vi.fn(),
};
let stop: () => void;
beforeEach(() => {
  vi.clearAllMocks();
  control.askingMode.value = false;
  stop = listenKeys(window, context as unknown as KeyContext);
});
afterEach(() => {
  stop();
  document.body.innerHTML = '';
});
function press(key: string, init: KeyboardEventInit = {}, target: EventTarget = document.body): void {
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }));
}

describe('keys', () => {
  it('are listed once each, and each has a name in the catalogue', () => {
    const all = bindings.flatMap((b) => b.keys as readonly string[]);
    expect(new Set(all).size).toBe(all.length);
    for (const action of [...actions, ...mapKeys]) expect(en.key).toHaveProperty(action.id);
    expect(actions).toHaveLength(bindings.length);
  });
  it('run their action', () => {
    press('j');
    press('ArrowUp');
    press('2');
    press('C');
    press('v');
    press('?', { shiftKey: true });
    press('m');
    expect(control.move.mock.calls).toEqual([[1], [-1]]);
    expect(control.dispatchCandidate).toHaveBeenCalledWith(1);
    expect(control.call.mock.calls).toEqual([['audio'], ['video']]);
    expect(context.toggleDialog).toHaveBeenCalledWith('help');
    expect(control.askingMode.value).toBe(true);
    press('u');
    press(']');
    press('[');
    press('q');
    expect(control.toggleUnit).toHaveBeenCalledOnce();
    expect(control.moveUnit.mock.calls).toEqual([[1], [-1]]);
    expect(control.dismissNotices).toHaveBeenCalledOnce();
  });
  it('send nobody from behind an open dialog, where only its own keys work', () => {
    context.dialogOpen.mockReturnValue(true);
    for (const key of ['1', 'a', 'e', 'r', 'c', 'x', 'm', 'j', 'Enter']) press(key);
    expect(control.dispatchCandidate).not.toHaveBeenCalled();
    for (const run of [control.accept, control.askClose, control.recallLast, control.call, control.hangUp, control.move, control.openFirst])
      expect(run).not.toHaveBeenCalled();
    expect(control.askingMode.value).toBe(false);
    press('?');
    press('l');
    press('Escape');
    expect(context.toggleDialog).toHaveBeenCalledWith('help');
    expect(context.toggleLanguage).toHaveBeenCalledOnce();
    expect(context.closeDialog).toHaveBeenCalledOnce();
    context.dialogOpen.mockReturnValue(false);
  });
  it('close a dialog before anything else', () => {
    press('Escape');
    expect(control.back).toHaveBeenCalledOnce();
    context.closeDialog.mockReturnValueOnce(true);
    press('Escape');
    expect(control.back).toHaveBeenCalledOnce();
  });
  it('rest while somebody types, but Escape leaves', () => {
    const input = document.body.appendChild(document.createElement('input'));
    press('1', {}, input);
    press('m', {}, input);
    expect(control.dispatchCandidate).not.toHaveBeenCalled();
    press('Escape', {}, input);
    expect(control.back).toHaveBeenCalledOnce();
  });
  it('leave Enter to a focused button and shortcuts to the system', () => {
    const button = document.body.appendChild(document.createElement('button'));
    press('Enter', {}, button);
    press('c', { ctrlKey: true });
    expect(control.openFirst).not.toHaveBeenCalled();
    expect(control.call).not.toHaveBeenCalled();
  });
  it('repeat only while moving: a held 1 sends one unit', () => {
    press('1');
    press('1', { repeat: true });
    press('j', { repeat: true });
    expect(control.dispatchCandidate).toHaveBeenCalledOnce();
    expect(control.move).toHaveBeenCalledOnce();
  });
  it('stop when told', () => {
    stop();
    press('j');
    expect(control.move).not.toHaveBeenCalled();
  });
});
