import type { LonLat } from '../../protocol/primitives.ts';
import { insideRing } from '../desk/insideRing.ts';
import { crossingOf, type LocalMetres, type Xy } from '../roads/localMetres.ts';
import type { RoadNetwork } from '../roads/roadNetwork.ts';

/** A part of an edge that lies wholly in the centre, or wholly in the rest of the town. */
export interface Section {
  readonly edge: number;
  readonly from: number;
  readonly to: number;
  readonly inCore: boolean;
}

/** Each edge cut where it crosses a ring. What is outside the outline is left out, and so are expressways, where nobody is sent. */
export function cutSections(
  { nodes, edges }: RoadNetwork,
  metres: LocalMetres,
  outline: readonly LonLat[],
  core: readonly LonLat[],
): Section[] {
  const rings = [outline, core].map((ring) => ring.map((point) => metres.toXy(point)));
  const sections: Section[] = [];
  edges.forEach(({ from, to, road }, edge) => {
    if (road.class === 'expressway') return;
    const [a, b] = [nodes[from]!, nodes[to]!];
    const cuts = [0, 1];
    for (const ring of rings) {
      ring.forEach((corner, i) => {
        const crossing = crossingOf(a, b, ring[i === 0 ? ring.length - 1 : i - 1]!, corner);
        if (crossing) cuts.push(crossing.t);
      });
    }
    cuts.sort((s, t) => s - t);
    for (let i = 1; i < cuts.length; i += 1) {
      const [low, high] = [cuts[i - 1]!, cuts[i]!];
      if (high <= low) continue;
      const middle = metres.toLonLat(between(a, b, (low + high) / 2));
      if (!insideRing(middle, outline)) continue;
      sections.push({ edge, from: low, to: high, inCore: insideRing(middle, core) });
    }
  });
  return sections;
}

const between = (a: Xy, b: Xy, t: number): Xy => ({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t });
