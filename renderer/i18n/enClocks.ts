/** What the clocks of promises and the figures say. Part of `en.ts`. */
export const enClocks = {
  clockState: { running: 'left', warned: 'nearly over', paused: 'paused', breached: 'over', kept: 'kept', broken: 'broken' },
  clocks: {
    label: 'Time limits',
    pause: 'Pause closing clock',
    resume: 'Count again',
    why: 'Why the closing clock stands, e.g. waiting for a third party; kept on record',
    paused: '{name} paused it at {time}: {reason}',
    pausedFor: 'stood still {span}',
    assumed: 'No holiday calendar of {year}: counted Monday to Friday',
  },
};
