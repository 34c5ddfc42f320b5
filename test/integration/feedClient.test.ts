import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createFeedClient } from '../../renderer/feed/feedClient.ts';
import type { FeedClient, Snapshot } from '../../renderer/feed/feedTypes.ts';
import type { FeedSocket, OpenSocket } from '../../renderer/feed/feedPorts.ts';
import { startGateway } from '../support/startGateway.ts';
import type { RunningGateway } from '../support/startGateway.ts';

/** The wall's client against the real gateway over real sockets; only the socket's maker differs from a page. */
interface Wall {
  feed: FeedClient;
  facts: Map<string, { rev: number }>;
  seqs: number[];
  sockets: { terminate(): void; binaryFrames: number }[];
}

const open: { dispose(): void }[] = [];
let gateway: RunningGateway | null = null;
afterEach(async () => {
  for (const one of open.splice(0)) one.dispose();
  await gateway?.stop();
  gateway = null;
});

function createWall(port: number, token: string, id: string): Wall {
  const sockets: Wall['sockets'] = [];
  const openSocket: OpenSocket = (url, protocols, handlers): FeedSocket => {
    const socket = new WebSocket(url, [...protocols]);
    socket.binaryType = 'arraybuffer';
    const kept = { terminate: () => socket.terminate(), binaryFrames: 0 };
    sockets.push(kept);
    let abandoned = false;
    socket.onopen = () => handlers.opened();
    socket.onmessage = ({ data }) => {
      if (abandoned) return;
      if (typeof data !== 'string') kept.binaryFrames += 1;
      handlers.received(data as string | ArrayBuffer);
    };
    socket.onclose = ({ code, reason }) => {
      if (!abandoned) handlers.closed(code, reason);
    };
    // ws emits an error before a failed connection closes; the close says all that the client wants to know.
    socket.on('error', () => undefined);
    return {
      send: (text) => socket.send(text),
      abandon() {
        abandoned = true;
        socket.terminate();
      },
    };
  };
  const feed = createFeedClient({
    url: `ws://127.0.0.1:${port}/feed`,
    token,
    desk: { id, name: { zh: '测试席', en: 'Test desk' } },
    openSocket,
    // Cut after cut, the delay would grow to seconds, as it should; this draws from its lowest hundredth.
    chance: { random: () => Math.random() / 100, fill: (bytes) => void crypto.getRandomValues(bytes) },
  });
  const facts = new Map<string, { rev: number }>();
  const seqs: number[] = [];
  feed.listen({
    snapshot(snapshot) {
      facts.clear();
      for (const [key, item] of factsOf(snapshot)) facts.set(key, item);
      seqs.push(snapshot.seq);
    },
    event(message, seq) {
      facts.set(`${message.type}/${message.data.id}`, message.data);
      seqs.push(seq);
    },
  });
  open.push(feed);
  feed.start();
  return { feed, facts, seqs, sockets };
}
function factsOf(snapshot: Snapshot): [string, { rev: number }][] {
  const lists = {
    'unit.updated': snapshot.units,
    'incident.updated': snapshot.incidents,
    'camera.updated': snapshot.cameras,
    'channel.updated': snapshot.channels,
    'detection.updated': snapshot.detections,
    'call.updated': snapshot.calls,
    'alarm.updated': snapshot.alarms,
    'mode.changed': snapshot.mode ? [snapshot.mode] : [],
    'weather.updated': snapshot.weather ? [snapshot.weather] : [],
  };
  return Object.entries(lists).flatMap(([type, items]) => items.map((item): [string, { rev: number }] => [`${type}/${item.id}`, item]));
}
async function until(what: string, holds: () => boolean, withinMs = 20_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((wait) => setTimeout(wait, 20));
  }
}
const live = (wall: Wall): boolean => wall.feed.status().kind === 'live';

