import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Incident } from '../../protocol/messages/index.ts';
import { freePort } from '../support/freePort.ts';
import { startGateway } from '../support/startGateway.ts';
import type { RunningGateway } from '../support/startGateway.ts';
import { openWall } from './testWall.ts';
import type { TestWall } from './testWall.ts';

const TOKEN = 'a-test-token';
const feedUrl = ({ port }: RunningGateway): string => `ws://127.0.0.1:${port}/feed`;

/** Every incident as the gateway has it now: the steps that were made, and how often it was written. */
async function incidentsOf(gateway: RunningGateway): Promise<Map<string, Incident>> {
  const wall = openWall(feedUrl(gateway), { strict: false });
  const parts = await wall.snapshot();
  wall.socket.terminate();
  return new Map(parts.flatMap(({ incidents }) => incidents).map((incident) => [incident.id, incident]));
}
/** Changes the tier of an incident to and fro, as fast as it is answered, until told to stop. @returns how often it was applied. */
function writeOn(wall: TestWall, incidentId: string): { stop(): Promise<number> } {
  const state = { stopped: false, applied: 0 };
  const write = async (): Promise<number> => {
    for (let n = 0; !state.stopped && n < 60; n += 1) {
      const { status } = await wall.command('incident.triage', { incidentId, tier: n % 2 === 0 ? 'major' : 'simple' }, { reason: 'test' });
      if (status === 'applied') state.applied += 1;
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    return state.applied;
  };
  const writing = write().catch(() => state.applied);
  return {
    stop() {
      state.stopped = true;
      return writing;
    },
  };
}

test('kill -9 of either gateway while events flow: what one decided the other shows, each step once', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'wanglou-mirror-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const [upPort, downPort] = [await freePort(), await freePort()];
  const sources = join(directory, 'sources.json');
  const entry = { id: 'east', kind: 'protocol', url: `ws://127.0.0.1:${upPort}/feed`, token: { env: 'EAST_TOKEN' }, redialMostMs: 250 };
  writeFileSync(sources, JSON.stringify({ sources: [entry] }));
  process.env['EAST_TOKEN'] = TOKEN;
  onTestFinished(() => void delete process.env['EAST_TOKEN']);
  const startUp = () => startGateway(['--port', String(upPort), '--token', TOKEN, '--data', join(directory, 'up')]);
  const startDown = () =>
    startGateway(['--port', String(downPort), '--token', TOKEN, '--data', join(directory, 'down'), '--sources', sources]);
  let [up, down] = await Promise.all([startUp(), startDown()]);
  onTestFinished(async () => {
    await Promise.all([up.kill(), down.kill()]);
  });

  const first = [...(await incidentsOf(up)).values()].filter(
    ({ state }) => state === 'reported' || state === 'accepted' || state === 'triaged',
  );
  const incidentId = first[0]!.id;
  const mirroredNow = async (): Promise<Incident> => {
    const found = (await incidentsOf(down)).get(`east:${incidentId}`);
    expect(found).toBeDefined();
    return found!;
  };
  await vi.waitFor(mirroredNow, { timeout: 15_000, interval: 200 });
  const before = { up: (await incidentsOf(up)).get(incidentId)!.rev, down: (await mirroredNow()).rev };
  let applied = 0;

  for (const victim of ['down', 'up'] as const) {
    const wall = openWall(feedUrl(up), { strict: false });
    await wall.snapshot();
    const writing = writeOn(wall, incidentId);
    await new Promise((resolve) => setTimeout(resolve, 150));
    if (victim === 'down') {
      await down.kill();
      down = await startDown();
      applied += await writing.stop();
    } else {
      await up.kill();
      wall.socket.terminate();
      up = await startUp();
    }
  }
  await vi.waitFor(
    async () => {
      const theirs = (await incidentsOf(up)).get(incidentId)!;
      const ours = await mirroredNow();
      expect(ours.steps.map(({ state }) => state)).toEqual(theirs.steps.map(({ state }) => state));
      expect([ours.tier, ours.state]).toEqual([theirs.tier, theirs.state]);
      // Each event of theirs was one of ours, none twice.
      expect(ours.rev - before.down).toBe(theirs.rev - before.up);
    },
    { timeout: 15_000, interval: 200 },
  );
  expect(applied).toBeGreaterThan(20);
  const [all, mirrored] = [await incidentsOf(up), await incidentsOf(down)];
  expect([...mirrored.keys()].sort()).toEqual([...all.keys()].map((id) => `east:${id}`).sort());
}, 60_000);
