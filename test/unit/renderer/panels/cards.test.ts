import { flushPromises } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import CallPanel from '../../../../renderer/panels/CallPanel.vue';
import IncidentPanel from '../../../../renderer/panels/IncidentPanel.vue';
import ToastsPanel from '../../../../renderer/panels/ToastsPanel.vue';
import UnitPanel from '../../../../renderer/panels/UnitPanel.vue';
import { MediaFault } from '../../../../renderer/media/mediaFault.ts';
import { useUnitStore } from '../../../../renderer/state/unitStore.ts';
import { useIncidentStore } from '../../../../renderer/state/incidentStore.ts';
import { NOW_MS, incidentFixture } from './factFixture.ts';
import { idleCall, mountPanel } from './mountPanel.ts';
import type { MountOptions } from './mountPanel.ts';

const open: VueWrapper[] = [];
afterEach(() => {
  vi.useRealTimers();
  open.splice(0).forEach((wrapper) => wrapper.unmount());
});
async function card(options: MountOptions = {}) {
  const shown = await mountPanel(IncidentPanel, { select: { kind: 'incident', id: '147' }, ...options });
  open.push(shown.wrapper);
  return shown;
}

describe('incident card', () => {
  it('shows who can be there first, and sends the one that is clicked', async () => {
    const { at, send, query } = await card();
    expect(query).toHaveBeenCalledWith('nearest', { incidentId: '147', limit: 3 });
    expect(at('candidate-0').text()).toContain('综执 07');
    expect(at('candidate-0').text()).toContain('主责 · 0.62 km');
    expect(at('candidate-0').text()).toContain('01:42');
    expect(at('dispatch-0').text()).toContain('派 综执 07');
    expect(at('dispatch-0').classes()).toContain('go');
    expect(at('dispatch-1').classes()).not.toContain('go');
    await at('dispatch-1').trigger('click');
    await flushPromises();
    expect(send).toHaveBeenCalledWith('incident.dispatch', { incidentId: '147', unitIds: ['ce12'] }, expect.objectContaining({ rev: 1 }));
  });
  it('shows whose a mirrored incident is, and that nothing can be done to it here', async () => {
    const { at, control, query, send } = await card({ locale: 'en' });
    const origin = { sourceId: 'east', name: { zh: '东镇', en: 'East Town' } };
    useIncidentStore().put([incidentFixture('147', 'reported', 38, { rev: 2, origin })]);
    await flushPromises();
    query.mockClear();
    expect(at('mirrored').text()).toBe('An incident of East Town: decided there, read only here');
    for (const button of ['accept', 'close-incident', 'tier-major']) expect(at(button).attributes('disabled')).toBeDefined();
    expect(at('dispatch-0').exists()).toBe(false);
    // A key presses what no button shows.
    await control.accept();
    await control.askClose();
    await flushPromises();
    expect(at('refusal').text()).toContain('it belongs to another server and is decided there');
    expect([send.mock.calls, query.mock.calls]).toEqual([[], []]);
  });
  it('speaks English', async () => {
    const { at } = await card({ locale: 'en' });
    expect(at('dispatch-0').text()).toContain('Send CE 07');
    expect(at('incident-card').text()).toContain('Unlicensed road digging');
    expect(at('incident-card').text()).toContain('No. 20260513-0147');
  });
  it('shows a refusal beside the button and keeps it until the next command', async () => {
    const refused = { status: 'rejected', seq: null, error: { code: 'notAvailable', message: 'ce07 is on another call', path: null } };
    const { at, send, desk } = await card({ send: () => refused });
    await at('dispatch-0').trigger('click');
    await flushPromises();
    expect(at('refusal').text()).toContain('被拒绝');
    expect(at('refusal').text()).toContain('ce07 is on another call');
    expect(desk.notices.at(-1)).toMatchObject({ command: 'incident.dispatch', code: 'notAvailable' });
    send.mockImplementation(() => ({ status: 'applied', seq: 2, error: null }));
    await at('dispatch-0').trigger('click');
    await flushPromises();
    expect(at('refusal').exists()).toBe(false);
  });
  it('sends once, however often one clicks', async () => {
    let answer!: (value: unknown) => void;
    const { at, send } = await card({ send: () => new Promise((resolve) => (answer = resolve)) });
    await at('dispatch-0').trigger('click');
    await at('dispatch-0').trigger('click');
    await at('dispatch-1').trigger('click');
    expect(send).toHaveBeenCalledOnce();
    expect(at('dispatch-0').text()).toContain('正在派出');
    answer({ status: 'applied', seq: 1, error: null });
    await flushPromises();
    expect(at('dispatch-0').attributes('disabled')).toBeUndefined();
  });
  it('says that it is working, why it failed, and tries again', async () => {
    let fail = true;
    const { at, wrapper } = await card({
      query: () => (fail ? { ok: false, code: 'timeout', message: 'no answer' } : { ok: true, items: [] }),
    });
    expect(at('nearest-failed').text()).toContain('网关答复超时');
    fail = false;
    await at('nearest-failed').find('button').trigger('click');
    await flushPromises();
    expect(wrapper.text()).toContain('没有可派的力量');
    const waiting = await card({ query: () => new Promise(() => {}) });
    expect(waiting.at('nearest-loading').exists()).toBe(true);
  });
  it('asks again every five seconds, and no more once somebody is sent', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { query } = await card();
    expect(query).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(query).toHaveBeenCalledTimes(3);
    useIncidentStore().put([incidentFixture('147', 'dispatched', 60, { rev: 2 })]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(query).toHaveBeenCalledTimes(3);
  });
  it('steps through the states with their times', async () => {
    const { wrapper } = await card({ select: { kind: 'incident', id: '141' } });
    const steps = wrapper.findAll('.stepper li');
    expect(steps.map((step) => step.find('.name').text())).toEqual([
      '已上报',
      '已受理',
      '已研判',
      '已派单',
      '赶赴中',
      '已到场',
      '已处置',
      '已结案',
    ]);
    expect(steps[4]!.attributes('aria-current')).toBe('step');
    expect(steps[0]!.text()).toContain('19:17:55');
    expect(steps[5]!.find('.time').exists()).toBe(false);
    expect(steps[1]!.attributes('title')).toContain('坐席 03（演示）');
  });
  it('keeps the time at which a state was reached when more units are sent or one of several is called back', async () => {
    const { wrapper } = await card({ select: { kind: 'incident', id: '141' } });
    const times = () => wrapper.findAll('.stepper .time').map((time) => time.text());
    const before = times();
    expect(before).toHaveLength(5);
    const store = useIncidentStore();
    const one = store.byId.get('141')!;
    const later = { ...one.steps.at(-1)!, atMs: NOW_MS };
    const reinforced = [...one.steps, { ...later, state: 'dispatched' as const, unitId: 'ce07' }, { ...later, unitId: 'ce07' }];
    store.put([{ ...one, rev: 2, steps: reinforced }]);
    await flushPromises();
    expect(times()).toEqual(before);
    // The last unit is called back and another one sent: those states are reached anew.
    const again = [...reinforced, { ...later, state: 'triaged' as const }, { ...later, state: 'dispatched' as const }];
    store.put([{ ...one, rev: 3, state: 'dispatched', steps: again }]);
    await flushPromises();
    expect(times()).toEqual([...before.slice(0, 2), '19:21:05', '19:21:05']);
  });
  it('does not say that a unit is on the way before it has set out', async () => {
    const { at } = await card({ select: { kind: 'incident', id: '141' } });
    expect(at('assignment').text()).toContain('赶赴中');
    const store = useIncidentStore();
    const one = store.byId.get('141')!;
    store.put([{ ...one, rev: 2, assignments: [{ ...one.assignments[0]!, setOutAtMs: null }] }]);
    await flushPromises();
    expect(at('assignment').text()).toContain('已派单');
  });
  it('counts down to arrival, recalls, calls and opens video of the unit sent', async () => {
    const { at, send, calls } = await card({ select: { kind: 'incident', id: '141' } });
    expect(at('eta').text()).toBe('01:23');
    expect(at('candidate-0').exists()).toBe(false);
    await at('call-button').trigger('click');
    expect(calls.start).toHaveBeenLastCalledWith(expect.objectContaining({ id: 'ce12' }), 'audio', '141');
    await at('video-button').trigger('click');
    expect(calls.start).toHaveBeenLastCalledWith(expect.objectContaining({ id: 'ce12' }), 'video', '141');
    await at('recall').trigger('click');
    expect(send).toHaveBeenCalledWith('incident.recall', { incidentId: '141', unitId: 'ce12' }, { rev: 1, reason: null });
  });
  it('writes a key on the row that the key means: calling the first, recalling the last', async () => {
    const { wrapper, control, send } = await card({ select: { kind: 'incident', id: '141' } });
    const store = useIncidentStore();
    const one = store.byId.get('141')!;
    const second = { ...one.assignments[0]!, unitId: 'ce07' };
    store.put([{ ...one, rev: one.rev + 1, assignments: [...one.assignments, second] }]);
    await flushPromises();
    const rows = wrapper.findAll('[data-testid="assignment"]');
    expect(rows.map((row) => row.find('[data-testid="call-button"] kbd').exists())).toEqual([true, false]);
    expect(rows.map((row) => row.find('[data-testid="recall"] kbd').exists())).toEqual([false, true]);
    await control.recallLast();
    expect(send).toHaveBeenCalledWith('incident.recall', { incidentId: '141', unitId: 'ce07' }, expect.anything());
  });
  it('closes a handled incident at once and asks for a reason before that', async () => {
    const handled = await card({ select: { kind: 'incident', id: '128' } });
    await handled.at('close-incident').trigger('click');
    await flushPromises();
    expect(handled.send).toHaveBeenCalledWith('incident.close', { incidentId: '128', outcome: 'handled' }, { rev: 1, reason: null });

    const early = await card();
    await early.at('close-incident').trigger('click');
    expect(early.send).not.toHaveBeenCalled();
    await early.at('close-form').trigger('submit');
    expect(early.send).not.toHaveBeenCalled();
    await early.at('close-reason').setValue('filled in again by the owner');
    await early.at('close-form').findAll('[role="radio"]')[1]!.trigger('click');
    await early.at('close-form').trigger('submit');
    await flushPromises();
    expect(early.send).toHaveBeenCalledWith(
      'incident.close',
      { incidentId: '147', outcome: 'selfRectified' },
      { rev: 1, reason: 'filled in again by the owner' },
    );
  });
  it('offers nothing more once it is closed', async () => {
    const { at, wrapper } = await card({ select: { kind: 'incident', id: '1' } });
    expect(at('close-incident').exists()).toBe(false);
    expect(at('dispatch-0').exists()).toBe(false);
    expect(wrapper.text()).toContain('已结案 · 已处置');
  });
  it('changes the tier while nobody is sent', async () => {
    const { at, send } = await card();
    await at('tier-major').trigger('click');
    await flushPromises();
    expect(send).toHaveBeenCalledWith('incident.triage', { incidentId: '147', tier: 'major' }, expect.objectContaining({ rev: 1 }));
    const sent = await card({ select: { kind: 'incident', id: '141' } });
    expect(sent.at('tier-major').attributes('disabled')).toBeDefined();
  });
});

