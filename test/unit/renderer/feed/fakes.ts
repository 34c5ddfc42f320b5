import type { Chance, FeedTime, OpenSocket, SocketHandlers } from '../../../../renderer/feed/feedPorts.ts';
import { createFeedClient } from '../../../../renderer/feed/feedClient.ts';
import type { FeedClient, FeedOptions } from '../../../../renderer/feed/feedTypes.ts';

/** A clock that moves only when told to; tasks run in order of their time. */
export interface FakeTime extends FeedTime {
  advance(ms: number): void;
  /** Time passes and nothing runs, as while the page is busy. */
  block(ms: number): void;
  /** Tasks that wait. */
  waiting(): number;
}
function createFakeTime(startMs = 1_000_000): FakeTime {
  let nowMs = startMs;
  let order = 0;
  let tasks: { atMs: number; order: number; task: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    after(delayMs, task) {
      order += 1;
      const entry = { atMs: nowMs + Math.max(0, delayMs), order, task };
      tasks.push(entry);
      return () => void (tasks = tasks.filter((other) => other !== entry));
    },
    waiting: () => tasks.length,
    block: (ms) => void (nowMs += ms),
    advance(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        const due = tasks.filter((entry) => entry.atMs <= endMs).sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
        if (due === undefined) break;
        tasks = tasks.filter((entry) => entry !== due);
        nowMs = Math.max(nowMs, due.atMs);
        due.task();
      }
      nowMs = endMs;
    },
  };
}

export type SentFrame = { frame: string } & Record<string, unknown>;

/** The far end of one socket that the client opened. */
export interface FakeSocket {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly sent: SentFrame[];
  readonly abandoned: boolean;
  open(): void;
  say(frame: object | string | ArrayBuffer): void;
  close(code?: number): void;
  of(frame: string): SentFrame[];
}
function createFakeSockets(): { openSocket: OpenSocket; sockets: FakeSocket[]; last(): FakeSocket } {
  const sockets: FakeSocket[] = [];
  return {
    sockets,
    last() {
      const socket = sockets.at(-1);
      if (socket === undefined) throw new Error('no socket was opened');
      return socket;
    },
    openSocket(url, protocols, handlers: SocketHandlers) {
      const sent: SentFrame[] = [];
      let abandoned = false;
      sockets.push({
        url,
        protocols,
        sent,
        get abandoned() {
          return abandoned;
        },
        open: () => handlers.opened(),
        say(frame) {
          if (abandoned) return;
          handlers.received(typeof frame === 'string' || frame instanceof ArrayBuffer ? frame : JSON.stringify(frame));
        },
        close(code = 1006) {
          if (!abandoned) handlers.closed(code, '');
        },
        of: (name) => sent.filter((frame) => frame.frame === name),
      });
      return {
        send: (text) => void sent.push(JSON.parse(text) as SentFrame),
        abandon: () => void (abandoned = true),
      };
    },
  };
}

export const SERVER_MS = 1_778_671_200_000;
export const welcome = (change: object = {}): Record<string, unknown> => ({
  frame: 'welcome',
  v: 1,
  epoch: 'e1',
  headSeq: 0,
  resumed: false,
  gap: { reason: 'noCursor', missed: null },
  heartbeatMs: 2000,
  serverTimeMs: SERVER_MS,
  clockRate: 1,
  limits: { maxDownBytes: 1_048_576, maxUpBytes: 65_536, maxFixes: 5000, maxDepth: 16, maxStringLength: 4096 },
  capabilities: ['incident.accept', 'nearest', 'track'],
  scene: { id: 's', townId: 'wuzhen', title: { zh: '乌镇', en: 'Wuzhen' }, simulated: true },
  ...change,
});
export const snap = (seq: number, change: object = {}): Record<string, unknown> => ({
  frame: 'snap',
  atMs: SERVER_MS,
  seq,
  part: 0,
  last: true,
  units: [],
  incidents: [],
  cameras: [],
  channels: [],
  detections: [],
  calls: [],
  mode: null,
  weather: null,
  ...change,
});
export const channel = (id: string, rev: number, today = rev): Record<string, unknown> => ({
  id,
  rev,
  today,
  pending: 0,
  byHour: Array<number>(24).fill(0),
  lastReportAtMs: null,
});
export const ev = (
  seq: number,
  data: Record<string, unknown> = channel('public', seq),
  type = 'channel.updated',
): Record<string, unknown> => ({
  frame: 'ev',
  seq,
  ce: {
    specversion: '1.0',
    id: `${seq}`,
    source: 'test',
    type,
    subject: 'x',
    time: '2026-05-13T11:20:00.000Z',
    data,
  },
});
export const hb = (sentSeq: number, serverTimeMs = SERVER_MS): Record<string, unknown> => ({
  frame: 'hb',
  serverTimeMs,
  headSeq: sentSeq,
  sentSeq,
});
export const unit = (id: string, handle: number, rev = 1): Record<string, unknown> => ({
  id,
  rev,
  kind: 'vehicle',
  name: { zh: id, en: id },
  agencyId: 'ce',
  handle,
  status: 'available',
  crew: [],
  vehicleId: null,
  plate: null,
  postId: null,
  incidentId: null,
  cameraIds: [],
  callAddress: null,
  talkGroup: null,
  simulated: true,
});

export interface Bench {
  feed: FeedClient;
  time: FakeTime;
  sockets: FakeSocket[];
  last(): FakeSocket;
  /** Opens the newest socket, welcomes and gives an empty snapshot. */
  live(change?: object, snapChange?: object): FakeSocket;
  /** Each event that the listener heard, as `seq:id@rev`. */
  heard: string[];
}
/** A client on fakes, started. `random` defaults to always one half. */
export function createBench(options: Partial<FeedOptions> & { random?: () => number } = {}): Bench {
  const { random = () => 0.5, ...rest } = options;
  const time = createFakeTime();
  const fake = createFakeSockets();
  let filled = 0;
  const chance: Chance = {
    random,
    fill(bytes) {
      filled += 1;
      for (let i = 0; i < bytes.length; i++) bytes[i] = (filled * 31 + i * 7) & 0xff;
    },
  };
  const feed = createFeedClient({
    url: 'ws://127.0.0.1:1/feed',
    token: 'secret',
    desk: { id: 'wall-1', name: { zh: '屏', en: 'Wall' } },
    openSocket: fake.openSocket,
    time,
    chance,
    ...rest,
  });
  const heard: string[] = [];
  feed.listen({ event: (message, seq) => void heard.push(`${seq}:${message.data.id}@${message.data.rev}`) });
  feed.start();
  return {
    feed,
    time,
    sockets: fake.sockets,
    last: fake.last,
    heard,
    live(change = {}, snapChange = {}) {
      const socket = fake.last();
      socket.open();
      socket.say(welcome(change));
      socket.say(snap(0, snapChange));
      return socket;
    },
  };
}
