import type { Unit } from '../../../protocol/messages/index.ts';
import type { CommandHandler, DeskContext } from '../deskContext.ts';
import { refuse } from '../outcome.ts';
import type { Outcome } from '../outcome.ts';
import { wayTo } from '../wayTo.ts';

const PATH = 'data.unitId';

function obstacle(unit: Unit, { fleet }: DeskContext): Outcome | null {
  if (unit.origin) return refuse('notOurs', `${unit.name.en} is of ${unit.origin.name.en}: only they can send it`, PATH, 'forbidden');
  if (unit.kind !== 'vehicle' && unit.kind !== 'officer')
    return refuse('unitNotAvailable', `${unit.name.en} is a ${unit.kind}: it does not stand by on a road`, PATH);
  const vehicleId = fleet.vehicleOf(unit);
  if (vehicleId !== null) return refuse('unitNotAvailable', `${unit.name.en} rides in ${vehicleId}: move the vehicle up`, PATH);
  return unit.status !== 'available' || fleet.onDuty(unit.id)
    ? refuse('unitNotAvailable', `${unit.name.en} is ${unit.status}`, PATH)
    : null;
}

/** Moves a free unit up to a post, where it stays until it is sent to an incident or back. It stays available all the while. */
export const standby: CommandHandler<'unit.standby'> = ({ unitId, postId }, { by, reason, atMs }, context) => {
  const { fleet, positions, router, posts } = context;
  const unit = fleet.get(unitId);
  if (!unit) return refuse('notFound', `no unit ${unitId}`, PATH);
  if (postId === null) {
    const left = unit.origin ? null : unit.standby;
    const seq = left ? fleet.sendHome(unitId, { atMs, by, reason, incidentId: null }) : null;
    if (!left || seq === null) return refuse('illegalStep', `${unit.name.en} stands by at no post but its own`, PATH);
    context.order({ kind: 'home', unitId, postId: left.postId });
    return { seq };
  }
  const refusal = obstacle(unit, context);
  if (refusal) return refusal;
  const post = posts.get(postId);
  if (!post) return refuse('notFound', `no standby post ${postId}`, 'data.postId');
  if (unit.standby?.postId === postId)
    return refuse('illegalStep', `${unit.name.en} was moved up to ${post.name.en} already`, 'data.postId');
  const fix = positions.latest(unitId);
  const way = fix ? wayTo(router, unit.kind, [fix.lonDeg, fix.latDeg], [post.lonDeg, post.latDeg], atMs) : null;
  const etaAtMs = way ? atMs + Math.round(way.durationS * 1000) : null;
  const seq = fleet.moveUp(unitId, { postId, orderedAtMs: atMs, by, etaAtMs, arrivedAtMs: null, reason });
  // The unit was found above: with another post its fact is another.
  if (seq === null) return refuse('notFound', `no source tells of ${unit.name.en} now`, PATH);
  context.order({ kind: 'standby', unitId, postId, lonDeg: post.lonDeg, latDeg: post.latDeg, route: way?.line ?? [] });
  return { seq };
};
