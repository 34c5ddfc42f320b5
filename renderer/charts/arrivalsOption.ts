/** Colours and font of the charts, read from the theme by the caller: a canvas cannot use CSS variables. */
export interface ChartPalette {
  text: string;
  textFaint: string;
  line: string;
  accent: string;
  accentDim: string;
  warn: string;
  font: string;
}

export interface ArrivalsInput {
  /** Arrivals by local hour 0 to 23, all channels together. */
  byHour: readonly number[];
  /** Sum of what the channels expect in a day. */
  expectedPerDay: number;
  /** Local hour with its fraction, 0 to below 24. */
  hourNow: number;
  /** Pixels of one rem: the chart's text grows with the wall. */
  remPx: number;
  labels: { today: string; expected: string; now: string };
  palette: ChartPalette;
}

/** Sums the hourly counts of several channels. */
export function sumByHour(rows: readonly { byHour: readonly number[] }[]): number[] {
  const sum = new Array<number>(24).fill(0);
  for (const row of rows) for (let hour = 0; hour < 24; hour += 1) sum[hour]! += row.byHour[hour] ?? 0;
  return sum;
}

const TOPS = [4, 6, 8, 10, 12, 16, 20, 30] as const;

/** A round, even top of the value axis with some air above the highest bar, so that its half is a whole number too. */
export function axisTop(highest: number): number {
  const wanted = Math.max(4, highest * 1.12);
  for (let power = 1; ; power *= 10) {
    const top = TOPS.find((round) => round * power >= wanted);
    if (top !== undefined) return top * power;
  }
}

/**
 * The day's arrivals: a bar for each hour that has begun (the running hour lighter, as it is not full), a dashed line at the mean that the
 * channels expect (no hourly expectation is published, so none is drawn), and a marker at the present moment.
 */
export function arrivalsOption(input: ArrivalsInput) {
  const { byHour, expectedPerDay, hourNow, remPx, labels, palette } = input;
  const running = Math.floor(hourNow);
  const expected = expectedPerDay / 24;
  const top = axisTop(Math.max(expected, ...byHour));
  const small = Math.round(remPx * 0.8125);
  return {
    animation: false,
    textStyle: { fontFamily: palette.font, fontSize: small, color: palette.textFaint },
    grid: { left: remPx * 1.75, right: remPx * 0.375, top: remPx * 1.5, bottom: remPx * 1.375 },
    xAxis: {
      type: 'value',
      min: 0,
      max: 24,
      interval: 6,
      axisLine: { lineStyle: { color: palette.line, width: remPx / 16 } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        color: palette.textFaint,
        fontSize: small,
        margin: remPx * 0.5,
        formatter: (hour: number) => String(hour).padStart(2, '0'),
      },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: top,
      interval: top / 2,
      splitLine: { lineStyle: { color: palette.line, width: remPx / 16 } },
      axisLabel: { color: palette.textFaint, fontSize: small, margin: remPx * 0.5, showMinLabel: false },
    },
    series: [
      {
        name: labels.today,
        type: 'bar',
        silent: true,
        barWidth: remPx * 0.5625,
        itemStyle: { color: palette.accent, borderRadius: [remPx / 8, remPx / 8, 0, 0] },
        data: byHour.flatMap((count, hour) => {
          if (hour > running) return [];
          return [{ value: [hour + 0.5, count], itemStyle: hour === running ? { color: palette.accentDim } : {} }];
        }),
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          data: [
            {
              name: labels.expected,
              yAxis: expected,
              lineStyle: { color: palette.warn, type: [remPx / 4, remPx / 4], width: remPx / 12 },
              label: { show: false },
            },
            {
              name: labels.now,
              xAxis: hourNow,
              lineStyle: { color: palette.text, type: 'solid', width: remPx / 12 },
              label: { formatter: labels.now, color: palette.text, fontSize: small, position: 'end', distance: remPx * 0.25 },
            },
          ],
        },
      },
    ],
  };
}
