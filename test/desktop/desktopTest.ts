import { test as base } from '@playwright/test';
import { electronPlace, findElectron } from '../../scripts/electronBinary.ts';
import { launchElectron, launchStandin, root, type DesktopWall, type LaunchOptions, type StandinWall } from './wall.ts';

interface Fixtures {
  /** Starts the wall as this project does, and ends it after the test. Skips the test where that cannot be. */
  launch(options?: LaunchOptions): Promise<DesktopWall>;
  /** Only on the stand-in, which can be asked and told more than Electron. */
  launchStandin(options?: LaunchOptions): Promise<StandinWall>;
}

export const test = base.extend<Fixtures>({
  launch: async ({}, use, info) => {
    const started: DesktopWall[] = [];
    await use(async (options) => {
      const wall = await (info.project.name === 'electron' ? launchElectron(needElectron(), options) : launchStandin(options));
      started.push(wall);
      return wall;
    });
    for (const wall of started) await wall.close();
  },

  launchStandin: async ({}, use) => {
    const started: StandinWall[] = [];
    await use(async (options) => {
      const wall = await launchStandin(options);
      started.push(wall);
      return wall;
    });
    for (const wall of started) await wall.close();
  },
});
export { expect } from '@playwright/test';

/** A binary that is there and does not start is a failure; one that is not there is a skip. */
function needElectron(): string {
  const path = findElectron(electronPlace(root));
  test.skip(path === null, 'no Electron binary');
  return path ?? '';
}
