import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

/**
 * A backend as a stranger would write it from PROTOCOL.md alone: plain `ws`, nothing imported from this project.
 * One patrol car, one officer, one incident; it answers `nearest`, takes `incident.dispatch` and drives the car there in a straight line.
 */
export interface StrangerBackend {
  url: string;
  /** Sends text as it is to every wall: for feeding it what no backend should send. */
  sendRaw(text: string): void;
  hellos: Record<string, unknown>[];
  close(): Promise<void>;
}

const car = {
  id: 'car-1',
  rev: 1,
  kind: 'vehicle',
  name: { zh: '外联 01', en: 'Guest 01' },
  agencyId: 'ce',
  handle: 1,
  status: 'available',
  crew: [{ unitId: 'officer-1', name: { zh: '外联队员', en: 'Guest officer' } }],
  vehicleId: null,
  plate: null,
  postId: null,
  incidentId: null as string | null,
  cameraIds: [] as string[],
  callAddress: null,
  talkGroup: null,
  simulated: true,
};
const officer = { ...car, id: 'officer-1', kind: 'officer', name: { zh: '外联队员', en: 'Guest officer' }, handle: 2, crew: [] };
const incident = {
  id: 'case-1',
  rev: 1,
  number: 'G-1',
  channelId: 'public',
  typeId: 'road_damage',
  place: { zh: '外联测试点', en: 'Guest place' },
  lonDeg: 120.4942,
  latDeg: 30.7391,
  inCore: true,
  severity: 2,
  urgent: true,
  tier: 'general',
  state: 'reported',
  reportedAtMs: Date.now(),
  reporterCount: 1,
  leadAgencyId: 'ce',
  supportAgencyIds: [],
  cameraIds: [],
  assignments: [] as unknown[],
  steps: [] as unknown[],
  outcome: null,
  note: null,
  simulated: true,
};

export async function startStrangerBackend(token: string | null = 'guest-token'): Promise<StrangerBackend> {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    path: '/feed',
    handleProtocols: (offered) => (offered.has('feed.v1.json') ? 'feed.v1.json' : false),
  });
  await new Promise<void>((done) => server.once('listening', done));
  const walls = new Set<WebSocket>();
  const hellos: Record<string, unknown>[] = [];
  const at = { lonDeg: 120.4905, latDeg: 30.743, headingDeg: 0 };
  const unit = { ...car };
  const matter = { ...incident, assignments: [...incident.assignments], steps: [...incident.steps] };
  let seq = 0;

  const send = (wall: WebSocket, frame: object): void => wall.send(JSON.stringify(frame));
  const tell = (type: string, data: { id: string }): number => {
    seq += 1;
    const ce = { specversion: '1.0', id: `g-${seq}`, source: 'guest', type, subject: data.id, time: new Date().toISOString(), data };
    for (const wall of walls) send(wall, { frame: 'ev', seq, ce });
    return seq;
  };

  const route = (): [number, number][] => [
    [at.lonDeg, at.latDeg],
    [matter.lonDeg, matter.latDeg],
  ];
  const nearest = () => ({ unitId: unit.id, distanceM: 560, etaS: 20, reason: 'leadAgency', route: route() });

  function dispatch(): number {
    const now = Date.now();
    const by = { deskId: 'guest', name: { zh: '外联', en: 'Guest' }, simulated: true };
    unit.status = 'dispatched';
    unit.incidentId = matter.id;
    unit.rev += 1;
    matter.state = 'dispatched';
    matter.rev += 1;
    matter.assignments = [
      {
        unitId: unit.id,
        orderedAtMs: now,
        setOutAtMs: now,
        arrivedAtMs: null,
        releasedAtMs: null,
        etaAtMs: now + 20_000,
        route: route(),
      },
    ];
    matter.steps = [...matter.steps, { state: 'dispatched', atMs: now, by, unitId: unit.id, reason: null }];
    tell('unit.updated', unit);
    return tell('incident.updated', matter);
  }

  server.on('connection', (wall) => {
    wall.on('message', (raw: Buffer) => {
      const frame = JSON.parse(raw.toString()) as Record<string, unknown>;
      if (frame['frame'] === 'hello') {
        hellos.push(frame);
        if (frame['token'] !== token) {
          send(wall, { frame: 'err', code: 'badToken', path: 'token', message: 'unknown token', fatal: true });
          return wall.close();
        }
        const limits = { maxDownBytes: 1_048_576, maxUpBytes: 65_536, maxFixes: 5000, maxDepth: 16, maxStringLength: 4096 };
        const scene = { id: 'guest', townId: 'wuzhen', title: { zh: '外联平台', en: 'Guest platform' }, simulated: true };
        send(wall, {
          frame: 'welcome',
          v: 1,
          epoch: 'guest-1',
          headSeq: seq,
          resumed: false,
          gap: { reason: 'noCursor', missed: null },
          heartbeatMs: 1000,
          serverTimeMs: Date.now(),
          clockRate: 1,
          limits,
          capabilities: ['incident.dispatch', 'nearest'],
          scene,
        });
        send(wall, {
          frame: 'snap',
          atMs: Date.now(),
          seq,
          part: 0,
          last: true,
          units: [unit, officer],
          incidents: [matter],
          cameras: [],
          channels: [],
          detections: [],
          calls: [],
          mode: null,
          weather: null,
        });
        walls.add(wall);
      } else if (frame['frame'] === 'ping') {
        send(wall, { frame: 'pong', clientTimeMs: frame['clientTimeMs'], receivedAtMs: Date.now(), serverTimeMs: Date.now() });
      } else if (frame['frame'] === 'cmd') {
        const known = frame['type'] === 'incident.dispatch';
        const error = known ? null : { code: 'unknownCommand', message: 'this backend only dispatches', path: 'type' };
        send(wall, { frame: 'res', id: frame['id'], status: known ? 'applied' : 'rejected', seq: known ? dispatch() : null, error });
      } else if (frame['frame'] === 'query') {
        send(wall, { frame: 'part', id: frame['id'], n: 0, last: true, items: frame['kind'] === 'nearest' ? [nearest()] : [] });
      }
    });
    wall.on('close', () => walls.delete(wall));
  });

  const timer = setInterval(() => {
    if (unit.incidentId !== null) {
      const east = matter.lonDeg - at.lonDeg;
      const north = matter.latDeg - at.latDeg;
      at.lonDeg += east * 0.1;
      at.latDeg += north * 0.1;
      at.headingDeg = ((Math.atan2(east * Math.cos((at.latDeg * Math.PI) / 180), north) * 180) / Math.PI + 360) % 360;
    }
    const now = Date.now();
    const fixes = [{ id: unit.id, ...at, speedMps: unit.incidentId === null ? 0 : 11, observedAtMs: now }];
    for (const wall of walls) {
      send(wall, { frame: 'pos', fixes });
      send(wall, { frame: 'hb', serverTimeMs: now, headSeq: seq, sentSeq: seq });
    }
  }, 1000);

  return {
    url: `ws://127.0.0.1:${(server.address() as { port: number }).port}/feed`,
    sendRaw: (text) => walls.forEach((wall) => wall.send(text)),
    hellos,
    close: () =>
      new Promise((done) => {
        clearInterval(timer);
        walls.forEach((wall) => wall.terminate());
        server.close(() => done());
      }),
  };
}
