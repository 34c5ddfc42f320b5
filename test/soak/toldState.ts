import { createHash } from 'node:crypto';
import type { Ev, Snap } from '../../protocol/frames/server.ts';

interface Told {
  rev: number;
  json: string;
  /** Such a thing may be left out of later snapshots. */
  isOver: boolean;
}

const lists = {
  units: 'unit.updated',
  incidents: 'incident.updated',
  cameras: 'camera.updated',
  channels: 'channel.updated',
  detections: 'detection.updated',
  calls: 'call.updated',
  alarms: 'alarm.updated',
} as const;
const isOver = (type: string, data: Record<string, unknown>): boolean =>
  (type === 'incident.updated' && data['state'] === 'closed') ||
  (type === 'alarm.updated' && data['state'] === 'normal') ||
  (type === 'detection.updated' && data['outcome'] !== 'open') ||
  (type === 'call.updated' && data['endedAtMs'] !== null);

/** What a wall was told: the first snapshot and every event since. A later snapshot must say the same. */
export function createToldState() {
  const facts = new Map<string, Told>();
  const put = (type: string, data: Record<string, unknown>): void => {
    facts.set(`${type} ${String(data['id'])}`, { rev: Number(data['rev']), json: JSON.stringify(data), isOver: isOver(type, data) });
  };
  const each = (snaps: readonly Snap[], visit: (type: string, data: Record<string, unknown>) => void): void => {
    for (const snap of snaps) {
      for (const [list, type] of Object.entries(lists)) for (const data of snap[list as keyof typeof lists] ?? []) visit(type, data);
      if (snap.mode) visit('mode.changed', snap.mode);
      if (snap.weather) visit('weather.updated', snap.weather);
    }
  };
  return {
    begin: (snaps: readonly Snap[]): void => each(snaps, put),
    apply: ({ ce }: Ev): void => put(ce.type, ce.data),
    /** SHA-256 of everything that is not over, whatever the order in which it was told. */
    digest(): string {
      const lines = [...facts].filter(([, told]) => !told.isOver).map(([key, { json }]) => `${key} ${json}`);
      return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
    },
    /** @returns one line for each thing that differs. */
    compare(snaps: readonly Snap[]): string[] {
      const differences: string[] = [];
      const found = new Set<string>();
      each(snaps, (type, data) => {
        const key = `${type} ${String(data['id'])}`;
        found.add(key);
        const told = facts.get(key);
        if (!told) differences.push(`${key}: was never told`);
        else if (told.json !== JSON.stringify(data))
          differences.push(`${key}: rev ${told.rev} was told, rev ${String(data['rev'])} came back`);
      });
      for (const [key, told] of facts) if (!found.has(key) && !told.isOver) differences.push(`${key}: is gone`);
      return differences;
    },
  };
}
