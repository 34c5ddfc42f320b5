const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

const pad = (value: number): string => String(value).padStart(2, '0');

/** Wall time of the town as `HH:MM:SS`. `utcOffsetMin` is the town's offset from UTC in minutes. */
export function formatClock(atMs: number, utcOffsetMin: number): string {
  const second = Math.floor(atMs / 1000) + utcOffsetMin * MINUTE_S;
  const ofDay = ((second % DAY_S) + DAY_S) % DAY_S;
  return `${pad(Math.floor(ofDay / HOUR_S))}:${pad(Math.floor((ofDay % HOUR_S) / MINUTE_S))}:${pad(ofDay % MINUTE_S)}`;
}

/** Date and weekday of the town in the reader's language: `2026年5月13日 星期三`, `Wednesday, 13 May 2026`. */
export function formatDate(atMs: number, utcOffsetMin: number, locale: 'zh' | 'en'): string {
  const shifted = new Date(atMs + utcOffsetMin * MINUTE_S * 1000);
  const parts = { year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' } as const;
  const date = new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', parts).format(shifted);
  const weekday = new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', { weekday: 'long', timeZone: 'UTC' }).format(shifted);
  return locale === 'zh' ? `${date} ${weekday}` : `${weekday} ${date}`;
}

/** Milliseconds since the town's last midnight. */
export function sinceMidnightMs(atMs: number, utcOffsetMin: number): number {
  const dayMs = DAY_S * 1000;
  const local = atMs + utcOffsetMin * MINUTE_S * 1000;
  return ((local % dayMs) + dayMs) % dayMs;
}

/** A span as `MM:SS`, or `H:MM:SS` from one hour. Negative and unfinished spans count as nothing. */
export function formatSpan(spanMs: number): string {
  const second = Math.max(0, Math.floor(spanMs / 1000));
  const rest = `${pad(Math.floor((second % HOUR_S) / MINUTE_S))}:${pad(second % MINUTE_S)}`;
  return second < HOUR_S ? rest : `${Math.floor(second / HOUR_S)}:${rest}`;
}

/** `Translate` is vue-i18n's `t`, narrowed to what these functions need. */
export type Translate = (key: string, named: Record<string, unknown>) => string;

/** A span that may last days: `MM:SS` below an hour, then hours and minutes, then days and hours in words. */
export function formatLongSpan(spanMs: number, t: Translate): string {
  const second = Math.max(0, Math.floor(spanMs / 1000));
  if (second < HOUR_S) return formatSpan(spanMs);
  if (second < DAY_S) return t('time.hours', { h: Math.floor(second / HOUR_S), m: Math.floor((second % HOUR_S) / MINUTE_S) });
  return t('time.days', { d: Math.floor(second / DAY_S), h: Math.floor((second % DAY_S) / HOUR_S) });
}

/** An age in words: seconds below a minute, then as a long span. */
export function formatAge(ageMs: number, t: Translate): string {
  return ageMs < MINUTE_S * 1000 ? t('time.seconds', { s: Math.max(0, Math.round(ageMs / 1000)) }) : formatLongSpan(ageMs, t);
}

/** The limit of a promise in words: working days where it counts those, else minutes or hours. */
export function formatLimit(promise: { limitS: number; workingDays: number | null }, t: Translate): string {
  if (promise.workingDays !== null) return t('time.workingDays', { n: promise.workingDays });
  if (promise.limitS >= HOUR_S) return t('time.hoursOnly', { h: Number((promise.limitS / HOUR_S).toFixed(1)) });
  return t('time.minutesOnly', { m: Number((promise.limitS / MINUTE_S).toFixed(1)) });
}
