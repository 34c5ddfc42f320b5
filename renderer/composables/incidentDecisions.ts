import { ref, shallowRef } from 'vue';
import type { Ref } from 'vue';
import type { CommandData, CommandType } from '../../protocol/commands/index.ts';
import type { Incident, Tier } from '../../protocol/messages/index.ts';
import type { Candidate, CommandAnswer, QueryAnswer } from './deskControl.ts';

/** What a person must give a reason for before it is asked of the gateway. */
export type Ask =
  | { kind: 'tier'; tier: Tier }
  | { kind: 'split'; reportId: string }
  | { kind: 'merge'; otherId: string }
  | { kind: 'reassign'; unitId: string };

type DecisionType = Extract<CommandType, `incident.${string}`>;
export interface DecisionPort {
  decide<T extends DecisionType>(type: T, data: CommandData[T], reason: string | null): Promise<CommandAnswer>;
  nearest(incidentId: string, limit: number): Promise<QueryAnswer<Candidate>>;
  unitAgency(unitId: string): string | null;
}
export interface DecisionOptions {
  incident: Readonly<Ref<Incident | null>>;
  port: DecisionPort;
  isUnsent(incident: Incident): boolean;
  /** Runs one command at a time; a refusal stays on the card. @returns whether it was applied. */
  run(name: string, subjectId: string, send: () => Promise<CommandAnswer>): Promise<boolean>;
}

/** The best of each agency is among so many. */
const JOINT_CANDIDATES = 30;
const isSame = (a: Ask | null, b: Ask): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Decisions about the selected incident beside sending and closing: its tier, its reporters, its chair, several agencies at once. */
export function createIncidentDecisions({ incident, port, isUnsent, run }: DecisionOptions) {
  const asking = shallowRef<Ask | null>(null);
  /** Agencies of a joint dispatch that had nobody to send. */
  const missing = ref<readonly string[]>([]);

  const ask = (next: Ask): void => void (asking.value = isSame(asking.value, next) ? null : next);
  const submitOf = (it: Incident, wish: Ask, reason: string): (() => Promise<CommandAnswer>) => {
    const incidentId = it.id;
    switch (wish.kind) {
      case 'tier':
        return () => port.decide('incident.triage', { incidentId, tier: wish.tier }, reason);
      case 'split':
        return () => port.decide('incident.split', { incidentId, reportId: wish.reportId }, reason);
      case 'merge':
        return () => port.decide('incident.merge', { incidentId, otherId: wish.otherId }, reason);
      case 'reassign':
        return () => port.decide('incident.reassign', { incidentId, unitId: wish.unitId }, reason);
    }
  };

  return {
    asking,
    missing,
    ask,
    /** What the rules propose is decided at once; anything else asks for the reason first. */
    async setTier(tier: Tier): Promise<void> {
      const it = incident.value;
      if (!it || !isUnsent(it)) return;
      const proposed = it.triageRule?.tier ?? tier;
      if (tier !== proposed && it.tier !== tier) return ask({ kind: 'tier', tier });
      asking.value = null;
      if (it.tier !== tier || it.state !== 'triaged')
        await run('triage', it.id, () => port.decide('incident.triage', { incidentId: it.id, tier }, null));
    },
    async submitReason(reason: string): Promise<void> {
      const [it, wish] = [incident.value, asking.value];
      if (it && wish && (await run(wish.kind, it.id, submitOf(it, wish, reason)))) asking.value = null;
    },
    async answer(reportIds: readonly string[]): Promise<void> {
      const it = incident.value;
      if (it && reportIds.length > 0)
        await run('answer', it.id, () => port.decide('incident.answer', { incidentId: it.id, reportIds: [...reportIds] }, null));
    },
    async answerAll(): Promise<void> {
      await this.answer((incident.value?.reports ?? []).filter(({ answeredAtMs }) => answeredAtMs === null).map(({ id }) => id));
    },
    async chair(chairId: string | null): Promise<void> {
      const it = incident.value;
      if (it?.tier === 'major') await run('chair', it.id, () => port.decide('incident.chair', { incidentId: it.id, chairId }, null));
    },
    async standDown(unitIds: readonly string[]): Promise<void> {
      const it = incident.value;
      if (it && unitIds.length > 0)
        await run('standDown', it.id, () => port.decide('incident.standDown', { incidentId: it.id, unitIds: [...unitIds] }, null));
    },
    /** The best free unit of the lead and of each supporting agency, in one order: all of them or none. */
    async dispatchJoint(): Promise<void> {
      const it = incident.value;
      if (!it || it.state === 'closed') return;
      missing.value = [];
      const answer = await port.nearest(it.id, JOINT_CANDIDATES);
      if (!answer.ok || incident.value?.id !== it.id) return;
      const free = answer.items.filter(({ busyWith }) => busyWith === undefined);
      const wanted = [it.leadAgencyId, ...it.supportAgencyIds];
      const found = wanted.map((agencyId) => free.find(({ unitId }) => port.unitAgency(unitId) === agencyId)?.unitId ?? null);
      missing.value = wanted.filter((_, i) => found[i] === null);
      const unitIds = found.filter((unitId) => unitId !== null);
      if (unitIds.length > 0) await run('joint', it.id, () => port.decide('incident.dispatch', { incidentId: it.id, unitIds }, null));
    },
    forget(): void {
      asking.value = null;
      missing.value = [];
    },
  };
}
