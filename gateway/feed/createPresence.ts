import type { Hello, LookedAt, Role } from '../../protocol/frames/client.ts';
import { MAX_DESKS } from '../../protocol/frames/server.ts';
import type { PresentDesk, ServerFrame } from '../../protocol/frames/server.ts';
import type { LocalText } from '../../protocol/primitives.ts';

/** Longest name that is told to the others, in characters: with `MAX_DESKS` of them the frame stays far below its limit. */
const NAME_LENGTH = 40;

/** One connection of a desk. */
interface Seat {
  name: LocalText;
  role: Role;
  at: LookedAt | null;
  sinceMs: number;
  follows: boolean;
  /** Which of a desk's connections looked last. */
  order: number;
}
export interface PresenceSeat {
  look(at: LookedAt | null, follows: boolean): void;
  leave(): void;
}

const short = (text: string): string => [...text].slice(0, NAME_LENGTH).join('');

/**
 * Who is here and what each desk has open (rule P-12). Held in memory only; a desk is here as long as one of its connections is. Nothing
 * is sent from here: whoever sends compares `version` with what it told last, so that changes between two looks cost one frame.
 * @param nowMs Server time.
 */
export function createPresence(nowMs: () => number) {
  const desks = new Map<string, Set<Seat>>();
  let version = 0;
  let order = 0;
  let encoded: { version: number; text: string } | null = null;

  const told = ([id, seats]: [string, Set<Seat>]): PresentDesk => {
    const { name, role, at, sinceMs, follows } = [...seats].reduce((last, seat) => (seat.order > last.order ? seat : last));
    return { id, name, role, at, sinceMs, follows };
  };
  const list = (): PresentDesk[] => [...desks].slice(0, MAX_DESKS).map(told);

  return {
    /** Changes whenever `list` does. */
    get version() {
      return version;
    },
    list,
    /** The frame for everybody, made once a version. */
    frame(): string {
      if (encoded?.version !== version)
        encoded = { version, text: JSON.stringify({ frame: 'desks', desks: list() } satisfies ServerFrame) };
      return encoded.text;
    },
    /** A connection of a desk came. It looks at nothing until it says otherwise, and does not take back where another of the desk looks. */
    enter(desk: Hello['desk'], role: Role): PresenceSeat {
      const name = { zh: short(desk.name.zh), en: short(desk.name.en) };
      const seat: Seat = { name, role, at: null, sinceMs: Math.round(nowMs()), follows: false, order: 0 };
      const seats = desks.get(desk.id) ?? new Set();
      desks.set(desk.id, seats.add(seat));
      version += 1;
      return {
        look(at, follows) {
          if (!seats.has(seat)) return;
          order += 1;
          const isLast = [...seats].every((other) => other.order <= seat.order);
          seat.order = order;
          const isSame = seat.at?.kind === at?.kind && seat.at?.id === at?.id;
          if (isSame && seat.follows === follows && isLast) return;
          if (!isSame) seat.sinceMs = Math.round(nowMs());
          seat.at = at;
          seat.follows = follows;
          version += 1;
        },
        leave() {
          if (!seats.delete(seat)) return;
          if (seats.size === 0) desks.delete(desk.id);
          version += 1;
        },
      };
    },
  };
}
export type Presence = ReturnType<typeof createPresence>;
