import { useDeskStore } from '../state/deskStore.ts';
import { useFeedStore } from '../state/feedStore.ts';
import { useIncidentStore } from '../state/incidentStore.ts';
import { useReplayStore } from '../state/replayStore.ts';
import { useTownStore } from '../state/townStore.ts';
import { useUnitStore } from '../state/unitStore.ts';
import type { CallDesk } from '../media/calls/createCallDesk.ts';
import type { DeskPort } from './deskControl.ts';
import { sinceMidnightMs } from './formatTime.ts';

/** Desk control on the real stores and the real call desk. */
export function createDeskPort(calls: Pick<CallDesk, 'start' | 'hangUp' | 'toggleMute' | 'clear'>): DeskPort {
  const desk = useDeskStore();
  const feed = useFeedStore();
  const incidents = useIncidentStore();
  const town = useTownStore();
  const replay = useReplayStore();
  const units = useUnitStore();
  return {
    selection: () => desk.selection,
    select: (selection) => desk.select(selection),
    incident: (id) => incidents.byId.get(id) ?? null,
    unit: (id) => units.byId.get(id) ?? null,
    units: () => units.onDuty,
    dismissNotices: () => desk.dismissAll(),
    queue: () => incidents.open,
    mode: () => desk.mode?.mode ?? 'routine',
    nowMs: () => feed.nowMs(),
    midnightMs: () => feed.nowMs() - sinceMidnightMs(feed.nowMs(), town.utcOffsetMin),
    isPast: () => replay.active,
    feedLive: () => feed.status.kind === 'live',
    accept: (incidentId) => desk.accept(incidentId),
    decide: (type, data, reason) => desk.decide(type, data, reason),
    dispatch: (incidentId, unitIds) => desk.dispatch(incidentId, unitIds),
    recall: (incidentId, unitId) => desk.recall(incidentId, unitId),
    close: (incidentId, outcome, reason) => desk.close(incidentId, outcome, reason),
    pauseClock: (incidentId, reason) => desk.pauseClock(incidentId, reason),
    resumeClock: (incidentId) => desk.resumeClock(incidentId),
    setMode: (mode, reason) => desk.setMode(mode, reason),
    nearest: (incidentId, limit) => desk.nearest(incidentId, limit),
    track: (unitId, fromMs, toMs) => desk.track(unitId, fromMs, toMs),
    async startCall(unit, media, incidentId) {
      if (replay.active) return desk.notify('call', 'replaying');
      const fault = await calls.start(unit, media, incidentId);
      // The call desk keeps every other failure in its own state, where the call panel shows it; this one is about the call that goes on.
      if (fault?.code === 'busy') desk.notify('call', fault.code);
    },
    hangUp() {
      // Only one of them finds something to do: a call is over or it is not.
      calls.clear();
      calls.hangUp();
    },
    toggleMute: () => calls.toggleMute(),
  };
}