describe('unit card', () => {
  const unit = async (id: string, options: MountOptions = {}) => {
    const shown = await mountPanel(UnitPanel, { select: { kind: 'unit', id }, ...options });
    open.push(shown.wrapper);
    return shown;
  };
  it('says who, whose, how fast, where to, and how old that is', async () => {
    const text = (await unit('ce07')).wrapper.text();
    for (const part of ['综执 07', '综合执法 · 车辆', '30 km/h', '47° 东北', '4 秒 前', '浙F·演07', '陆俊', '无任务'])
      expect(text).toContain(part);
  });
  it('takes speed and signal of somebody who rides from the vehicle', async () => {
    const { wrapper } = await unit('drone99');
    const units = useUnitStore();
    const officer = units.byId.get('officer-023')!;
    // `drone99` is the id for which the fixture knows no position.
    units.put([{ ...officer, id: 'drone99', vehicleId: null }]);
    await flushPromises();
    expect(wrapper.text()).toContain('还没有定位');
    units.put([{ ...officer, id: 'drone99', rev: officer.rev + 1, vehicleId: 'ce07' }]);
    await flushPromises();
    expect(wrapper.text()).toContain('30 km/h');
  });
  it('shows today’s track on the map, hides it, and says why there is none', async () => {
    const points = [
      { lonDeg: 120, latDeg: 30, headingDeg: 0, speedMps: 1, observedAtMs: NOW_MS - 1000 },
      { lonDeg: 120, latDeg: 30.01, headingDeg: 0, speedMps: 1, observedAtMs: NOW_MS },
    ];
    const { at, wrapper, query, control } = await unit('ce07', { query: () => ({ ok: true, items: points }) });
    await at('track-button').trigger('click');
    await flushPromises();
    const midnightMs = Date.UTC(2026, 4, 12, 16);
    expect(query).toHaveBeenCalledWith('track', expect.objectContaining({ unitId: 'ce07', fromMs: midnightMs, toMs: NOW_MS }));
    expect(wrapper.text()).toContain('1.1 km');
    expect(control.track.value).toMatchObject({ kind: 'shown', unitId: 'ce07' });
    await at('track-button').trigger('click');
    expect(control.track.value.kind).toBe('hidden');
    const failing = await unit('ce07', { query: () => ({ ok: false, code: 'disconnected', message: '' }) });
    await failing.at('track-button').trigger('click');
    await flushPromises();
    expect(failing.wrapper.text()).toContain('无法读取轨迹：与网关断开');
  });
  it('opens the camera, and says when there is none', async () => {
    const { at, wrapper } = await unit('officer-023');
    expect(wrapper.find('.video-stub').exists()).toBe(false);
    await at('camera-button').trigger('click');
    expect(wrapper.find('.video-stub').attributes('data-camera')).toBe('body-023');
    const blind = await unit('ce07');
    expect(blind.at('camera-button').attributes('disabled')).toBeDefined();
  });
  it('calls the unit', async () => {
    const { at, calls } = await unit('officer-023');
    await at('call-button').trigger('click');
    expect(calls.start).toHaveBeenCalledWith(expect.objectContaining({ id: 'officer-023' }), 'audio', null);
  });
});

