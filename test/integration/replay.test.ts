import { expect, test } from 'vitest';
import { serveTinyTown } from './testGateway.ts';
import { openWall } from './testWall.ts';

test('[P-11] the feed of now refuses to seek, and goes on', async () => {
  const gateway = await serveTinyTown();
  const wall = openWall(gateway.feedUrl);
  await wall.snapshot();
  wall.send({ frame: 'seek', atMs: null, rate: 2 });
  const err = await wall.until('refusal', () => wall.of('err')[0]);
  expect(err).toMatchObject({ code: 'notAllowed', path: 'frame', fatal: false });
  wall.send({ frame: 'ping', clientTimeMs: 1 });
  await wall.until('pong', () => wall.of('pong')[0]);
});
