import { expect, it, vi } from 'vitest';
import { forkGateway } from '../../../scripts/forkGateway.ts';

it('tells a gateway that could not be started as one that ended, and says why', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const child = forkGateway('/nonexistent/folder', { args: [], env: {} });
  expect(await new Promise((resolve) => child.onExit(resolve))).toBeNull();
  expect(said.mock.calls.flat().join()).toMatch(/^wanglou: the gateway: .*ENOENT/);
  said.mockRestore();
});
