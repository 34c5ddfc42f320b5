import { describe, expect, it } from 'vitest';
import { ensureBrowser, type Installer } from '../../../scripts/installBrowser.ts';

function setUp(given: Partial<Installer> & { brings?: string } = {}) {
  const runs: string[] = [];
  const said: string[] = [];
  let found: string | null = null;
  const installer: Installer = {
    find: () => found,
    chosen: undefined,
    mayInstall: true,
    aptGet(args) {
      runs.push(args.join(' '));
      if (args[0] === 'install') found = given.brings ?? null;
      return null;
    },
    ...given,
  };
  return { runs, said, ensure: () => ensureBrowser((line) => said.push(line), installer) };
}

describe('ensureBrowser', () => {
  it('does nothing where there is a browser', () => {
    const { ensure, runs, said } = setUp({ find: () => '/usr/bin/chromium' });
    expect([ensure(), runs, said]).toEqual([null, [], []]);
  });
  it('installs Debian’s chromium, and says so first', () => {
    const { ensure, runs, said } = setUp({ brings: '/usr/bin/chromium' });
    expect(ensure()).toBeNull();
    expect(runs).toEqual(['update -q', 'install -y -q --no-install-recommends chromium']);
    expect(said).toHaveLength(1);
  });
  it('tells a user who may not install what to do', () => {
    const { ensure, runs } = setUp({ mayInstall: false });
    expect(ensure()).toMatch(/^no browser for the tests: install Chromium, Chrome or Edge/);
    expect(runs).toEqual([]);
  });
  it('does not install over a wrong CHROMIUM_PATH', () => {
    const { ensure, runs } = setUp({ chosen: '/opt/gone' });
    expect(ensure()).toBe('CHROMIUM_PATH names no executable: /opt/gone');
    expect(runs).toEqual([]);
  });
  it('shows what apt-get said when it fails', () => {
    const { ensure } = setUp({ aptGet: () => 'E: Unable to locate package' });
    expect(ensure()).toMatch(/Unable to locate package\n.*apt-get update failed/);
  });
  it('does not believe an installation that left no browser', () => expect(setUp().ensure()).toMatch(/not in PATH/));
});
