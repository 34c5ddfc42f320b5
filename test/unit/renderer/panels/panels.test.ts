import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { VueWrapper } from '@vue/test-utils';
import { panels } from '../../../../renderer/panels/index.ts';
import { useChannelStore } from '../../../../renderer/state/channelStore.ts';
import { useIncidentStore } from '../../../../renderer/state/incidentStore.ts';
import { useUiStore } from '../../../../renderer/state/uiStore.ts';
import vitals from '../../../../protocol/examples/accepted/query-item-vitals.json' with { type: 'json' };
import { NOW_MS, incidentFixture } from './factFixture.ts';
import { countFault } from '../../../../renderer/media/mediaCounters.ts';
import { MediaFault } from '../../../../renderer/media/mediaFault.ts';
import { mountPanel } from './mountPanel.ts';
import type { MountOptions } from './mountPanel.ts';

// ECharts needs a real canvas and takes seconds to load: its option is tested by itself, its picture in the browser tests.
vi.mock('../../../../renderer/charts/EChart.vue', () => ({
  default: { name: 'EChartStub', props: ['option', 'label'], template: '<i class="chart-stub" :aria-label="label" />' },
}));

const open: VueWrapper[] = [];
afterEach(() => {
  open.splice(0).forEach((wrapper) => wrapper.unmount());
  vi.restoreAllMocks();
});
async function show(id: (typeof panels)[number]['id'], options: MountOptions = {}) {
  const { default: panel } = await panels.find((row) => row.id === id)!.load();
  const shown = await mountPanel(panel, options);
  open.push(shown.wrapper);
  return { ...shown, text: () => shown.wrapper.text() };
}

describe('every panel', () => {
  it.each(panels.map((row) => row.id))('%s renders in both languages and without data, and never shows a key', async (id) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const select = id === 'unit' ? ({ kind: 'unit', id: 'ce07' } as const) : ({ kind: 'incident', id: '147' } as const);
    for (const options of [{ locale: 'zh' }, { locale: 'en' }, { locale: 'zh', empty: true }, { locale: 'en', empty: true }] as const) {
      const { wrapper, text } = await show(id, { ...options, select });
      expect(text()).not.toMatch(/\b[a-z]+[A-Za-z]*\.[a-z][A-Za-z]+\b/);
      expect(text()).not.toMatch(/undefined|NaN|\[object/);
      if (options.locale === 'en') expect(text().replace(/演示数据|乌镇综合指挥|中文|浙F·演07/g, ''), id).not.toMatch(/\p{Script=Han}/u);
      wrapper.unmount();
    }
    expect(warn.mock.calls.map((call) => String(call[0]))).toEqual([]);
  });
});

describe('header', () => {
  it('shows the town’s time, mode, leader, weather and the age of the data', async () => {
    const { at, text, feed, wrapper } = await show('header');
    expect(at('header-clock').text()).toContain('19:21:05');
    expect(at('header-clock').text()).toContain('2026年5月13日 星期三');
    expect(at('feed-age').text()).toBe('数据 0.4 秒');
    expect(text()).toContain('沈国强');
    expect(text()).toContain('多云 21°C');
    feed.status = { kind: 'stale', sinceMs: NOW_MS, reason: 'silent' };
    await wrapper.vm.$nextTick();
    expect(at('feed-age').text()).toBe('数据中断 · 自 19:21:05');
    feed.status = { kind: 'live', sinceMs: NOW_MS, reason: null };
    feed.feedAgeMs = 1800;
    await wrapper.vm.$nextTick();
    expect(at('feed-age').text()).toBe('数据延迟 1.8 秒');
    feed.feedAgeMs = 400;
    feed.positionsSilentMs = 12_700;
    await wrapper.vm.$nextTick();
    expect(at('feed-age').text()).toBe('位置 12 秒未更新');
  });
  it('asks for a reason before it changes the mode', async () => {
    const { at, send } = await show('header', { locale: 'en' });
    await at('mode-toggle').trigger('click');
    expect(at('mode-confirm').attributes('disabled')).toBeDefined();
    await at('mode-form').trigger('submit');
    expect(send).not.toHaveBeenCalled();
    await at('mode-reason').setValue('  typhoon signal ');
    await at('mode-form').trigger('submit');
    await flushPromises();
    expect(send).toHaveBeenCalledWith('mode.set', { mode: 'urgent' }, { reason: 'typhoon signal' });
    expect(at('mode-form').exists()).toBe(false);
  });
  it('changes language and light', async () => {
    const { at } = await show('header');
    const ui = useUiStore();
    ui.locale = 'zh';
    await at('locale-toggle').trigger('click');
    expect(ui.locale).toBe('en');
    ui.light = 'auto';
    await at('light-toggle').trigger('click');
    expect(ui.light).toBe('day');
    ui.locale = 'zh';
    ui.light = 'auto';
  });
});

