import { describe, expect, it } from 'vitest';
import { parseShellFlags } from '../../../electron/app/flags.ts';
import { usage } from '../../../gateway/gatewayOptions.ts';
import { FlagError, parseStartOptions } from '../../../scripts/startOptions.ts';

describe('parseStartOptions', () => {
  it('without flags leaves every choice open', () => {
    expect(parseStartOptions([])).toEqual({ shell: null, kiosk: false, display: null, retryElectron: false, help: false, gatewayArgs: [] });
  });
  it('hands the gateway its flags and keeps its own', () => {
    const args = [
      '--browser',
      '--kiosk',
      '--display',
      'all',
      '--retry-electron',
      '--scene',
      'wuzhen/ordinary',
      '--port',
      '0',
      '--at=19:20',
      '--rate',
      '4',
    ];
    expect(parseStartOptions(args)).toEqual({
      shell: 'browser',
      kiosk: true,
      display: 'all',
      retryElectron: true,
      help: false,
      gatewayArgs: ['--scene', 'wuzhen/ordinary', '--port', '0', '--at', '19:20', '--rate', '4'],
    });
  });
  it.each([
    [['--nope'], "Unknown option '--nope'"],
    [['--port'], '--port'],
    [['--kiosk=yes'], '--kiosk'],
    [['stray'], 'stray'],
    [['--serve', '--electron'], 'choose one of --electron, --serve'],
    [['--display', 'left'], '--display: expected primary, all, span or a number from 1, got "left"'],
    [['--display', '0'], '--display: expected'],
  ])('refuses %j in one line', (args, part) => {
    const problem = (() => {
      try {
        parseStartOptions(args);
      } catch (error) {
        return error;
      }
    })();
    expect(problem).toBeInstanceOf(FlagError);
    expect((problem as Error).message).toContain(part);
    expect((problem as Error).message).not.toContain('\n');
  });
});

describe('the flags of the gateway', () => {
  /** The wall's own gateway listens on this machine for its own page; the shell says which page, and prints its own help. */
  const own = new Set(['--host', '--allow-origin', '--renderer', '--help']);
  const names = [...usage.matchAll(/(?:^ {2}|, )(--[\w-]+)/gm)].map((found) => found[1]!).filter((name) => !own.has(name));
  it('are found', () => expect(names).toContain('--sources'));
  it.each(names)('%s reaches it from npm start and from the shell', (name) => {
    expect(parseStartOptions([name, 'x']).gatewayArgs).toEqual([name, 'x']);
    expect(parseShellFlags([name, 'x']).gatewayArgs).toEqual([name, 'x']);
  });
});