describe('the feed client at the real gateway', () => {
  it('connects, takes the snapshot and lets positions flow as binary columns', { timeout: 60_000 }, async () => {
    gateway = await startGateway();
    const wall = createWall(gateway.port, gateway.token, 'wall-a');
    await until('live', () => live(wall));
    await until('positions of many units', () => wall.feed.counters.fixes > 100);
    const { tracks, counters } = wall.feed;
    const units = [...wall.facts.keys()].filter((key) => key.startsWith('unit.updated/'));
    expect(units.length).toBeGreaterThanOrEqual(26);
    expect([...tracks.slots.keys()].sort()).toEqual(units.map((key) => key.slice('unit.updated/'.length)).sort());
    const placed = [...tracks.slots.keys()].map((id) => tracks.latest(id)).filter((track) => track !== null);
    expect(placed.length).toBeGreaterThanOrEqual(26);
    // Wuzhen lies about 120.5 E, 30.7 N; the farthest corner of the town is within 0.2 degrees.
    for (const track of placed) {
      expect(Math.abs(track.lonDeg - 120.5)).toBeLessThan(0.2);
      expect(Math.abs(track.latDeg - 30.73)).toBeLessThan(0.2);
    }
    expect(wall.sockets[0]?.binaryFrames).toBeGreaterThan(0);
    expect(counters).toMatchObject({ refused: 0, refusedFixes: 0, unknown: 0, unknownFixes: 0, gaps: 0, duplicates: 0, serverErrors: 0 });
    const clock = wall.feed.clock();
    expect(clock?.boundMs).toBeLessThan(250);
  });

  it('answers a question and a command, and tells a refusal', { timeout: 60_000 }, async () => {
    gateway = await startGateway();
    const wall = createWall(gateway.port, gateway.token, 'wall-a');
    await until('an open incident', () => openIncidents(wall).length > 0);
    const mode = await wall.feed.send('mode.set', { mode: 'urgent' }, { reason: 'test' });
    expect(mode).toMatchObject({ status: 'applied', error: null });
    await until('the mode by event', () => (wall.facts.get('mode.changed/desk') as { mode?: string } | undefined)?.mode === 'urgent');
    const refused = await wall.feed.send('incident.accept', { incidentId: 'nobody-knows-it' });
    expect(refused.status).toBe('rejected');
    expect(refused.error).not.toBeNull();
    const [incident] = openIncidents(wall);
    const nearest = await wall.feed.query('nearest', { incidentId: incident!.id, limit: 3 });
    if (!nearest.ok) throw new Error(`${nearest.code}: ${nearest.message}`);
    expect(nearest.items.length).toBeGreaterThan(0);
    expect(nearest.items.map((item) => wall.facts.has(`unit.updated/${item.unitId}`))).not.toContain(false);
  });

  it('[P-02] has the state of the server after 50 cuts, without a lost or repeated event', { timeout: 120_000 }, async () => {
    // Ten server seconds a second: more happens between the cuts.
    gateway = await startGateway(['--rate', '10']);
    const wall = createWall(gateway.port, gateway.token, 'wall-a');
    await until('live', () => live(wall));
    for (let cut = 0; cut < 50; cut++) {
      const before = wall.feed.counters.resumes + wall.feed.counters.snapshots;
      wall.sockets.at(-1)!.terminate();
      await until(`back after cut ${cut}`, () => wall.feed.counters.resumes + wall.feed.counters.snapshots > before, 40_000);
      await new Promise((wait) => setTimeout(wait, Math.random() * 40));
    }
    expect(wall.feed.counters).toMatchObject({ resumes: 50, snapshots: 1, gaps: 0, duplicates: 0, refused: 0 });
    const steps = wall.seqs.slice(1).map((seq, i) => seq - wall.seqs[i]!);
    expect(new Set(steps)).toEqual(new Set([1]));
    // A second wall that never lost anything must see the same, at one and the same event.
    await sameAsFresh(wall, gateway);
  });

  it('returns by itself after the gateway was killed and started again', { timeout: 60_000 }, async () => {
    gateway = await startGateway();
    const { port, token } = gateway;
    const wall = createWall(port, token, 'wall-a');
    await until('live', () => live(wall));
    const { epoch } = wall.feed.cursor()!;
    await gateway.kill();
    await until('stale', () => wall.feed.status().kind === 'stale');
    gateway = await startGateway(['--port', `${port}`, '--token', token]);
    await until('live again', () => live(wall) && wall.feed.cursor()?.epoch !== epoch, 40_000);
    await until('positions of the new run', () => [...wall.feed.tracks.slots.keys()].some((id) => wall.feed.tracks.latest(id) !== null));
    expect(wall.feed.counters.snapshots).toBe(2);
  });

  it('says badToken and stays out', { timeout: 60_000 }, async () => {
    gateway = await startGateway();
    const wall = createWall(gateway.port, 'not-the-token', 'wall-a');
    await until('closed', () => wall.feed.status().kind === 'closed');
    expect(wall.feed.status().reason).toBe('badToken');
    expect(wall.facts.size).toBe(0);
  });
});

interface OpenIncident {
  id: string;
  state: string;
}
function openIncidents(wall: Wall): OpenIncident[] {
  return [...wall.facts]
    .filter(([key]) => key.startsWith('incident.updated/'))
    .map(([, item]) => item as unknown as OpenIncident)
    .filter((incident) => !['handled', 'closed'].includes(incident.state));
}

/** A fresh wall's snapshot, compared when both have applied exactly the same events. */
async function sameAsFresh(wall: Wall, { port, token }: RunningGateway): Promise<void> {
  const fresh = createWall(port, token, 'wall-fresh');
  await until('a second wall', () => live(fresh));
  const endMs = performance.now() + 20_000;
  while (wall.feed.cursor()!.seq !== fresh.feed.cursor()!.seq) {
    if (performance.now() > endMs) throw new Error('the two walls never stood at the same event');
    await new Promise((wait) => setImmediate(wait));
  }
  expect([...wall.facts.keys()].sort()).toEqual([...fresh.facts.keys()].sort());
  for (const [key, item] of fresh.facts) expect(wall.facts.get(key), key).toEqual(item);
}
