import type { SourceHealth } from '../sources/byteSource.ts';
import type { Intake } from '../sources/source.ts';
import { createRatePerS } from './ratePerS.ts';

/** Counts what a source hands in that has no hub to count for it, like the played scene. It lives as long as the gateway does. */
export function watchIntake(intake: Intake, kind: string, id: string): { intake: Intake; health(): SourceHealth; dispose(): void } {
  const sinceMs = Math.round(intake.clock.nowMs());
  const acceptedByKind = { fix: 0, unit: 0, camera: 0, detection: 0, weather: 0, report: 0, progress: 0 };
  let calls = 0;
  let lastHeardAtMs: number | null = null;
  const count = (fact: keyof typeof acceptedByKind, n = 1): void => {
    calls += 1;
    acceptedByKind[fact] += n;
    lastHeardAtMs = intake.clock.nowMs();
  };
  const total = (): number => Object.values(acceptedByKind).reduce((sum, n) => sum + n, 0);
  const callRate = createRatePerS(() => calls);
  const factRate = createRatePerS(total);
  return {
    intake: {
      ...intake,
      unit(unit) {
        count('unit');
        intake.unit(unit);
      },
      camera(camera) {
        count('camera');
        intake.camera(camera);
      },
      detection(detection) {
        count('detection');
        intake.detection(detection);
      },
      weather(weather) {
        count('weather');
        intake.weather(weather);
      },
      fixes(fixes) {
        count('fix', fixes.length);
        return intake.fixes(fixes);
      },
      report(report) {
        count('report');
        return intake.report(report);
      },
      progress(progress) {
        count('progress');
        return intake.progress(progress);
      },
    },
    health: () => ({
      id,
      kind,
      adapter: '',
      state: 'live',
      reason: null,
      sinceMs,
      lastHeardAtMs,
      messagesPerS: callRate.perS(),
      factsPerS: factRate.perS(),
      messages: calls,
      bytes: 0,
      accepted: total(),
      acceptedByKind: { ...acceptedByKind },
      repeated: 0,
      refused: 0,
      refusedByReason: {},
      lastRefusals: [],
      orders: 0,
      connects: 1,
    }),
    dispose() {
      callRate.dispose();
      factRate.dispose();
    },
  };
}
