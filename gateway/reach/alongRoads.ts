import type { Edge } from '../roads/roadNetwork.ts';

/** A part of an edge, between two shares of its length. */
export interface Piece<Of> {
  edge: number;
  from: number;
  to: number;
  of: Of;
}
export interface RoadSpans<Of> {
  roadId: string;
  spans: { fromM: number; toM: number; of: Of }[];
}

/** Ends nearer than this are one. */
const SAME_M = 0.5;
export const toDecimetre = (metres: number): number => Math.round(metres * 10) / 10;

/** Pieces that follow each other along a road and are alike are one. @param pieces in the order of the edges and along them. */
export function alongRoads<Of>(pieces: Iterable<Piece<Of>>, edges: readonly Edge[]): RoadSpans<Of>[] {
  const found: RoadSpans<Of>[] = [];
  for (const { edge, from, to, of } of pieces) {
    const { road, startM, lengthM } = edges[edge]!;
    const [fromM, toM] = [toDecimetre(startM + from * lengthM), toDecimetre(startM + to * lengthM)];
    if (found.at(-1)?.roadId !== road.id) found.push({ roadId: road.id, spans: [] });
    const { spans } = found.at(-1)!;
    const last = spans.at(-1);
    if (last && last.of === of && Math.abs(fromM - last.toM) < SAME_M) last.toM = toM;
    else spans.push({ fromM, toM, of });
  }
  return found;
}
