import { describe, expect, it } from 'vitest';
import { parseShellFlags } from '../../../electron/app/flags.ts';

describe('parseShellFlags', () => {
  it('without flags: a window on the primary display', () => {
    expect(parseShellFlags(['.'])).toEqual({ kiosk: false, display: 'primary', gatewayArgs: [], fatal: null });
  });
  it('reads its own flags in both spellings and hands the gateway its own', () => {
    expect(parseShellFlags(['--kiosk', '--display=2', '--scene', 'wuzhen/ordinary', '--at=19:20', '--port', '0'])).toEqual({
      kiosk: true,
      display: 2,
      gatewayArgs: ['--scene', 'wuzhen/ordinary', '--at', '19:20', '--port', '0'],
      fatal: null,
    });
  });
  it.each(['primary', 'all', 'span'] as const)('--display %s', (choice) =>
    expect(parseShellFlags(['--display', choice]).display).toBe(choice),
  );
  it('leaves the flags of Chromium and Node alone', () => {
    const flags = parseShellFlags(['--no-sandbox', '--inspect=0', '--remote-debugging-port=0', '/opt/wanglou', '--user-data-dir=/tmp/x']);
    expect(flags).toEqual({ kiosk: false, display: 'primary', gatewayArgs: [], fatal: null });
  });
  it.each([['--display', 'nowhere'], ['--display=0'], ['--display=1e3'], ['--display=-1']])('refuses %s %s', (...args) => {
    expect(parseShellFlags(args).fatal).toMatch(/^--display: expected primary, all, span or a number from 1, got "/);
  });
  it.each(['--scene', '--port', '--display', '--scene='])('%s needs a value', (arg) =>
    expect(parseShellFlags([arg]).fatal).toMatch(/ needs a value$/),
  );
});
