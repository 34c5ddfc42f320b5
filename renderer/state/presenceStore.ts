import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { LookedAt, Role } from '../../protocol/frames/client.ts';
import type { PresentDesk } from '../../protocol/frames/server.ts';
import type { LocalText } from '../../protocol/primitives.ts';
import type { FeedClient } from '../feed/feedTypes.ts';

/** Who this wall is to the others. */
export interface OwnDesk {
  id: string;
  name: LocalText;
  role: Role;
}
export type PresencePort = Pick<FeedClient, 'look'>;

const keyOf = (at: LookedAt): string => `${at.kind}:${at.id}`;
const nobody: readonly PresentDesk[] = [];

/** Who sits at which desk and what each has open (rule P-12). Nothing here is kept: who is gone is gone. */
export const usePresenceStore = defineStore('presence', () => {
  const own = shallowRef<OwnDesk>({ id: '', name: { zh: '–', en: '–' }, role: 'viewer' });
  /** Everybody, this desk included, in the order of coming. */
  const desks = shallowRef<readonly PresentDesk[]>(nobody);
  /** This desk shows what the duty leader has open, unless somebody touched it lately. */
  const follows = ref(false);
  let port: PresencePort | null = null;

  const others = computed(() => desks.value.filter((desk) => desk.id !== own.value.id));
  const byPlace = computed(() => {
    const places = new Map<string, PresentDesk[]>();
    for (const desk of others.value) if (desk.at) places.set(keyOf(desk.at), [...(places.get(keyOf(desk.at)) ?? []), desk]);
    return places;
  });
  /** The duty leader to follow: of several, the one who opened something last. */
  const leader = computed(() => {
    const leaders = others.value.filter((desk) => desk.role === 'leader' && !desk.follows);
    return leaders.sort((a, b) => Number(b.at !== null) - Number(a.at !== null) || b.sinceMs - a.sinceMs)[0] ?? null;
  });

  return {
    own,
    desks,
    others,
    leader,
    follows,
    /** The other desks that have this open. */
    on: (at: LookedAt): readonly PresentDesk[] => byPlace.value.get(keyOf(at)) ?? nobody,
    look: (at: LookedAt | null, isFollowing: boolean): void => port?.look(at, isFollowing),
    connect: (next: PresencePort | null): void => void (port = next),
  };
});
