/** Which keys do what, in the order in which `?` lists them. `event.key` values; letters match either case. */
export const bindings = [
  { id: 'next', group: 'queue', keys: ['j', 'ArrowDown'] },
  { id: 'previous', group: 'queue', keys: ['k', 'ArrowUp'] },
  { id: 'openFirst', group: 'queue', keys: ['Enter'] },
  { id: 'dispatch1', group: 'incident', keys: ['1'] },
  { id: 'dispatch2', group: 'incident', keys: ['2'] },
  { id: 'dispatch3', group: 'incident', keys: ['3'] },
  { id: 'joint', group: 'incident', keys: ['4'] },
  { id: 'accept', group: 'incident', keys: ['a'] },
  { id: 'tier', group: 'incident', keys: ['t'] },
  { id: 'chair', group: 'incident', keys: ['i'] },
  { id: 'answer', group: 'incident', keys: ['o'] },
  { id: 'recall', group: 'incident', keys: ['r'] },
  { id: 'close', group: 'incident', keys: ['e'] },
  { id: 'call', group: 'call', keys: ['c'] },
  { id: 'video', group: 'call', keys: ['v'] },
  { id: 'hangUp', group: 'call', keys: ['x'] },
  { id: 'mute', group: 'call', keys: ['s'] },
  { id: 'camera', group: 'call', keys: ['b'] },
  { id: 'unit', group: 'view', keys: ['u'] },
  { id: 'nextUnit', group: 'view', keys: [']'] },
  { id: 'previousUnit', group: 'view', keys: ['['] },
  { id: 'track', group: 'view', keys: ['p'] },
  { id: 'tracks', group: 'view', keys: ['y'] },
  { id: 'reach', group: 'view', keys: ['5'] },
  { id: 'home', group: 'view', keys: ['h', 'Home'] },
  { id: 'fullScreen', group: 'view', keys: ['f'] },
  { id: 'light', group: 'view', keys: ['n'] },
  { id: 'language', group: 'view', keys: ['l'] },
  { id: 'escape', group: 'view', keys: ['Escape'] },
  { id: 'timeline', group: 'replay', keys: ['z'] },
  { id: 'playPause', group: 'replay', keys: ['.'] },
  { id: 'slower', group: 'replay', keys: [','] },
  { id: 'faster', group: 'replay', keys: ['/'] },
  { id: 'bookmark', group: 'replay', keys: ['w'] },
  { id: 'clip', group: 'replay', keys: ['g'] },
  { id: 'liveNow', group: 'replay', keys: ['0'] },
  { id: 'mode', group: 'desk', keys: ['m'] },
  { id: 'dismiss', group: 'desk', keys: ['q'] },
  { id: 'acknowledgeAlarm', group: 'desk', keys: [';'] },
  { id: 'muteAlarms', group: 'desk', keys: ['6'] },
  { id: 'alarms', group: 'desk', keys: ['7'] },
  { id: 'numbers', group: 'desk', keys: ['8'] },
  { id: 'diagnostics', group: 'desk', keys: ['d'] },
  { id: 'help', group: 'desk', keys: ['?'] },
] as const;

/** What the map itself does with keys while it has the focus; map/camera/cameraInput.ts acts on them. `?` lists them too. */
export const mapKeys = [
  { id: 'pan', shift: false, keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] },
  { id: 'turn', shift: true, keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] },
  { id: 'zoom', shift: false, keys: ['+', '-'] },
] as const;

export type ActionId = (typeof bindings)[number]['id'];
export type KeyGroup = (typeof bindings)[number]['group'];

const NAMES: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowDown: '↓',
  ArrowUp: '↑',
  Escape: 'Esc',
  Home: 'Home',
  Enter: 'Enter',
};

/** How a key is written on the wall: `J`, `↓`, `Esc`. */
export function keyName(key: string): string {
  return NAMES[key] ?? key.toUpperCase();
}

/** The action of a pressed key, or null. */
export function actionOfKey(key: string): ActionId | null {
  const wanted = key.length === 1 ? key.toLowerCase() : key;
  return bindings.find((b) => (b.keys as readonly string[]).includes(wanted))?.id ?? null;
}
