import { MAX_FIXES } from '../../protocol/frames/position.ts';
import type { Fix, PositionColumns } from '../../protocol/frames/position.ts';
import { encodePositions } from '../../protocol/frames/positionBinary.ts';
import type { LivePositions } from '../journal/livePositions.ts';

/** 1e-7 degree is 11 mm, as in the binary form; longer fractions only cost bytes. */
const shortDeg = (deg: number): number => Math.round(deg * 1e7) / 1e7;

function encodeJson(atMs: number, fixes: readonly Fix[]): Buffer {
  const frame: PositionColumns = {
    frame: 'pos',
    atMs,
    ids: fixes.map((fix) => fix.id),
    lonDeg: fixes.map((fix) => shortDeg(fix.lonDeg)),
    latDeg: fixes.map((fix) => shortDeg(fix.latDeg)),
    altM: fixes.map((fix) => Math.round(fix.altM * 10) / 10),
    // Rounding must not reach 360, which is not a heading.
    headingDeg: fixes.map((fix) => (Math.round(fix.headingDeg * 100) % 36_000) / 100),
    speedMps: fixes.map((fix) => Math.round(fix.speedMps * 100) / 100),
    observedAtMs: fixes.map((fix) => Math.round(fix.observedAtMs)),
  };
  return Buffer.from(JSON.stringify(frame));
}

/** Frames with the fixes, each below the limits of rule P-08. In the binary form a unit without a handle is left out. */
export function encodeFixes(
  atMs: number,
  fixes: readonly Fix[],
  binary: boolean,
  handleOf: (unitId: string) => number | undefined,
): Buffer[] {
  const made: Buffer[] = [];
  for (let first = 0; first < fixes.length; first += MAX_FIXES) {
    const chunk = fixes.slice(first, first + MAX_FIXES);
    if (!binary) {
      made.push(encodeJson(atMs, chunk));
      continue;
    }
    const named = chunk.flatMap((fix) => {
      const handle = handleOf(fix.id);
      return handle === undefined ? [] : [{ ...fix, handle }];
    });
    if (named.length > 0) made.push(Buffer.from(encodePositions(atMs, named)));
  }
  return made;
}

/**
 * Position frames for all clients. Clients that saw the last tick share one encoding; one that skipped ticks gets the newest
 * fix of each unit that moved meanwhile, and clients that skipped the same ticks share that.
 */
export function createPositionEncoder(positions: LivePositions, nowMs: () => number, handleOf: (unitId: string) => number | undefined) {
  let frames = new Map<string, Buffer[]>();
  let tickVersion = 0;
  let tickAtMs = Math.round(nowMs());
  return {
    /** Starts a tick: what follows until the next one is encoded once. */
    tick(): void {
      frames = new Map();
      tickVersion = positions.version;
      tickAtMs = Math.round(nowMs());
    },
    get version() {
      return tickVersion;
    },
    /** Frames with everything that moved after `version`. */
    after(version: number, binary: boolean): Buffer[] {
      if (positions.version === version) return [];
      const key = `${binary ? 'b' : 'j'}${version}`;
      const known = frames.get(key);
      if (known) return known;
      const made = encodeFixes(tickAtMs, positions.after(version), binary, handleOf);
      frames.set(key, made);
      return made;
    },
  };
}
export type PositionEncoder = ReturnType<typeof createPositionEncoder>;
