import type { TrackPiece } from '../../../protocol/queries/tracks.ts';
import type { LocalFrame, Point } from '../localFrame.ts';
import { shapeRibbon } from './buildRibbon.ts';
import type { RibbonData } from './buildRibbon.ts';

/** Metres; the shader keeps it visible from afar. */
const HALF_WIDTH_M = 2;

interface Line {
  points: Point[];
  /** Seconds since the beginning of the span. */
  atS: number[];
  speedMps: number[];
}

/** Pieces as lines: one that is joined to the piece before of its unit begins at that piece's end. */
function toLines(pieces: readonly TrackPiece[], frame: LocalFrame, fromMs: number): Line[] {
  const last = new Map<string, Line>();
  return pieces.map((piece) => {
    const before = piece.joined ? last.get(piece.unitId) : undefined;
    const line: Line = {
      points: before ? [before.points.at(-1)!] : [],
      atS: before ? [before.atS.at(-1)!] : [],
      speedMps: before ? [before.speedMps.at(-1)!] : [],
    };
    for (let i = 0; i < piece.observedAtMs.length; i++) {
      line.points.push([frame.x(piece.lonDeg[i]!), frame.y(piece.latDeg[i]!)]);
      line.atS.push((piece.observedAtMs[i]! - fromMs) / 1000);
      line.speedMps.push(piece.speedMps[i]!);
    }
    last.set(piece.unitId, line);
    return line;
  });
}

/** A ribbon of recorded ways. e: side, seconds since the beginning of the span, half width in metres, speed in m/s. */
export function buildTracks(pieces: readonly TrackPiece[], frame: LocalFrame, fromMs: number): RibbonData {
  return shapeRibbon(
    toLines(pieces, frame, fromMs).map(({ points, atS, speedMps }) => ({
      points,
      write: (e, at, i, side) => {
        e[at] = side;
        e[at + 1] = atS[i]!;
        e[at + 2] = HALF_WIDTH_M;
        e[at + 3] = speedMps[i]!;
      },
    })),
  );
}
