import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { defineComponent, h, provide, shallowRef } from 'vue';
import type { Component, ShallowRef } from 'vue';
import { vi } from 'vitest';
import type { Mock } from 'vitest';
import type { CallDesk, CallDeskState } from '../../../../renderer/media/calls/createCallDesk.ts';
import { callDeskKey } from '../../../../renderer/composables/callDeskKey.ts';
import { createDeskPort } from '../../../../renderer/composables/createDeskPort.ts';
import { createDeskControl, deskControlKey } from '../../../../renderer/composables/deskControl.ts';
import type { DeskControl } from '../../../../renderer/composables/deskControl.ts';
import { provideServerClock } from '../../../../renderer/composables/useServerClock.ts';
import { createWallI18n } from '../../../../renderer/i18n/index.ts';
import { mediaContextKey } from '../../../../renderer/media/mediaContext.ts';
import { useCameraStore } from '../../../../renderer/state/cameraStore.ts';
import { useChannelStore } from '../../../../renderer/state/channelStore.ts';
import { useDeskStore } from '../../../../renderer/state/deskStore.ts';
import { useFeedStore } from '../../../../renderer/state/feedStore.ts';
import { useIncidentStore } from '../../../../renderer/state/incidentStore.ts';
import { useTownStore } from '../../../../renderer/state/townStore.ts';
import { useUnitStore } from '../../../../renderer/state/unitStore.ts';
import { NOW_MS, eveningFixture, modeFixture, weatherFixture } from './factFixture.ts';
import { townFixture } from './townFixture.ts';

export interface MountOptions {
  locale?: 'zh' | 'en';
  /** Nothing has come from the gateway yet. */
  empty?: boolean;
  select?: { kind: 'incident' | 'unit'; id: string };
  props?: Record<string, unknown>;
  call?: Partial<CallDeskState>;
  /** What the gateway answers; no welcome has come when it is left out. */
  capabilities?: string[];
  /** Answers to what the wall sends and asks. */
  send?: (type: string, data: unknown, options: unknown) => unknown;
  query?: (kind: string, data: unknown) => unknown;
}

const applied = { status: 'applied', seq: 1, error: null };
export const idleCall: CallDeskState = {
  kind: 'idle',
  callId: null,
  unitId: null,
  incidentId: null,
  media: 'audio',
  startedAtMs: null,
  connectedAtMs: null,
  endedAtMs: null,
  muted: false,
  microphone: true,
  endedBy: null,
  fault: null,
  remoteStream: null,
};

/** Three units as the gateway ranks them. */
const candidates = ['ce07', 'ce12', 'tp03'].map((unitId, i) => ({
  unitId,
  distanceM: 620 + i * 520,
  etaS: 102 + i * 78,
  reason: (['leadAgency', 'leadAgency', 'nearest'] as const)[i]!,
  route: [],
}));

/** One panel on the real stores, filled with an evening; only the socket, the pictures and the chart's canvas are stood in for. */
export async function mountPanel(panel: Component, options: MountOptions = {}) {
  const pinia = createPinia();
  setActivePinia(pinia);
  const evening = eveningFixture();
  const desk = useDeskStore();
  const feed = useFeedStore();
  const town = useTownStore();
  if (!options.empty) {
    town.town = townFixture();
    useUnitStore().replaceAll(evening.units);
    useIncidentStore().replaceAll(evening.incidents);
    useCameraStore().replaceAll(evening.cameras);
    useChannelStore().replaceAll(evening.channels);
    desk.setModeFact(modeFixture);
    desk.weather = weatherFixture;
  }
  const send: Mock<NonNullable<MountOptions['send']>> = vi.fn(options.send ?? (() => applied));
  const query: Mock<NonNullable<MountOptions['query']>> = vi.fn(
    options.query ?? ((kind) => ({ ok: true, items: kind === 'nearest' ? candidates : [] })),
  );
  const port = {
    nowMs: () => NOW_MS,
    send: (...a: unknown[]) => Promise.resolve(send(...(a as [string, unknown, unknown]))),
    query: (...a: unknown[]) => Promise.resolve(query(...(a as [string, unknown]))),
  };
  desk.connect(port as never);
  feed.connect({
    nowMs: () => NOW_MS,
    status: () => ({ kind: 'live', sinceMs: NOW_MS - 60_000, reason: null }),
    counters: feed.counters,
    refusals: () => [],
    heardServerMs: () => NOW_MS - 400,
    positionsSilentMs: () => 400,
    clock: () => ({ skewMs: 3, boundMs: 2, rate: 1 }),
    welcome: () => null,
  });
  if (options.capabilities) feed.welcome = { capabilities: options.capabilities } as never;
  const calls: CallDesk & { state: ShallowRef<CallDeskState> } & {
    [K in 'start' | 'hangUp' | 'toggleMute' | 'clear' | 'dispose']: Mock<CallDesk[K]>;
  } = {
    state: shallowRef<CallDeskState>({ ...idleCall, ...options.call }),
    start: vi.fn<CallDesk['start']>(() => Promise.resolve(null)),
    hangUp: vi.fn<() => void>(),
    toggleMute: vi.fn<() => void>(),
    stats: () => Promise.resolve(null),
    clear: vi.fn<() => void>(),
    dispose: vi.fn<() => void>(),
  };
  if (options.select) desk.select(options.select);
  const i18n = createWallI18n(options.locale ?? 'zh');
  let control!: DeskControl;
  const Host = defineComponent({
    setup() {
      provideServerClock(() => feed.nowMs());
      provide(callDeskKey, calls);
      provide(mediaContextKey, {
        poseOf: (unitId: string) =>
          unitId === 'drone99'
            ? null
            : { lonDeg: 120.49, latDeg: 30.74, altM: 0, headingDeg: 47, speedMps: 8.3, observedAtMs: NOW_MS - 4000 },
      } as never);
      control = createDeskControl(createDeskPort(calls));
      provide(deskControlKey, control);
      return () => h(panel, options.props);
    },
  });
  const wrapper = mount(Host, {
    attachTo: document.body,
    global: {
      plugins: [pinia, i18n],
      stubs: {
        LiveVideo: { props: ['camera', 'unit'], template: '<i class="video-stub" :data-camera="camera.id" />' },
      },
    },
  });
  await flushPromises();
  return {
    wrapper,
    desk,
    feed,
    town,
    control,
    calls,
    send,
    query,
    i18n,
    at: (testid: string) => wrapper.find(`[data-testid="${testid}"]`),
  };
}
