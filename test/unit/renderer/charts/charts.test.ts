import { describe, expect, it, vi } from 'vitest';
import { arrivalsOption, axisTop, sumByHour } from '../../../../renderer/charts/arrivalsOption.ts';
import { createChartTurns } from '../../../../renderer/charts/chartTurns.ts';
import { sparklinePath } from '../../../../renderer/charts/sparkline.ts';

const palette = { text: '#fff', textFaint: '#999', line: '#333', accent: '#0aa', accentDim: '#055', warn: '#fa0', font: 'x' };
const labels = { today: 'Today', expected: 'Mean', now: 'Now' };
const hours = (...head: number[]): number[] => [...head, ...new Array<number>(24 - head.length).fill(0)];

describe('arrivals', () => {
  it('sums the hours of all channels', () => {
    expect(sumByHour([{ byHour: hours(1, 2) }, { byHour: hours(10, 0, 5) }]).slice(0, 4)).toEqual([11, 2, 5, 0]);
    expect(sumByHour([])).toHaveLength(24);
  });
  it.each([
    [0, 4],
    [4, 6],
    [11, 16],
    [45, 60],
    [52, 60],
    [89, 100],
    [90, 120],
  ])('chooses a round top above %i: %i', (highest, top) => expect(axisTop(highest)).toBe(top));
  it('draws hours that have begun, the running one apart, the mean and the present', () => {
    const option = arrivalsOption({ byHour: hours(3, 4, 5, 9), expectedPerDay: 240, hourNow: 2.5, remPx: 16, labels, palette });
    const [bars] = option.series;
    expect(bars!.data.map((d) => d.value)).toEqual([
      [0.5, 3],
      [1.5, 4],
      [2.5, 5],
    ]);
    expect(bars!.data[2]!.itemStyle).toEqual({ color: palette.accentDim });
    expect(bars!.markLine.data[0]).toMatchObject({ yAxis: 10 });
    expect(bars!.markLine.data[1]).toMatchObject({ xAxis: 2.5 });
    expect(option.yAxis.max).toBeGreaterThanOrEqual(10);
  });
  it('grows its text with the wall', () => {
    const at = (remPx: number) =>
      arrivalsOption({ byHour: hours(1), expectedPerDay: 1, hourNow: 1, remPx, labels, palette }).textStyle.fontSize;
    expect(at(32)).toBe(at(16) * 2);
  });
});

describe('sparkline', () => {
  it('ends at the running hour and stays inside its box', () => {
    const { line, area } = sparklinePath(hours(0, 5, 10), 2, 120, 30);
    const points = line
      .slice(1)
      .split('L')
      .map((p) => p.split(' ').map(Number));
    expect(points).toHaveLength(3);
    expect(points[2]![0]).toBeCloseTo((2 / 23) * 120, 1);
    for (const [, y] of points) expect(y).toBeGreaterThanOrEqual(0);
    expect(area.endsWith('L0 30Z')).toBe(true);
  });
  it('draws nothing for nothing', () => expect(sparklinePath([], 5, 120, 30)).toEqual({ line: '', area: '' }));
  it('is flat when nothing came', () => expect(sparklinePath(hours(), 1, 23, 30).line).toBe('M0.0 29.0L1.0 29.0'));
});

describe('chart turns', () => {
  function frames() {
    const queue: (() => void)[] = [];
    const turns = createChartTurns(
      (callback) => queue.push(callback),
      () => void queue.pop(),
    );
    return { turns, queue, frame: () => queue.shift()?.() };
  }
  it('draws one chart a frame', () => {
    const { turns, frame } = frames();
    const drawn: number[] = [];
    [1, 2, 3].forEach((n) => turns.request({}, () => drawn.push(n)));
    frame();
    expect(drawn).toEqual([1]);
    frame();
    frame();
    expect(drawn).toEqual([1, 2, 3]);
    expect(turns.waiting()).toBe(0);
  });
  it('keeps only the newest wish of a chart', () => {
    const { turns, frame } = frames();
    const owner = {};
    const [old, fresh] = [vi.fn(), vi.fn()];
    turns.request(owner, old);
    turns.request(owner, fresh);
    frame();
    expect(old).not.toHaveBeenCalled();
    expect(fresh).toHaveBeenCalledOnce();
  });
  it('goes on after a chart that throws', () => {
    const { turns, frame } = frames();
    const drawn = vi.fn();
    turns.request({}, () => {
      throw new Error('bad option');
    });
    turns.request({}, drawn);
    expect(frame).toThrow('bad option');
    frame();
    expect(drawn).toHaveBeenCalledOnce();
  });
  it('forgets a chart that was closed', () => {
    const { turns, queue } = frames();
    const owner = {};
    turns.request(owner, () => {});
    turns.cancel(owner);
    expect(queue).toHaveLength(0);
  });
});
