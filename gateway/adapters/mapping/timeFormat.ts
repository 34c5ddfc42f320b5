import { createPatternReader } from './timePattern.ts';

/** `ms` and `s` since 1970 UTC, `iso` (RFC 3339 with its offset), or a pattern of yyyy MM dd HH mm ss SSS like `yyyyMMddHHmmss`. */
export interface TimeFormat {
  time: string | undefined;
  /** For a pattern, and for ISO times without an offset: what the sender's clock is ahead of UTC. */
  utcOffsetMin: number | undefined;
}

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)\s?(Z|[+-]\d\d:?\d\d)?$/i;

/** @returns what reads such a time into UTC milliseconds (null for what is none), or one line about the format. */
export function compileTimeFormat({ time, utcOffsetMin }: TimeFormat): ((value: unknown) => number | null) | string {
  const iso = (value: unknown): number | null => {
    const match = typeof value === 'string' ? ISO.exec(value.trim()) : null;
    if (!match) return null;
    const [, day, clock, zone] = match;
    if (zone === undefined && utcOffsetMin === undefined) return null;
    const parsed = Date.parse(`${day}T${clock}${zone === undefined ? 'Z' : zone.toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
    if (Number.isNaN(parsed)) return null;
    return zone === undefined ? parsed - utcOffsetMin! * 60_000 : parsed;
  };
  const number = (value: unknown): number | null => {
    const parsed = typeof value === 'number' ? value : typeof value === 'string' && /^\d{1,16}(\.\d+)?$/.test(value) ? Number(value) : NaN;
    return Number.isFinite(parsed) ? parsed : null;
  };
  switch (time) {
    case undefined:
      return (value) => (typeof value === 'number' ? value : iso(value));
    case 'iso':
      return iso;
    case 'ms':
      return number;
    case 's':
      return (value) => {
        const seconds = number(value);
        return seconds === null ? null : Math.round(seconds * 1000);
      };
    default: {
      if (utcOffsetMin === undefined) return 'a pattern of time needs utcOffsetMin, e.g. 480 for China';
      const read = createPatternReader(time);
      if (typeof read === 'string') return read;
      return (value) => {
        const parsed = read(typeof value === 'number' ? String(value) : value);
        return parsed === null ? null : parsed - utcOffsetMin * 60_000;
      };
    }
  }
}
