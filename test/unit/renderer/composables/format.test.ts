import { describe, expect, it } from 'vitest';
import { frameTimes } from '../../../../renderer/composables/useFrameTimes.ts';
import { compassPoint, formatKm, lineLengthM } from '../../../../renderer/composables/formatPlace.ts';
import {
  formatAge,
  formatClock,
  formatDate,
  formatLimit,
  formatLongSpan,
  formatSpan,
  sinceMidnightMs,
} from '../../../../renderer/composables/formatTime.ts';
import { createRates } from '../../../../renderer/composables/createRates.ts';
import { createWallI18n } from '../../../../renderer/i18n/index.ts';
import { NOW_MS } from '../panels/factFixture.ts';

const zh = createWallI18n('zh').global.t;
const en = createWallI18n('en').global.t;

describe('time', () => {
  it('is the town’s own', () => {
    expect(formatClock(NOW_MS, 480)).toBe('19:21:05');
    expect(formatClock(NOW_MS, -330)).toBe('05:51:05');
    expect(formatClock(0, -60)).toBe('23:00:00');
    expect(formatDate(NOW_MS, 480, 'zh')).toBe('2026年5月13日 星期三');
    expect(formatDate(NOW_MS, 480, 'en')).toBe('Wednesday 13 May 2026');
    expect(formatDate(Date.UTC(2026, 4, 13, 16, 0), 480, 'en')).toBe('Thursday 14 May 2026');
    expect(sinceMidnightMs(NOW_MS, 480)).toBe(((19 * 60 + 21) * 60 + 5) * 1000);
  });
  it('writes spans', () => {
    expect([0, 999, 61_000, 3_599_000, 3_600_000, -5].map(formatSpan)).toEqual(['00:00', '00:00', '01:01', '59:59', '1:00:00', '00:00']);
    expect(formatLongSpan(59_000, zh)).toBe('00:59');
    expect(formatLongSpan(3_660_000, zh)).toBe('1 时 1 分');
    expect(formatLongSpan(90_000_000, en)).toBe('1 d 1 h');
    expect(formatAge(4200, en)).toBe('4 s');
    expect(formatAge(64_000, en)).toBe('01:04');
  });
  it('writes limits', () => {
    expect(formatLimit({ limitS: 60, workingDays: null }, zh)).toBe('1 分钟');
    expect(formatLimit({ limitS: 86_400, workingDays: null }, zh)).toBe('24 小时');
    expect(formatLimit({ limitS: 1_209_600, workingDays: 3 }, en)).toBe('3 working days');
  });
});

describe('place', () => {
  it('names eighths of the compass', () => {
    expect([0, 22, 23, 90, 180, 315, 337, 338, 359.9].map(compassPoint)).toEqual(['n', 'n', 'ne', 'e', 's', 'nw', 'nw', 'n', 'n']);
  });
  it('writes and measures distance', () => {
    expect([620, 1140, 12_300].map(formatKm)).toEqual(['0.62', '1.1', '12.3']);
    // One degree of latitude is 111.195 km on this sphere.
    expect(
      lineLengthM([
        { lonDeg: 120, latDeg: 30 },
        { lonDeg: 120, latDeg: 31 },
      ]),
    ).toBeCloseTo(111_195, -1);
    expect(lineLengthM([])).toBe(0);
  });
});

it('takes frame times by nearest rank', () => {
  expect(frameTimes([16])).toBeNull();
  const gaps = Array.from({ length: 100 }, (_, i) => i + 1);
  expect(frameTimes(gaps)).toEqual({ medianMs: 50, p95Ms: 95, longestMs: 100 });
});

it('takes rates over the last five seconds', () => {
  const rates = createRates();
  for (let s = 0; s <= 20; s += 1) rates.sample(s * 1000, { fixes: s < 10 ? s * 100 : 1000 + (s - 10) * 10 });
  expect(rates.perSecond.value.fixes).toBe(10);
});
