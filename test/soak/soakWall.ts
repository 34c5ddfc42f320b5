import { WebSocket } from 'ws';
import { createFeedClient } from '../../renderer/feed/feedClient.ts';
import type { FeedSocket, OpenSocket } from '../../renderer/feed/feedPorts.ts';
import type { FeedClient } from '../../renderer/feed/feedTypes.ts';

/** The wall's own client over real sockets; only the maker of sockets differs from a page's. */
export interface SoakWall {
  readonly feed: FeedClient;
  /**
   * The numbers that the load carries, in the order in which they were told: the plate of each unit and the place of each detection under its
   * id, the note of each new incident under `reports`, the reasons of its steps under `incident` and its id.
   */
  readonly told: ReadonlyMap<string, readonly string[]>;
  /** Incidents of which a revision was not told, or not in its place; one line each. */
  readonly revJumps: readonly string[];
  /** Snapshots after the first: each would hide what it replaces. */
  readonly laterSnapshots: number;
  readonly bytes: number;
  dispose(): void;
}

export function openSoakWall(port: number, token: string, id: string): SoakWall {
  let bytes = 0;
  const openSocket: OpenSocket = (url, protocols, handlers): FeedSocket => {
    const socket = new WebSocket(url, [...protocols], { perMessageDeflate: false });
    socket.binaryType = 'arraybuffer';
    let abandoned = false;
    socket.onopen = () => {
      if (!abandoned) handlers.opened();
    };
    socket.onmessage = ({ data }) => {
      if (abandoned) return;
      bytes += typeof data === 'string' ? data.length : (data as ArrayBuffer).byteLength;
      handlers.received(data as string | ArrayBuffer);
    };
    socket.onclose = ({ code, reason }) => {
      if (!abandoned) handlers.closed(code, reason);
    };
    // ws tells an error before a failed connection closes; the close says all that the client wants to know.
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
    desk: { id, name: { zh: id, en: id } },
    role: 'viewer',
    openSocket,
    // Cut after cut, the delay would grow to seconds, as it should; this draws from its lowest tenth.
    chance: { random: () => Math.random() / 10, fill: (into) => void crypto.getRandomValues(into) },
  });
  const told = new Map<string, string[]>();
  const revJumps: string[] = [];
  const incidents = new Map<string, { rev: number; steps: number }>();
  const tell = (key: string, number: string): void => {
    const list = told.get(key);
    if (list) list.push(number);
    else told.set(key, [number]);
  };
  let snapshots = 0;
  feed.listen({
    snapshot(all) {
      snapshots += 1;
      for (const { id: of, rev, steps } of all.incidents) incidents.set(of, { rev, steps: steps.length });
    },
    event({ type, data }) {
      if (type === 'unit.updated' && data.plate !== null) tell(data.id, data.plate);
      if (type === 'detection.updated') tell(data.id, data.place.en);
      if (type !== 'incident.updated') return;
      const before = incidents.get(data.id) ?? { rev: 0, steps: 0 };
      incidents.set(data.id, { rev: data.rev, steps: data.steps.length });
      if (data.rev !== before.rev + 1) revJumps.push(`${data.id}: rev ${data.rev} after ${before.rev}`);
      if (before.rev === 0 && data.note !== null) tell('reports', data.note.en);
      for (const { reason } of data.steps.slice(before.steps)) if (/^\d+$/.test(reason ?? '')) tell(`incident ${data.id}`, reason!);
    },
  });
  feed.start();
  return {
    feed,
    told,
    revJumps,
    get laterSnapshots() {
      return Math.max(0, snapshots - 1);
    },
    get bytes() {
      return bytes;
    },
    dispose: () => feed.dispose(),
  };
}
