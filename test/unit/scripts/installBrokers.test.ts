import { describe, expect, it } from 'vitest';
import { ensureBrokers, type BrokerInstaller } from '../../../scripts/installBrokers.ts';

function setUp(given: Partial<BrokerInstaller> & { brings?: boolean } = {}) {
  const runs: string[] = [];
  const said: string[] = [];
  const there = new Set<string>(['mosquitto']);
  const installer: BrokerInstaller = {
    find: (name) => (there.has(name) ? `/usr/sbin/${name}` : null),
    mayInstall: true,
    aptGet(args) {
      runs.push(args.join(' '));
      if (args[0] === 'install' && given.brings) there.add(args.at(-1)!);
      return null;
    },
    ...given,
  };
  return { runs, said, ensure: () => ensureBrokers((line) => said.push(line), installer) };
}

describe('ensureBrokers', () => {
  it('does nothing where they are', () => {
    const { ensure, runs, said } = setUp({ find: () => '/x' });
    expect([ensure(), runs, said]).toEqual([null, [], []]);
  });
  it('installs the missing ones alone, and says so first', () => {
    const { ensure, runs, said } = setUp({ brings: true });
    expect(ensure()).toBeNull();
    expect(runs).toEqual(['update -q', 'install -y -q --no-install-recommends nats-server']);
    expect(said).toHaveLength(1);
  });
  it('tells a user who may not install what is skipped and what to do', () => {
    const { ensure, runs } = setUp({ mayInstall: false });
    expect(ensure()).toBe('no nats-server here: their tests are skipped (Debian: apt-get install nats-server)');
    expect(runs).toEqual([]);
  });
  it('shows what apt-get said when it fails', () => {
    const { ensure } = setUp({ aptGet: () => 'E: Unable to locate package' });
    expect(ensure()).toMatch(/Unable to locate package\n.*apt-get update failed/);
  });
  it('does not believe an installation that brought nothing', () => expect(setUp().ensure()).toMatch(/there is no nats-server/));
});
