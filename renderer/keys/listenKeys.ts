import { actions } from './actions.ts';
import type { KeyContext } from './actions.ts';
import { actionOfKey } from './bindings.ts';
import type { ActionId } from './bindings.ts';

/** What works while a dialog covers the wall: nothing that acts on what cannot be seen. */
const UNDER_DIALOG: ReadonlySet<ActionId> = new Set(['escape', 'help', 'diagnostics', 'language', 'light']);

/** What a held key goes on doing. */
const MOVES: ReadonlySet<ActionId> = new Set(['next', 'previous', 'nextUnit', 'previousUnit']);

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input, textarea, select');
}

/**
 * Runs the action of each pressed key. Rests while somebody types (Escape still leaves the form), under an open dialog, when a modifier
 * is held, and on key repeat except for moving through a list. Enter on a focused button stays with the button. Returns a function that stops it.
 */
export function listenKeys(target: Pick<Window, 'addEventListener' | 'removeEventListener'>, context: KeyContext): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const id = actionOfKey(event.key);
    if (id === null) return;
    if (isTyping(event.target) && id !== 'escape') return;
    if (context.dialogOpen() && !UNDER_DIALOG.has(id)) return;
    if (event.key === 'Enter' && event.target instanceof HTMLElement && event.target.closest('button, a')) return;
    if (event.repeat && !MOVES.has(id)) return;
    event.preventDefault();
    actions.find((action) => action.id === id)?.run(context);
  };
  target.addEventListener('keydown', onKeyDown);
  return () => target.removeEventListener('keydown', onKeyDown);
}
