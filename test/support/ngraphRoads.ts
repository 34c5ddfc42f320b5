import createGraph from 'ngraph.graph';
import path from 'ngraph.path';
import type { LonLat } from '../../protocol/primitives.ts';
import type { Road } from '../../protocol/town/town.ts';
import { createLocalMetres } from '../../gateway/roads/localMetres.ts';
import { createRoadIndex } from '../../gateway/roads/roadIndex.ts';
import { createRoadNetwork, type Edge } from '../../gateway/roads/roadNetwork.ts';
import { roadSpeedMps, type TravelKind } from '../../gateway/roads/roadSpeed.ts';
import { freeFlow, type Traffic } from '../../gateway/roads/traffic.ts';

/**
 * The roads in a second library, ngraph.path's bidirectional A* without a heuristic worth the name: what a shortest way costs, found by other hands
 * over the same edges.
 * @param atMs When one sets out.
 */
export function createNgraphRoads(roads: readonly Road[], kind: TravelKind, traffic: Traffic = freeFlow, atMs = 0) {
  const metres = createLocalMetres(roads.find((road) => road.class !== 'expressway')!.line[0]!);
  const network = createRoadNetwork(roads, metres);
  const findRoad = createRoadIndex(network);
  const graph = createGraph<null, number>();
  const seconds = ({ road }: Edge, lengthM: number) => lengthM / roadSpeedMps(road, kind, 'duty', traffic.flowAt(road.class, atMs));
  const link = (from: number | string, to: number | string, costS: number): void => {
    const present = graph.getLink(from, to);
    if (!present || costS < present.data) graph.addLink(from, to, costS);
  };
  /** Along and against an edge. */
  const openWays = ({ road }: Edge): [boolean, boolean] =>
    kind === 'officer' ? [road.class !== 'expressway', road.class !== 'expressway'] : [true, !road.oneWay];
  network.nodes.forEach((_, i) => graph.addNode(i, null));
  for (const edge of network.edges) {
    const [along, against] = openWays(edge);
    if (along) link(edge.from, edge.to, seconds(edge, edge.lengthM));
    if (against) link(edge.to, edge.from, seconds(edge, edge.lengthM));
  }
  const finder = path.nba<null, number>(graph, { oriented: true, distance: (_a, _b, { data }) => data });

  return {
    edgeCount: network.edges.length,
    /** Seconds of the quickest way; null when there is none. */
    secondsBetween(from: LonLat, to: LonLat): number | null {
      const [start, end] = [findRoad(metres.toXy(from)), findRoad(metres.toXy(to))];
      if (!start || !end) return null;
      const [leave, enter] = [network.edges[start.edge]!, network.edges[end.edge]!];
      const [leaveS, enterS] = [seconds(leave, leave.lengthM), seconds(enter, enter.lengthM)];
      graph.addNode('start', null);
      graph.addNode('end', null);
      if (openWays(leave)[0]) link('start', leave.to, (1 - start.t) * leaveS);
      if (openWays(leave)[1]) link('start', leave.from, start.t * leaveS);
      if (openWays(enter)[0]) link(enter.from, 'end', end.t * enterS);
      if (openWays(enter)[1]) link(enter.to, 'end', (1 - end.t) * enterS);
      if (start.edge === end.edge && openWays(leave)[end.t >= start.t ? 0 : 1]) link('start', 'end', Math.abs(end.t - start.t) * leaveS);
      const way = finder.find('start', 'end').reverse();
      const costS = way.slice(1).reduce((sum, node, i) => sum + graph.getLink(way[i]!.id, node.id)!.data, 0);
      graph.removeNode('start');
      graph.removeNode('end');
      return way.length === 0 ? null : costS;
    },
  };
}