describe('keys that move between cards', () => {
  it('lead from an incident to the unit sent there and back', async () => {
    const { control, desk } = await card({ select: { kind: 'incident', id: '141' } });
    const units = useUnitStore();
    units.put([{ ...units.byId.get('ce12')!, rev: 2, incidentId: '141' }]);
    control.toggleUnit();
    expect(desk.selection).toEqual({ kind: 'unit', id: 'ce12' });
    control.toggleUnit();
    expect(desk.selection).toEqual({ kind: 'incident', id: '141' });
  });
  it('open the body camera of the crew that was sent', async () => {
    const { control, desk } = await card({ select: { kind: 'incident', id: '141' } });
    const units = useUnitStore();
    const crew = [{ unitId: 'officer-023', name: { zh: '陆俊', en: 'Lu Jun' } }];
    units.put([{ ...units.byId.get('ce12')!, rev: 2, crew }]);
    await control.toggleCamera();
    expect(desk.selection).toEqual({ kind: 'unit', id: 'officer-023' });
    expect(control.cameraShown.value).toBe(true);
    await control.toggleCamera();
    expect(control.cameraShown.value).toBe(false);
  });
  it('walk through everybody on duty and round again, each vehicle before its crew', async () => {
    const { control, desk } = await card({ select: { kind: 'incident', id: '141' } });
    const units = useUnitStore();
    const at = () => desk.selection?.id;
    control.moveUnit(1);
    expect(at()).toBe('ce12');
    const walked = [];
    do {
      walked.push(at());
      control.moveUnit(1);
    } while (at() !== 'ce12' && walked.length < 100);
    expect(walked).toHaveLength(units.all.filter((it) => it.status !== 'offline').length);
    control.moveUnit(-1);
    expect(at()).toBe(walked.at(-1));
    units.put([{ ...units.byId.get('officer-023')!, rev: 2, vehicleId: 'ce12' }]);
    const order = units.onDuty.map((it) => it.id);
    expect(order[order.indexOf('ce12') + 1]).toBe('officer-023');
  });
});

