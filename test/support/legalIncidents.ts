import { expect } from 'vitest';
import type { Incident, IncidentState } from '../../protocol/messages/index.ts';

const order: readonly IncidentState[] = ['reported', 'accepted', 'triaged', 'dispatched', 'onTheWay', 'onScene', 'handled', 'closed'];

/**
 * What must be true of the incidents of a desk at every moment. Written from the rules, not from the code of the desk.
 * @returns which unit is on which incident. @throws an assertion that says what is not so.
 */
export function expectLegal(incidents: readonly Incident[]): Map<string, string> {
  const busy = new Map<string, string>();
  for (const incident of incidents) {
    const open = incident.assignments.filter(({ releasedAtMs }) => releasedAtMs === null);
    const state = order.indexOf(incident.state);
    if (state < 3 || incident.state === 'handled' || incident.state === 'closed') expect(open).toEqual([]);
    else expect(open.length).toBeGreaterThan(0);
    expect(incident.outcome === null).toBe(incident.state !== 'closed');
    expect((incident.mergedInto ?? null) !== null).toBe(incident.outcome === 'merged');
    expect(incident.steps.at(-1)!.state).toBe(incident.state);
    expect(incident.steps[0]).toMatchObject({ state: 'reported', atMs: incident.reportedAtMs });
    if (incident.chair) expect(incident.tier).toBe('major');
    expect(incident.reporterCount).toBe(incident.reports!.length);
    const pauses = incident.pauses ?? [];
    // Only the last pause may be open, none after the end, and none overlap.
    pauses.forEach((pause, i) => {
      expect(pause.fromMs).toBeGreaterThanOrEqual(pauses[i - 1]?.toMs ?? incident.reportedAtMs);
      expect(pause.toMs === null).toBe(pause.endedBy === null);
      if (pause.toMs === null) expect([i, incident.state === 'closed']).toEqual([pauses.length - 1, false]);
      else expect(pause.toMs).toBeGreaterThanOrEqual(pause.fromMs);
    });
    incident.steps.forEach((step, i) => {
      const before = incident.steps[i - 1];
      if (!before) return;
      expect(step.atMs).toBeGreaterThanOrEqual(before.atMs);
      // Forward, or on the spot, or back to triaged when the last unit was lost.
      if (order.indexOf(step.state) < order.indexOf(before.state)) expect(step.state).toBe('triaged');
      expect(before.state).not.toBe(step.state === 'closed' && !step.action ? 'closed' : '');
    });
    for (const { unitId } of open) {
      expect(busy.get(unitId)).toBeUndefined();
      busy.set(unitId, incident.id);
    }
  }
  return busy;
}
