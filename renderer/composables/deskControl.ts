import { computed, inject, nextTick, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { InjectionKey, Ref } from 'vue';
import type { Incident, IncidentState, Tier, Unit } from '../../protocol/messages/index.ts';
import type { QueryItem } from '../../protocol/queries/index.ts';
import { createIncidentDecisions } from './incidentDecisions.ts';
import type { DecisionPort } from './incidentDecisions.ts';

export type Candidate = QueryItem['nearest'];
export type TrackPoint = QueryItem['track'];
/** A merged one is closed by the merge itself. */
export type CloseOutcome = Exclude<NonNullable<Incident['outcome']>, 'merged'>;
export interface CommandAnswer {
  status: string;
  error: { code: string; message: string } | null;
}
/** As the feed client answers: it always settles and never rejects. */
export type QueryAnswer<Item> = { ok: true; items: readonly Item[] } | { ok: false; code: string; message: string };
export interface Selection {
  kind: 'incident' | 'unit';
  id: string;
}

/** What desk control needs from the stores and the call desk. Plain functions, so that a test needs neither socket nor media. */
export interface DeskPort {
  selection(): Selection | null;
  select(selection: Selection | null): void;
  incident(id: string): Incident | null;
  unit(id: string): Unit | null;
  /** On duty, in the order in which keys walk through them. */
  units(): readonly Unit[];
  /** Open incidents, most urgent first. */
  queue(): readonly Incident[];
  mode(): 'routine' | 'urgent';
  nowMs(): number;
  /** Local midnight of the town before `nowMs`. */
  midnightMs(): number;
  feedLive(): boolean;
  /** The past is shown: nothing in it can be changed. */
  isPast(): boolean;
  accept(incidentId: string): Promise<CommandAnswer>;
  /** Any other decision about an incident. */
  decide: DecisionPort['decide'];
  dispatch(incidentId: string, unitIds: string[]): Promise<CommandAnswer>;
  recall(incidentId: string, unitId: string): Promise<CommandAnswer>;
  close(incidentId: string, outcome: CloseOutcome, reason: string | null): Promise<CommandAnswer>;
  pauseClock(incidentId: string, reason: string): Promise<CommandAnswer>;
  resumeClock(incidentId: string): Promise<CommandAnswer>;
  setMode(mode: 'routine' | 'urgent', reason: string): Promise<CommandAnswer>;
  nearest(incidentId: string, limit: number): Promise<QueryAnswer<Candidate>>;
  track(unitId: string, fromMs: number, toMs: number): Promise<QueryAnswer<TrackPoint>>;
  startCall(unit: Unit, media: 'audio' | 'video', incidentId: string | null): Promise<void>;
  /** Puts the call away when it is over already. */
  hangUp(): void;
  toggleMute(): void;
  dismissNotices(): void;
}

export type NearestState =
  | { kind: 'idle' }
  | { kind: 'loading'; incidentId: string }
  | { kind: 'ready'; incidentId: string; items: readonly Candidate[] }
  | { kind: 'failed'; incidentId: string; code: string; message: string };
export type TrackState =
  | { kind: 'hidden' }
  | { kind: 'loading'; unitId: string }
  | { kind: 'shown'; unitId: string; points: readonly TrackPoint[] }
  | { kind: 'failed'; unitId: string; code: string; message: string };

const CANDIDATES = 3;
const NEAREST_EVERY_MS = 5000;
const UNSENT: readonly IncidentState[] = ['reported', 'accepted', 'triaged'];
const NOT_OURS: CommandAnswer = { status: 'forbidden', error: { code: 'notOurs', message: '' } };
const TIERS: readonly Tier[] = ['simple', 'general', 'major'];

/** True while nobody has been sent: candidates are looked for, and a close is early. */
export function isUnsent(incident: Incident): boolean {
  return UNSENT.includes(incident.state);
}
/** Before `handled`, closing needs a reason. */
function closesEarly(incident: Incident): boolean {
  return incident.state !== 'handled' && incident.state !== 'closed';
}
/** Units on the incident that have not been released. */
export function activeAssignments(incident: Incident) {
  return incident.assignments.filter((a) => a.releasedAtMs === null);
}

/**
 * What the duty leader is doing at this moment: candidates of the open incident, a command under way, an unfinished form, a shown track.
 * Buttons and keys call the same functions here. Facts stay in the stores; this forgets everything when the selection changes.
 */
export function createDeskControl(port: DeskPort) {
  const nearest = shallowRef<NearestState>({ kind: 'idle' });
  const track = shallowRef<TrackState>({ kind: 'hidden' });
  const busy = ref<string | null>(null);
  const refusal = shallowRef<{ subjectId: string; answer: CommandAnswer } | null>(null);
  const closing = ref(false);
  const pausing = ref(false);
  const askingMode = ref(false);
  const cameraShown = ref(false);
  const homeRequests = ref(0);

  const incident = computed(() => {
    const selected = port.selection();
    return selected?.kind === 'incident' ? port.incident(selected.id) : null;
  });
  const unit = computed(() => {
    const selected = port.selection();
    return selected?.kind === 'unit' ? port.unit(selected.id) : null;
  });
  /** The incident whose candidates are wanted, or null. */
  const wanted = computed(() => (incident.value && isUnsent(incident.value) && !incident.value.origin ? incident.value.id : null));

  let asked = 0;
  async function refreshNearest(): Promise<void> {
    const incidentId = wanted.value;
    if (incidentId === null) return;
    const mine = ++asked;
    const known = nearest.value;
    if (known.kind === 'idle' || known.incidentId !== incidentId || known.kind === 'failed')
      nearest.value = { kind: 'loading', incidentId };
    const answer = await port.nearest(incidentId, CANDIDATES);
    if (mine !== asked || wanted.value !== incidentId) return;
    nearest.value = answer.ok
      ? { kind: 'ready', incidentId, items: answer.items.slice(0, CANDIDATES) }
      : { kind: 'failed', incidentId, code: answer.code, message: answer.message };
  }
  let timer: ReturnType<typeof setInterval> | null = null;
  watch(
    wanted,
    (incidentId) => {
      if (timer !== null) clearInterval(timer);
      timer = null;
      nearest.value = { kind: 'idle' };
      if (incidentId === null) return;
      void refreshNearest();
      timer = setInterval(() => {
        if (port.feedLive()) void refreshNearest();
      }, NEAREST_EVERY_MS);
    },
    { immediate: true },
  );
  watch(
    () => `${port.selection()?.kind ?? ''}:${port.selection()?.id ?? ''}`,
    () => {
      refusal.value = null;
      closing.value = false;
      decisions.forget();
      pausing.value = false;
      cameraShown.value = false;
      track.value = { kind: 'hidden' };
    },
  );
  onScopeDispose(() => {
    if (timer !== null) clearInterval(timer);
    asked += 1;
  });

  /** Runs one command at a time; a refusal stays on the card until the next command. */
  async function run(name: string, subjectId: string, send: () => Promise<CommandAnswer>): Promise<boolean> {
    if (busy.value !== null) return false;
    if (port.isPast()) {
      refusal.value = { subjectId, answer: { status: 'forbidden', error: { code: 'replaying', message: '' } } };
      return false;
    }
    // What is mirrored from another server is decided there.
    if (name !== 'mode' && incident.value?.origin) {
      refusal.value = { subjectId, answer: NOT_OURS };
      return false;
    }
    busy.value = name;
    refusal.value = null;
    try {
      const answer = await send();
      const done = answer.status === 'applied' || answer.status === 'duplicate';
      if (!done) refusal.value = { subjectId, answer };
      return done;
    } finally {
      busy.value = null;
    }
  }

  /** The unit that a call or picture is about: the selected one, or the first that was sent to the selected incident. */
  function unitInHand(): Unit | null {
    if (unit.value) return unit.value;
    const first = incident.value ? activeAssignments(incident.value)[0] : undefined;
    if (first) return port.unit(first.unitId);
    const best = nearest.value.kind === 'ready' ? nearest.value.items[0] : undefined;
    return best ? port.unit(best.unitId) : null;
  }
  function incidentIdInHand(): string | null {
    return incident.value?.id ?? unit.value?.incidentId ?? null;
  }

  const decisions = createIncidentDecisions({
    incident,
    isUnsent,
    run,
    port: {
      decide: port.decide,
      nearest: port.nearest,
      unitAgency: (unitId) => port.unit(unitId)?.agencyId ?? null,
    },
  });

  return {
    decisions,
    incident,
    unit,
    nearest: nearest as Readonly<Ref<NearestState>>,
    track: track as Readonly<Ref<TrackState>>,
    /** What is under way, or what stands in the way of everything; null when a button may be pressed. */
    busy: computed(() => busy.value ?? (port.isPast() ? 'replay' : null)),
    refusal,
    closing,
    /** The form that asks why the clock is paused is open. */
    pausing,
    askingMode,
    cameraShown,
    homeRequests,
    refreshNearest,
    unitInHand,

    async accept(): Promise<void> {
      const it = incident.value;
      if (it?.state === 'reported') await run('accept', it.id, () => port.accept(it.id));
    },
    async nextTier(): Promise<void> {
      const it = incident.value;
      if (it) await decisions.setTier(TIERS[(TIERS.indexOf(it.tier) + 1) % TIERS.length]!);
    },
    async dispatch(unitId: string): Promise<void> {
      const it = incident.value;
      if (it && it.state !== 'closed') await run(`dispatch:${unitId}`, it.id, () => port.dispatch(it.id, [unitId]));
    },
    async dispatchCandidate(index: number): Promise<void> {
      const candidate = nearest.value.kind === 'ready' ? nearest.value.items[index] : undefined;
      if (!candidate || incident.value?.id !== (nearest.value as { incidentId: string }).incidentId) return;
      await this.sendCandidate(candidate);
    },
    /** One that is busy with something less severe is taken from there, with a reason. */
    async sendCandidate({ unitId, busyWith }: Candidate): Promise<void> {
      if (busyWith) decisions.ask({ kind: 'reassign', unitId });
      else await this.dispatch(unitId);
    },
    async recall(unitId: string): Promise<void> {
      const it = incident.value;
      if (it) await run(`recall:${unitId}`, it.id, () => port.recall(it.id, unitId));
    },
    async recallLast(): Promise<void> {
      const last = incident.value ? activeAssignments(incident.value).at(-1) : undefined;
      if (last) await this.recall(last.unitId);
    },
    /** Closes at once when handled; otherwise opens the form that asks for the reason. */
    async askClose(): Promise<void> {
      const it = incident.value;
      if (!it || it.state === 'closed') return;
      if (closesEarly(it) && !it.origin) closing.value = true;
      else await this.close('handled', null);
    },
    async close(outcome: CloseOutcome, reason: string | null): Promise<void> {
      const it = incident.value;
      if (it && (await run('close', it.id, () => port.close(it.id, outcome, reason)))) closing.value = false;
    },
    async pauseClock(reason: string): Promise<void> {
      const it = incident.value;
      if (it && (await run('pauseClock', it.id, () => port.pauseClock(it.id, reason)))) pausing.value = false;
    },
    async resumeClock(): Promise<void> {
      const it = incident.value;
      if (it) await run('resumeClock', it.id, () => port.resumeClock(it.id));
    },
    async setMode(reason: string): Promise<void> {
      const mode = port.mode() === 'routine' ? 'urgent' : 'routine';
      if (await run('mode', 'desk', () => port.setMode(mode, reason))) askingMode.value = false;
    },
    /** Moves the selection through the queue; from nothing it starts at the most urgent. */
    move(step: 1 | -1): void {
      const queue = port.queue();
      if (queue.length === 0) return;
      const at = queue.findIndex((it) => it.id === incident.value?.id);
      const to = at < 0 ? (step === 1 ? 0 : queue.length - 1) : Math.min(queue.length - 1, Math.max(0, at + step));
      port.select({ kind: 'incident', id: queue[to]!.id });
    },
    openFirst(): void {
      const first = port.queue()[0];
      if (!incident.value && first) port.select({ kind: 'incident', id: first.id });
    },
    call(media: 'audio' | 'video', unitId?: string): void {
      const target = unitId === undefined ? unitInHand() : port.unit(unitId);
      if (target && target.callAddress !== null) void port.startCall(target, media, incidentIdInHand());
    },
    hangUp: () => port.hangUp(),
    toggleMute: () => port.toggleMute(),
    select: (selection: Selection | null) => port.select(selection),
    goHome(): void {
      homeRequests.value += 1;
    },
    /** From an incident it opens the picture of whoever was sent there: the crew's body cameras first. */
    async toggleCamera(): Promise<void> {
      if (unit.value) {
        if (unit.value.cameraIds.length > 0) cameraShown.value = !cameraShown.value;
        return;
      }
      const sent = unitInHand();
      const carrier = [...(sent?.crew ?? []).map((member) => port.unit(member.unitId)), sent].find((it) => it && it.cameraIds.length > 0);
      if (carrier) await this.openCamera(carrier.id);
    },
    /** The unit's card with its picture in it: one click on a tile. */
    async openCamera(unitId: string): Promise<void> {
      port.select({ kind: 'unit', id: unitId });
      await nextTick(); // another selection hides the picture of the one before
      if (unit.value?.id === unitId) cameraShown.value = true;
    },
    /** From an incident to the unit sent there, from a unit to the incident that it works on. */
    toggleUnit(): void {
      const task = unit.value?.incidentId ?? null;
      const sent = unit.value ? null : unitInHand();
      if (task !== null && port.incident(task)) port.select({ kind: 'incident', id: task });
      else if (sent) port.select({ kind: 'unit', id: sent.id });
    },
    /** Walks through everybody on duty; from an incident it starts at the unit sent there. */
    moveUnit(step: 1 | -1): void {
      const all = port.units();
      const at = all.findIndex((it) => it.id === unit.value?.id);
      const next = at < 0 ? (unitInHand() ?? all[0]) : all[(at + step + all.length) % all.length];
      if (next) port.select({ kind: 'unit', id: next.id });
    },
    dismissNotices: () => port.dismissNotices(),
    async toggleTrack(): Promise<void> {
      const it = unit.value;
      if (!it) return;
      if (track.value.kind !== 'hidden' && track.value.unitId === it.id && track.value.kind !== 'failed') {
        track.value = { kind: 'hidden' };
        return;
      }
      const unitId = it.id;
      track.value = { kind: 'loading', unitId };
      const answer = await port.track(unitId, port.midnightMs(), port.nowMs());
      if (track.value.kind !== 'loading' || track.value.unitId !== unitId) return;
      track.value = answer.ok
        ? { kind: 'shown', unitId, points: answer.items }
        : { kind: 'failed', unitId, code: answer.code, message: answer.message };
    },
    /** Closes the topmost thing. True when there was one. */
    back(): boolean {
      if (askingMode.value) askingMode.value = false;
      else if (closing.value) closing.value = false;
      else if (decisions.asking.value) decisions.forget();
      else if (pausing.value) pausing.value = false;
      else if (port.selection()) port.select(null);
      else return false;
      return true;
    },
  };
}
export type DeskControl = ReturnType<typeof createDeskControl>;

export const deskControlKey: InjectionKey<DeskControl> = Symbol('deskControl');
export function useDeskControl(): DeskControl {
  const control = inject(deskControlKey, null);
  if (!control) throw new Error('useDeskControl: provide(deskControlKey, ...) in App.vue');
  return control;
}
