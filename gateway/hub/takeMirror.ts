import type { Incident, Origin } from '../../protocol/messages/index.ts';
import { refusal } from '../adapters/adapter.ts';
import type { Fact, MirrorMessage, MirrorType, Refusal } from '../adapters/adapter.ts';
import type { FactTakerOptions, Verdict } from './takeFacts.ts';

export const mirrorTypes = [
  'unit.updated',
  'camera.updated',
  'incident.updated',
  'detection.updated',
  'call.updated',
  'weather.updated',
] as const satisfies readonly MirrorType[];

/** Things of one type from one server: one that makes ids up must not fill the wall and the memory. */
const MOST_OF_TYPE = 20_000;

type Mirror = Extract<Fact, { kind: 'mirror' }>;

/**
 * Hands in what another server decided: under ids with the source's prefix, in server time, with its origin. It never touches what is not of
 * the same source, and what has an origin there already was passed over by the adapter: two servers that hear each other do not echo.
 */
export function createMirrorTaker({ entry, town, intake, journal, handles }: Omit<FactTakerOptions, 'latestFix' | 'onUnit'>) {
  const known = {
    agencies: new Set(town.agencies.map(({ id }) => id)),
    channels: new Set(town.channels.map(({ id }) => id)),
    eventTypes: new Set(town.eventTypes.map(({ id }) => id)),
  };
  const own = new Map<MirrorType, Set<string>>();
  const ownOf = (type: MirrorType): Set<string> => {
    const ids = new Set<string>();
    for (const { id, origin } of journal.all(type)) if (origin?.sourceId === entry.id) ids.add(id);
    own.set(type, ids);
    return ids;
  };
  for (const type of mirrorTypes) ownOf(type);

  const ours = (id: string): string => `${entry.prefix}${id}`;
  const oursOrNull = (id: string | null): string | null => (id === null ? null : ours(id));

  /** @returns the id in this town, or null where it has none for it. */
  const translate = (what: keyof typeof known, terms: Mirror['terms'], id: string): string | null => {
    const table = terms[what];
    const named = Object.hasOwn(table, id) ? table[id]! : known[what].has(id) ? id : table['*'];
    return named !== undefined && known[what].has(named) ? named : null;
  };
  const reasons = { agencies: 'unknownAgency', channels: 'unknownChannel', eventTypes: 'unknownType' } as const;

  /** The fact as it is here, or why it cannot be. */
  const localise = ({ message, terms }: Mirror, origin: Origin, offsetMs: number): MirrorMessage | Refusal => {
    let unknown: Refusal | null = null;
    const name = (what: keyof typeof known, path: string, id: string): string => {
      const found = translate(what, terms, id);
      if (found !== null) return found;
      unknown ??= refusal(
        reasons[what],
        path,
        `the town has no ${id.slice(0, 64)}; "adapter": {"${what}": {...}} says what it is called here`,
      );
      return id;
    };
    const time = (ms: number): number => Math.max(0, Math.round(ms - offsetMs));
    const timeOrNull = (ms: number | null): number | null => (ms === null ? null : time(ms));
    const rev = 0;
    const translated = (): MirrorMessage => {
      switch (message.type) {
        case 'unit.updated': {
          const { data } = message;
          const id = ours(data.id);
          return {
            type: message.type,
            data: {
              ...data,
              id,
              rev,
              origin,
              agencyId: name('agencies', 'agencyId', data.agencyId),
              handle: handles.of(id),
              crew: data.crew.map((member) => ({ ...member, unitId: ours(member.unitId) })),
              vehicleId: oursOrNull(data.vehicleId),
              postId: oursOrNull(data.postId),
              incidentId: oursOrNull(data.incidentId),
              cameraIds: data.cameraIds.map(ours),
              standby: data.standby
                ? {
                    ...data.standby,
                    postId: ours(data.standby.postId),
                    orderedAtMs: time(data.standby.orderedAtMs),
                    etaAtMs: timeOrNull(data.standby.etaAtMs),
                    arrivedAtMs: timeOrNull(data.standby.arrivedAtMs),
                  }
                : null,
              standbyEnded: data.standbyEnded
                ? {
                    ...data.standbyEnded,
                    postId: ours(data.standbyEnded.postId),
                    atMs: time(data.standbyEnded.atMs),
                    incidentId: oursOrNull(data.standbyEnded.incidentId),
                  }
                : null,
            },
          };
        }
        case 'camera.updated': {
          const { data } = message;
          return { type: message.type, data: { ...data, id: ours(data.id), rev, origin, unitId: oursOrNull(data.unitId) } };
        }
        case 'incident.updated': {
          const { data } = message;
          const incident: Incident = {
            ...data,
            id: ours(data.id),
            rev,
            origin,
            // Numbers are unique in a town, and this one is of another.
            number: `${entry.id}:${data.number}`,
            channelId: name('channels', 'channelId', data.channelId),
            typeId: name('eventTypes', 'typeId', data.typeId),
            leadAgencyId: name('agencies', 'leadAgencyId', data.leadAgencyId),
            supportAgencyIds: data.supportAgencyIds.flatMap((id) => translate('agencies', terms, id) ?? []),
            cameraIds: data.cameraIds.map(ours),
            reportedAtMs: time(data.reportedAtMs),
            assignments: data.assignments.map((one) => ({
              ...one,
              unitId: ours(one.unitId),
              orderedAtMs: time(one.orderedAtMs),
              setOutAtMs: timeOrNull(one.setOutAtMs),
              arrivedAtMs: timeOrNull(one.arrivedAtMs),
              releasedAtMs: timeOrNull(one.releasedAtMs),
              ...(typeof one.acknowledgedAtMs !== 'number' ? {} : { acknowledgedAtMs: time(one.acknowledgedAtMs) }),
              etaAtMs: timeOrNull(one.etaAtMs),
            })),
            steps: data.steps.map((step) => ({ ...step, atMs: time(step.atMs), unitId: oursOrNull(step.unitId) })),
            ...(data.mergedInto === undefined ? {} : { mergedInto: oursOrNull(data.mergedInto) }),
            ...(data.chair ? { chair: { ...data.chair, sinceMs: time(data.chair.sinceMs) } } : {}),
            ...(data.reports
              ? {
                  reports: data.reports.map((report) => ({
                    ...report,
                    id: ours(report.id),
                    channelId: translate('channels', terms, report.channelId) ?? name('channels', 'channelId', data.channelId),
                    atMs: time(report.atMs),
                    answeredAtMs: timeOrNull(report.answeredAtMs),
                    fromIncidentId: oursOrNull(report.fromIncidentId),
                  })),
                }
              : {}),
          };
          return { type: message.type, data: incident };
        }
        case 'detection.updated': {
          const { data } = message;
          return {
            type: message.type,
            data: {
              ...data,
              id: ours(data.id),
              rev,
              origin,
              cameraId: oursOrNull(data.cameraId),
              incidentId: oursOrNull(data.incidentId),
              channelId: name('channels', 'channelId', data.channelId),
              typeId: name('eventTypes', 'typeId', data.typeId),
              detectedAtMs: time(data.detectedAtMs),
            },
          };
        }
        case 'call.updated': {
          const { data } = message;
          return {
            type: message.type,
            data: {
              ...data,
              id: ours(data.id),
              rev,
              origin,
              deskId: ours(data.deskId),
              unitId: ours(data.unitId),
              incidentId: oursOrNull(data.incidentId),
              startedAtMs: time(data.startedAtMs),
              connectedAtMs: timeOrNull(data.connectedAtMs),
              endedAtMs: timeOrNull(data.endedAtMs),
            },
          };
        }
        case 'weather.updated': {
          const { data } = message;
          return { type: message.type, data: { ...data, id: 'town', rev, origin, observedAtMs: time(data.observedAtMs) } };
        }
      }
    };
    const local = translated();
    return unknown ?? local;
  };

  return {
    has: (type: MirrorType, id: string): boolean => own.get(type)!.has(id),
    take(fact: Mirror, offsetMs: number): Verdict {
      const { type } = fact.message;
      const origin: Origin = { sourceId: entry.id, name: fact.terms.name ?? { zh: entry.id, en: entry.id } };
      const local = localise(fact, origin, offsetMs);
      if ('reason' in local) return local;
      const { id } = local.data;
      const before = journal.latest(type, id);
      // There is one weather only, and who asks for it gets the neighbour's.
      if (type !== 'weather.updated' && before && before.origin?.sourceId !== entry.id)
        return refusal('notItsOwn', 'id', `${id.slice(0, 128)} is not of this source: give it a prefix of its own`);
      if (!before && own.get(type)!.size >= MOST_OF_TYPE && ownOf(type).size >= MOST_OF_TYPE)
        return refusal('tooMany', 'id', `${MOST_OF_TYPE} things of ${type} came from this source already`);
      const fault = intake.mirror(local);
      if (fault) return refusal('badField', fault.path, fault.message);
      own.get(type)!.add(id);
      return 'taken';
    },
    /** What is not among the ids is gone at the other server. */
    keepOnly(ids: Extract<Fact, { kind: 'mirrorWhole' }>['ids']): Verdict {
      let retired = 0;
      for (const type of mirrorTypes) {
        const kept = ids[type];
        if (!kept || type === 'weather.updated') continue;
        const stays = new Set(kept.map(ours));
        for (const id of [...ownOf(type)]) {
          if (stays.has(id)) continue;
          own.get(type)!.delete(id);
          intake.retire(type, id);
          retired += 1;
        }
      }
      return retired > 0 ? 'taken' : 'passed';
    },
  };
}