describe('channels', () => {
  it('counts each channel, its pending, and marks the inferred ones', async () => {
    const { at, wrapper } = await show('channels');
    expect(wrapper.findAll('li')).toHaveLength(9);
    expect(at('channel-public').text()).toMatch(/群众反映.*3 待/s);
    expect(at('channel-guanjia').find('em').exists()).toBe(false);
    expect(at('channel-drone').find('em').text()).toBe('演');
    expect(wrapper.text()).toContain('演示口径');
    expect(at('channel-assigned').text()).not.toContain('待');
  });
});

describe('queue', () => {
  it('lists by urgency, with the clock of the promise that runs', async () => {
    const { wrapper } = await show('queue');
    const rows = wrapper.findAll('[data-testid="queue-item"]');
    // The state first: the end of the line is what a narrow row cuts.
    for (const row of rows) expect(row.find('.where').text()).toMatch(/^(已上报|已受理|已研判|已派单|赶赴中|已到场|已处置|.+ 已派)/);
    expect(rows.map((row) => row.attributes('data-incident-id'))).toEqual(['148', '147', '139', '141', '128', '133', '150']);
    expect(rows[0]!.text()).toContain('瓶装燃气泄漏报警');
    expect(rows[0]!.text()).toContain('剩00:39');
    expect(rows[0]!.text()).toContain('受理时限');
    expect(rows[6]!.text()).toContain('超00:24');
    expect(rows[0]!.find('[aria-label="一级"]').exists()).toBe(true);
  });
  it('says how many more there are, and brings the selected one into view', async () => {
    const { wrapper, desk } = await show('queue', { locale: 'en' });
    useIncidentStore().put(
      Array.from({ length: 9 }, (_, i) => incidentFixture(`9${i}`, 'reported', 10 + i, { severity: 4, urgent: false })),
    );
    await wrapper.vm.$nextTick();
    expect(wrapper.findAll('[data-testid="queue-item"]')).toHaveLength(7);
    expect(wrapper.text()).toContain('9 more');
    desk.select({ kind: 'incident', id: '90' });
    await wrapper.vm.$nextTick();
    expect(wrapper.find('[aria-pressed="true"]').attributes('data-incident-id')).toBe('90');
  });
  it('selects on click and keeps a long name whole in its title', async () => {
    const { wrapper, desk } = await show('queue', { locale: 'en' });
    const long = wrapper.find('[data-incident-id="133"]');
    expect(long.find('.type').attributes('title')).toContain('heritage quarter across a fire lane');
    await long.trigger('click');
    expect(desk.selection).toEqual({ kind: 'incident', id: '133' });
  });
  it('says so when nothing waits', async () => {
    expect((await show('queue', { empty: true })).text()).toContain('没有待处置事件');
  });
});