describe('call panel', () => {
  const panel = async (call: MountOptions['call'], options: MountOptions = {}) => {
    const shown = await mountPanel(CallPanel, { ...options, call: call! });
    open.push(shown.wrapper);
    return shown;
  };
  it('rings, counts, mutes and hangs up', async () => {
    const { at, calls, wrapper } = await panel({ kind: 'ringing', unitId: 'ce07', callId: 'c', startedAtMs: NOW_MS });
    expect(at('call-state').text()).toBe('正在呼叫');
    expect(at('call-timer').exists()).toBe(false);
    calls.state.value = { ...calls.state.value, kind: 'connected', connectedAtMs: NOW_MS - 65_000 };
    await wrapper.vm.$nextTick();
    expect(at('call-state').text()).toBe('通话中');
    expect(at('call-timer').text()).toBe('01:05');
    await at('mute').trigger('click');
    expect(calls.toggleMute).toHaveBeenCalledOnce();
    await at('hang-up').trigger('click');
    expect(calls.hangUp).toHaveBeenCalledOnce();
  });
  it('says in words why a call failed, and goes away', async () => {
    const { at, calls, control } = await panel(
      { kind: 'ended', unitId: 'ce07', fault: new MediaFault('unreachable', 'sim:ce07 is offline'), endedAtMs: NOW_MS },
      { locale: 'en' },
    );
    expect(at('call-state').text()).toBe('Cannot be reached');
    expect(at('call-panel').text()).not.toContain('sim:ce07');
    await at('call-dismiss').trigger('click');
    expect(calls.clear).toHaveBeenCalledOnce();
    expect(at('call-dismiss').find('kbd').text()).toBe('X');
    control.hangUp();
    expect(calls.clear).toHaveBeenCalledTimes(2);
  });
  it('is not there while nobody calls', async () => {
    expect((await panel(idleCall)).at('call-panel').exists()).toBe(false);
  });
});

