import { createPinia, setActivePinia } from 'pinia';
import type { Pinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { nextTick, watch } from 'vue';
import type { Message } from '../../../../protocol/messages/index.ts';
import type { CommandResult, FeedClient, FeedListener, FeedStatus, Snapshot } from '../../../../renderer/feed/feedTypes.ts';
import { createTrackTable } from '../../../../renderer/feed/trackTable.ts';
import { useDeskStore } from '../../../../renderer/state/deskStore.ts';
import { useFeedStore } from '../../../../renderer/state/feedStore.ts';
import { useIncidentStore } from '../../../../renderer/state/incidentStore.ts';
import { installFeed } from '../../../../renderer/state/installFeed.ts';
import { useUnitStore } from '../../../../renderer/state/unitStore.ts';
import { assignment, incident, T0, unit } from './facts.ts';

const applied: CommandResult = { status: 'applied', seq: 1, error: null };
const failed = (status: CommandResult['status']): CommandResult => ({
  status,
  seq: null,
  error: { code: status, message: `it is ${status}`, path: null },
});

interface Sent {
  type: string;
  data: unknown;
  rev: number | null | undefined;
  reason: string | null | undefined;
}
/** A feed that says what a test says. */
function createFeed() {
  const listeners = new Set<FeedListener>();
  const sent: Sent[] = [];
  const answers: CommandResult[] = [];
  let onSend: (() => void) | null = null;
  const clock = { serverMs: T0, heardMs: T0 as number | null };
  const counters = { events: 0, fixes: 0, refusedFixes: 0, unknownFixes: 0, refused: 0, unknown: 0, duplicates: 0, gaps: 0 };
  const feed: FeedClient = {
    tracks: createTrackTable(10),
    counters: { ...counters, resumes: 0, snapshots: 0, reconnects: 0, serverErrors: 0, skippedTicks: 0 },
    status: () => ({ kind: 'connecting', sinceMs: T0, reason: null }),
    welcome: () => null,
    refusals: () => [],
    nowMs: () => clock.serverMs,
    heardServerMs: () => clock.heardMs,
    positionsSilentMs: () => null,
    clock: () => ({ skewMs: 120, boundMs: 4, rate: 1 }),
    cursor: () => null,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send(type, data, options) {
      sent.push({ type, data, rev: options?.rev, reason: options?.reason });
      const answer = answers.shift() ?? applied;
      onSend?.();
      return Promise.resolve(answer);
    },
    query: () => Promise.resolve({ ok: true, items: [] }),
    start: () => undefined,
    replay: () => undefined,
    look: () => undefined,
    dispose: () => undefined,
  };
  return {
    feed,
    sent,
    answers,
    clock,
    listeners,
    onSend: (task: () => void) => void (onSend = task),
    event: (message: Message, seq = 1) => listeners.forEach((listener) => listener.event?.(message, seq)),
    snapshot: (change: Partial<Snapshot>) => {
      const lists = { units: [], incidents: [], cameras: [], channels: [], detections: [], calls: [], bookmarks: [], alarms: [] };
      const none = { ...lists, mode: null, weather: null };
      listeners.forEach((listener) => listener.snapshot?.({ epoch: 'e', seq: 1, atMs: T0, ...none, ...change }));
    },
    status: (status: FeedStatus) => listeners.forEach((listener) => listener.status?.(status)),
  };
}
/** Frames and periods that come when the test says. */
function createTurns() {
  const due = new Set<() => void>();
  const periodic = new Set<() => void>();
  const add =
    (to: Set<() => void>) =>
    (task: () => void): (() => void) => {
      to.add(task);
      return () => to.delete(task);
    };
  return {
    soon: add(due),
    every: (_ms: number, task: () => void) => add(periodic)(task),
    frame() {
      for (const task of [...due]) {
        due.delete(task);
        task();
      }
    },
    sample: () => periodic.forEach((task) => task()),
    due,
    periodic,
  };
}

let pinia: Pinia;
beforeEach(() => {
  pinia = createPinia();
  setActivePinia(pinia);
});

describe('installFeed', () => {
  it('applies a burst in one turn, the newest of each thing only', async () => {
    const source = createFeed();
    const turns = createTurns();
    installFeed(pinia, source.feed, turns);
    const units = useUnitStore();
    let changes = 0;
    watch(
      () => units.all,
      () => void (changes += 1),
    );
    for (let rev = 1; rev <= 1000; rev++) source.event({ type: 'unit.updated', data: unit(`u${rev % 10}`, { rev }) });
    expect(turns.due.size).toBe(1);
    expect(units.byId.size).toBe(0);
    turns.frame();
    await nextTick();
    expect(units.byId.size).toBe(10);
    expect(units.byId.get('u0')?.rev).toBe(1000);
    expect(changes).toBe(1);
  });

  it('lets a snapshot void what waited before it, and keeps what came after', () => {
    const source = createFeed();
    const turns = createTurns();
    installFeed(pinia, source.feed, turns);
    source.event({ type: 'incident.updated', data: incident('before') });
    source.snapshot({ incidents: [incident('inside', { rev: 1 })] });
    source.event({ type: 'incident.updated', data: incident('inside', { rev: 2 }) });
    turns.frame();
    const { byId } = useIncidentStore();
    expect([...byId.values()].map((found) => `${found.id}@${found.rev}`)).toEqual(['inside@2']);
  });

  it('samples age, skew and counts twice a second', () => {
    const source = createFeed();
    const turns = createTurns();
    installFeed(pinia, source.feed, turns);
    const store = useFeedStore();
    expect(store.feedAgeMs).toBe(0);
    source.clock.serverMs = T0 + 700;
    expect(store.feedAgeMs).toBe(0);
    turns.sample();
    expect(store.feedAgeMs).toBe(700);
    expect([store.skewMs, store.skewBoundMs]).toEqual([120, 4]);
    source.clock.heardMs = null;
    turns.sample();
    expect(store.feedAgeMs).toBeNull();
  });

  it('tells the desk when the server refuses the wall', () => {
    const source = createFeed();
    installFeed(pinia, source.feed, createTurns());
    source.status({ kind: 'closed', sinceMs: T0, reason: 'badToken' });
    expect(useFeedStore().status.kind).toBe('closed');
    expect(useDeskStore().notices).toMatchObject([{ kind: 'feed', code: 'badToken', atMs: T0 }]);
  });

  it('lets go of everything when disposed', () => {
    const source = createFeed();
    const turns = createTurns();
    const installed = installFeed(pinia, source.feed, turns);
    source.event({ type: 'unit.updated', data: unit('u') });
    installed.dispose();
    expect([source.listeners.size, turns.due.size, turns.periodic.size]).toEqual([0, 0, 0]);
  });
});

describe('the desk', () => {
  const ready = () => {
    const source = createFeed();
    const turns = createTurns();
    const installed = installFeed(pinia, source.feed, turns);
    const put = (...incidents: ReturnType<typeof incident>[]): void => {
      for (const data of incidents) source.event({ type: 'incident.updated', data });
      installed.flush();
    };
    return { source, put, desk: useDeskStore() };
  };

  it('sends the rev that the operator saw with each decision, and none with an acceptance', async () => {
    const { source, put, desk } = ready();
    put(incident('i', { rev: 7 }));
    await desk.accept('i');
    await desk.dispatch('i', ['u1']);
    await desk.recall('i', 'u1', 'wrong one');
    await desk.close('i', 'noAction', 'nothing there');
    await desk.setMode('urgent', 'storm');
    expect(source.sent.map(({ type, rev, reason }) => [type, rev ?? null, reason ?? null])).toEqual([
      ['incident.accept', null, null],
      ['incident.dispatch', 7, null],
      ['incident.recall', 7, 'wrong one'],
      ['incident.close', 7, 'nothing there'],
      ['mode.set', null, 'storm'],
    ]);
    expect(desk.notices).toEqual([]);
  });

  it('shows each refusal with its code, the last twenty', async () => {
    const { source, desk } = ready();
    for (let i = 0; i < 30; i++) {
      source.answers.push(failed('rejected'));
      await desk.accept(`i${i}`);
    }
    expect(desk.notices).toHaveLength(20);
    expect(desk.notices.at(-1)).toMatchObject({ kind: 'command', code: 'rejected', command: 'incident.accept', message: 'it is rejected' });
    desk.dismiss(desk.notices.at(-1)!.id);
    expect(desk.notices).toHaveLength(19);
  });

  it('[P-05] repeats a decision on a newer rev when nothing changed that it rests on', async () => {
    const { source, put, desk } = ready();
    put(incident('i', { rev: 7, assignments: [assignment('u1', T0, { etaAtMs: T0 + 1 })] }));
    source.answers.push(failed('conflict'));
    source.onSend(() => {
      if (source.sent.length === 1) put(incident('i', { rev: 8, assignments: [assignment('u1', T0, { etaAtMs: T0 + 9 })] }));
    });
    await expect(desk.recall('i', 'u1')).resolves.toMatchObject({ status: 'applied' });
    expect(source.sent.map((one) => one.rev)).toEqual([7, 8]);
    expect(desk.notices).toEqual([]);
  });

  it('[P-05] shows the conflict when somebody else sent a unit meanwhile', async () => {
    const { source, put, desk } = ready();
    put(incident('i', { rev: 7 }));
    source.answers.push(failed('conflict'));
    source.onSend(() => put(incident('i', { rev: 8, assignments: [assignment('other', T0)] })));
    await expect(desk.dispatch('i', ['u1'])).resolves.toMatchObject({ status: 'conflict' });
    expect(source.sent).toHaveLength(1);
    expect(desk.notices).toMatchObject([{ code: 'conflict', command: 'incident.dispatch' }]);
  });

  it('says so when there is no feed yet', async () => {
    const desk = useDeskStore();
    await expect(desk.accept('i')).resolves.toMatchObject({ status: 'closed' });
    await expect(desk.nearest('i')).resolves.toMatchObject({ ok: false, code: 'closed' });
    expect(desk.notices).toHaveLength(1);
  });
});