describe('arrivals', () => {
  it('leave the chart alone while what it draws stays equal', async () => {
    const { wrapper } = await show('arrivals');
    const chart = wrapper.findComponent({ name: 'EChartStub' });
    const drawn: unknown = chart.props('option');
    const channels = useChannelStore();
    const first = channels.all[0]!;
    channels.put([{ ...first, rev: first.rev + 1, pending: first.pending + 1 }]);
    await flushPromises();
    expect(chart.props('option')).toBe(drawn);
    channels.put([{ ...first, rev: first.rev + 2, byHour: first.byHour.map((n) => n + 1) }]);
    await flushPromises();
    expect(chart.props('option')).not.toBe(drawn);
  });
});

describe('promises', () => {
  it('shows whose promise it is, its share and median, and never rounds a broken one away', async () => {
    const { at } = await show('promises');
    expect(at('promise-accept').text()).toMatch(/1分钟受理.*滨江承诺/s);
    expect(at('promise-arriveCore').text()).toContain('乌镇承诺');
    expect(at('promise-accept').find('.percent').text()).toBe('98.4%');
  });
});

describe('frame', () => {
  it('keeps a throwing panel to itself and tries again', async () => {
    const { default: PanelFrame } = await import('../../../../renderer/panels/parts/PanelFrame.vue');
    const { defineComponent, h } = await import('vue');
    const { useFaultStore } = await import('../../../../renderer/state/faultStore.ts');
    let broken = true;
    const Fragile = defineComponent(() => () => {
      if (broken) throw new Error('no such channel');
      return h('p', 'alive');
    });
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const shown = await mountPanel(defineComponent(() => () => h(PanelFrame, { title: 'panel.queue' }, { default: () => h(Fragile) })));
    open.push(shown.wrapper);
    await shown.wrapper.vm.$nextTick();
    expect(shown.wrapper.text()).toContain('待处置');
    expect(shown.wrapper.text()).toContain('no such channel');
    expect(useFaultStore().faults.at(-1)?.message).toContain('no such channel');
    broken = false;
    await shown.at('panel-retry').trigger('click');
    expect(shown.wrapper.text()).toBe('alive');
  });
});

describe('diagnostics', () => {
  it('confess what the gateway left out for this wall, and why pictures and calls failed', async () => {
    const before = await show('diagnostics', { locale: 'en' });
    expect(before.at('media-faults').exists()).toBe(false);
    countFault(new MediaFault('unreachable', 'ce07 is offline'), 'ce07');
    const again = await show('diagnostics', { locale: 'en' });
    again.feed.counters.skippedTicks = 17;
    again.feed.counters.serverErrors = 3;
    await again.wrapper.vm.$nextTick();
    expect(again.at('diagnostics-skippedTicks').text()).toBe('17');
    expect(again.at('diagnostics-serverErrors').text()).toBe('3');
    expect(again.at('media-faults').text()).toContain('ce07Cannot be reached · ce07 is offline');
  });

  it('tell how the gateway is, where its facts come from, and what somebody should see to', async () => {
    const shown = await show('diagnostics', {
      locale: 'en',
      capabilities: ['vitals'],
      query: (kind) => ({ ok: true, items: kind === 'vitals' ? [vitals.value] : [] }),
    });
    expect(shown.at('diagnostics-trouble').text()).toContain('source mqtt-town is connecting for 75 s');
    expect(shown.at('diagnostics-journalSize').text()).toBe('1.2 MB');
    expect(shown.at('diagnostics-walls').text()).toBe('1');
    const source = shown.at('diagnostics-source');
    expect(source.text()).toMatch(/mqtt-town mqtt.*Connecting/);
    expect(shown.at('source-refusals').text()).toContain('mqtt-town · town/cars/7');
    expect(shown.at('source-refusals').text()).toContain('Unexpected end of JSON input');
  });

  it('say that a backend does not tell how it is, instead of showing nothing', async () => {
    const shown = await show('diagnostics', { locale: 'en', capabilities: [] });
    expect(shown.at('diagnostics-silence').text()).toBe('This backend does not tell how it is.');
  });
});
