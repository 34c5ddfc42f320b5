import { expect, test } from 'vitest';
import type { Bookmark } from '../../protocol/messages/index.ts';
import { serveTinyTown } from './testGateway.ts';
import { openWall } from './testWall.ts';
import { makeReport } from './tinyTown.ts';

test('a bookmark is told to every wall, stays in the snapshot, and is deleted as a state', async () => {
  const gateway = await serveTinyTown();
  const wall = openWall(gateway.feedUrl);
  await wall.snapshot();
  const incidentId = gateway.intake.report(makeReport());
  expect(await wall.command('bookmark.add', { atMs: 1_778_664_000_000, text: '此处掉头', incidentId })).toMatchObject({
    status: 'applied',
  });
  const made = (await wall.event('bookmark.updated')).ce.data as unknown as Bookmark;
  expect(made).toMatchObject({ rev: 1, text: '此处掉头', incidentId, by: { deskId: 'wall-1' }, changedBy: null, state: 'kept' });

  const edit = { bookmarkId: made.id, atMs: made.atMs, text: 'turned here', incidentId: null, state: 'deleted' };
  expect(await wall.command('bookmark.edit', edit)).toMatchObject({ status: 'applied' });
  const late = openWall(gateway.feedUrl);
  const bookmarks = (await late.snapshot()).flatMap((part) => part.bookmarks ?? []);
  expect(bookmarks).toMatchObject([{ id: made.id, rev: 2, text: 'turned here', state: 'deleted', changedBy: { deskId: 'wall-1' } }]);
  expect(bookmarks[0]).toMatchObject({ by: made.by, madeAtMs: made.madeAtMs });
});

test('a bookmark nobody knows cannot be changed, and a viewer marks nothing', async () => {
  const gateway = await serveTinyTown();
  const wall = openWall(gateway.feedUrl);
  await wall.snapshot();
  const edit = { bookmarkId: 'bm-none', atMs: 1, text: 'x', incidentId: null, state: 'kept' };
  expect(await wall.command('bookmark.edit', edit)).toMatchObject({ status: 'rejected', error: { code: 'notFound' } });
  const viewer = openWall(gateway.feedUrl, { hello: { role: 'viewer' } });
  await viewer.snapshot();
  expect(await viewer.command('bookmark.add', { atMs: 1, text: 'x', incidentId: null })).toMatchObject({ status: 'forbidden' });
});
