import type { Scenario } from '../../scene/scenario.ts';
import type { Detection } from '../../../protocol/messages/index.ts';
import type { Intake } from '../source.ts';
import type { Agenda } from './agenda.ts';
import type { Arrivals } from './arrivals.ts';
import { detectionOf } from './detectionOf.ts';
import type { Matter, Matters } from './matters.ts';
import type { Operators } from './operators.ts';
import type { SeededRandom } from './seededRandom.ts';

export interface IntakeDeskOptions {
  intake: Intake;
  agenda: Agenda;
  arrivals: Arrivals;
  matters: Matters;
  operators: Operators;
  random: SeededRandom;
  scenario: Scenario;
}

/** The nine intake channels as the scene plays them: what arrives by chance, what the script brings, and alerts that settle themselves. */
export function createIntakeDesk({ intake, agenda, arrivals, matters, operators, random, scenario }: IntakeDeskOptions) {
  const open = (id: string, matter: Matter, detectedAtMs: number): void => {
    const { channelId, typeId, place, lonDeg, latDeg, note, cameraIds, alert, forLeader } = matter;
    const incidentId = intake.report({ channelId, typeId, place, lonDeg, latDeg, note, cameraIds, simulated: true });
    if (alert) intake.detection(detectionOf(id, matter, detectedAtMs, 'incident', incidentId));
    // One more report of what somebody has in hand.
    if ((intake.incident(incidentId)?.reporterCount ?? 1) > 1) return;
    if (forLeader) operators.leave(incidentId, id);
    else operators.take(incidentId, id);
  };
  /** An alert that waits: its end is put down, whether it was raised just now or before this gateway started. */
  const settle = (id: string, matter: Matter, detectedAtMs: number): void => {
    agenda.at(detectedAtMs + matter.settlesAfterS * 1000, () => {
      if (matter.selfRectifies) intake.detection(detectionOf(id, matter, detectedAtMs, 'selfRectified'));
      else open(id, matter, detectedAtMs);
    });
  };
  const happen = (id: string, matter: Matter): void => {
    const atMs = agenda.nowMs();
    if (!matter.alert || matter.settlesAfterS === 0) return open(id, matter, atMs);
    intake.detection(detectionOf(id, matter, atMs, 'open'));
    settle(id, matter, atMs);
  };

  const playHour = (fromMs: number): void => {
    const endMs = arrivals.hourEnd(fromMs);
    for (const { id, channelId, atMs } of arrivals.between(fromMs, endMs)) {
      agenda.at(atMs, () => happen(id, matters.draw(channelId, random.fork(`matter/${id}`))));
    }
    agenda.at(endMs, () => playHour(endMs));
  };

  const scripted = ({ afterS: _, selfRectifiesAfterS, placeId: __, ...report }: Scenario['script'][number]): Matter => {
    const isAlert = matters.isSensor(report.channelId) || selfRectifiesAfterS !== null;
    return {
      ...report,
      alert: isAlert ? { cameraId: report.cameraIds[0] ?? null, confidence: 0.94 } : null,
      settlesAfterS: selfRectifiesAfterS ?? 0,
      selfRectifies: selfRectifiesAfterS !== null,
    };
  };

  return {
    settle,
    /** Begins with what arrives from this time on. @param fromMs What came before was handed in by the gateway before this one. */
    start(startMs: number, fromMs = startMs): void {
      playHour(fromMs);
      scenario.script.forEach((row, i) => {
        const atMs = startMs + row.afterS * 1000;
        if (atMs >= fromMs) agenda.at(atMs, () => happen(`script-${startMs / 1000}-${i}`, scripted(row)));
      });
    },
    /** An alert from before this gateway started; one of another source is not ours. */
    resume({ id, channelId, detectedAtMs }: Detection): void {
      const label = id.replace(/^det-/, '');
      const [, kind, index] = /^(.+)-\d+-(\d+)$/.exec(label) ?? [];
      const row = kind === 'script' ? scenario.script[Number(index)] : undefined;
      if (row) settle(label, scripted(row), detectedAtMs);
      else if (kind === channelId && matters.isSensor(channelId)) {
        settle(label, matters.draw(channelId, random.fork(`matter/${label}`)), detectedAtMs);
      }
    },
  };
}
export type IntakeDesk = ReturnType<typeof createIntakeDesk>;