describe('toasts', () => {
  it('tell a refused command in words, go away by themselves, and can be dismissed', async () => {
    const shown = await mountPanel(ToastsPanel);
    open.push(shown.wrapper);
    shown.desk.notify('command', 'conflict', 'incident.close', 'rev 3, not 2');
    await shown.wrapper.vm.$nextTick();
    expect(shown.at('toast').text()).toContain('结案未执行');
    expect(shown.at('toast').text()).toContain('事件已被他人改动 · rev 3, not 2');
    await shown.at('toast').find('button').trigger('click');
    expect(shown.at('toast').exists()).toBe(false);
  });
  it('stay as long in a scene that is played fast, and not for hours after a return to an earlier journal', async () => {
    const shown = await mountPanel(ToastsPanel);
    open.push(shown.wrapper);
    shown.feed.clockRate = 60;
    shown.desk.notices = [{ id: 1, kind: 'command', code: 'expired', command: null, message: null, atMs: NOW_MS - 11_000 * 60 }];
    await flushPromises();
    expect(shown.at('toast').exists()).toBe(true);
    shown.desk.notices = [{ id: 2, kind: 'command', code: 'expired', command: null, message: null, atMs: NOW_MS + 3_600_000 }];
    await flushPromises();
    expect(shown.at('toast').exists()).toBe(false);
  });
  it('tell that a second call must wait for the first', async () => {
    const shown = await mountPanel(ToastsPanel, { select: { kind: 'unit', id: 'officer-023' } });
    open.push(shown.wrapper);
    shown.calls.start.mockResolvedValue(new MediaFault('busy', 'a call with ce12 is running'));
    shown.control.call('audio');
    await flushPromises();
    expect(shown.at('toast').text()).toContain('已有通话进行中');
  });
});
